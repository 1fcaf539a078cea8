//! Certificates: which of their keys may sign, and until when.

use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{
    Packet, PacketParser, PublicKey, PublicSubkey, Signature, SignatureConfig, SignatureType, SubpacketData,
    UserAttribute, UserId,
};
use pgp::ser::Serialize;
use pgp::types::{EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, KeyVersion, PublicParams, Tag};

use super::armored;
use crate::signature::ssh::RSA_BITS;

/// An OpenPGP certificate: a primary key with its user ids, subkeys and their signatures, judged once.
#[derive(Debug, Clone)]
pub struct Certificate {
    fingerprint: String,
    user_ids: Vec<String>,
    pub(super) keys: Vec<Key>,
}

/// A primary key or subkey.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub packet: AnyKey,
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// The older name of the key, 8 bytes.
    pub short_id: Vec<u8>,
    /// Seconds since the epoch.
    pub created: i64,
    /// First second at which it has expired.
    pub expires: Option<i64>,
    pub standing: Standing,
}

#[derive(Debug, Clone)]
pub(super) enum AnyKey {
    Primary(PublicKey),
    Sub(PublicSubkey),
}

/// What the certificate itself says of a key, apart from time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    MaySign,
    Weak(String),
    Revoked(String),
    /// Meant for encryption or for certifying other keys only.
    NotForSigning,
    /// Not bound to the primary key.
    Unfit(String),
    Unsupported(String),
}

impl Certificate {
    /// Reads one or more certificates, armored (`PGP PUBLIC KEY BLOCK`) or binary; the error is a sentence without a full
    /// stop.
    pub fn parse(armored_or_binary: &[u8]) -> Result<Vec<Self>, String> {
        let bytes = if armored_or_binary.trim_ascii_start().starts_with(b"-----BEGIN ") {
            let blocks = armored::blocks(armored_or_binary, "PGP PUBLIC KEY BLOCK");
            blocks.ok_or("the armor of the OpenPGP certificate is damaged, or holds something else")?.concat()
        } else {
            armored_or_binary.to_vec()
        };
        let mut parts: Vec<Parts> = Vec::new();
        for packet in PacketParser::new(bytes.as_slice()) {
            match packet.map_err(|_| "the OpenPGP certificate is damaged or of an unknown kind")? {
                Packet::PublicKey(key) => parts.push(Parts::new(key)),
                Packet::SecretKey(_) => return Err("this is a secret key; only public keys belong here".into()),
                other => match parts.last_mut() {
                    Some(part) => part.push(other)?,
                    None => return Err("this is no OpenPGP certificate".into()),
                },
            }
        }
        let found: Vec<Self> = parts.into_iter().map(Parts::judge).collect();
        if found.is_empty() { Err("this is no OpenPGP certificate".into()) } else { Ok(found) }
    }

    /// Fingerprint of the primary key, upper-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether one of its keys may sign and has not expired at a moment, in seconds since the epoch.
    pub fn can_sign(&self, at: i64) -> bool {
        self.keys.iter().any(|key| key.standing == Standing::MaySign && key.expires.is_none_or(|end| at < end))
    }

    /// User ids as text, in their order, those that the primary key certified and did not revoke.
    pub fn user_ids(&self) -> Vec<String> {
        self.user_ids.clone()
    }
}

/// The packets of one certificate, each with the signatures that follow it.
struct Parts {
    primary: PublicKey,
    /// Signatures over the primary key itself, wherever they stand.
    own: Vec<Signature>,
    users: Vec<(UserId, Vec<Signature>)>,
    attributes: Vec<(UserAttribute, Vec<Signature>)>,
    subkeys: Vec<(PublicSubkey, Vec<Signature>)>,
    last: Last,
}

#[derive(Clone, Copy)]
enum Last {
    Primary,
    User,
    Attribute,
    Subkey,
}

impl Parts {
    fn new(primary: PublicKey) -> Self {
        let (own, users, attributes, subkeys) = Default::default();
        Self { primary, own, users, attributes, subkeys, last: Last::Primary }
    }

    fn push(&mut self, packet: Packet) -> Result<(), String> {
        match packet {
            Packet::UserId(id) => {
                self.users.push((id, Vec::new()));
                self.last = Last::User;
            }
            Packet::UserAttribute(attribute) => {
                self.attributes.push((attribute, Vec::new()));
                self.last = Last::Attribute;
            }
            Packet::PublicSubkey(key) => {
                self.subkeys.push((key, Vec::new()));
                self.last = Last::Subkey;
            }
            Packet::Signature(signature) => self.sign(signature),
            Packet::Trust(_) | Packet::Marker(_) | Packet::Padding(_) => {}
            _ => return Err("the OpenPGP certificate holds a packet that does not belong there".into()),
        }
        Ok(())
    }

    fn sign(&mut self, signature: Signature) {
        // A revocation of the key counts wherever it stands.
        let of_primary = matches!(signature.typ(), Some(SignatureType::KeyRevocation | SignatureType::Key));
        let place = match self.last {
            _ if of_primary => Some(&mut self.own),
            Last::Primary => Some(&mut self.own),
            Last::User => self.users.last_mut().map(|(_, signatures)| signatures),
            Last::Attribute => self.attributes.last_mut().map(|(_, signatures)| signatures),
            Last::Subkey => self.subkeys.last_mut().map(|(_, signatures)| signatures),
        };
        if let Some(place) = place {
            place.push(signature);
        }
    }

    fn judge(self) -> Certificate {
        let users: Vec<(&UserId, Binding<'_>)> =
            self.users.iter().map(|(id, signatures)| (id, self.user(id, signatures))).collect();
        let direct = Binding::of(
            self.own.iter().filter(|s| s.typ() == Some(SignatureType::Key) && s.verify_key(&self.primary).is_ok()),
            None,
        );
        let mut bindings: Vec<&Binding<'_>> = users.iter().map(|(_, binding)| binding).collect();
        bindings.push(&direct);
        let primary = self.primary_key(&bindings);
        let user_ids = users.iter().filter(|(_, b)| b.newest.is_some() && b.revoked.is_none());
        let user_ids = user_ids.map(|(id, _)| String::from_utf8_lossy(id.id()).into_owned()).collect();
        let mut keys: Vec<Key> = self.subkeys.iter().map(|(key, found)| self.subkey(key, found, &primary)).collect();
        let fingerprint = primary.fingerprint.clone();
        keys.insert(0, primary);
        Certificate { fingerprint, user_ids, keys }
    }

    fn user<'a>(&self, id: &UserId, signatures: &'a [Signature]) -> Binding<'a> {
        let own = |s: &&Signature| s.verify_certification(&self.primary, Tag::UserId, id).is_ok();
        let (revocations, certifications): (Vec<_>, Vec<_>) =
            signatures.iter().filter(own).partition(|s| s.typ() == Some(SignatureType::CertRevocation));
        // A user id may be certified anew after a revocation; revocations of keys are for ever.
        let revoked = revocations.into_iter().max_by_key(|s| created(s));
        let binding = Binding::of(certifications.into_iter(), None);
        let revoked = revoked.filter(|r| binding.newest.is_none_or(|n| created(n) <= created(r)));
        Binding { revoked, ..binding }
    }

    fn primary_key(&self, bindings: &[&Binding<'_>]) -> Key {
        let created = seconds(&self.primary);
        let live: Vec<&Signature> = bindings.iter().filter(|b| b.revoked.is_none()).filter_map(|b| b.newest).collect();
        // Of several self-signatures the newest says what the key is for, and the earliest end counts: extending a key
        // renews all of them.
        let flags = live.iter().filter(|s| has_flags(s)).max_by_key(|s| self::created(s));
        let newest_user = bindings.iter().rev().skip(1).filter(|b| b.revoked.is_none()).filter_map(|b| b.newest);
        let newest_user = newest_user.max_by_key(|s| self::created(s));
        let direct = bindings.last().and_then(|b| b.newest);
        let expires = [newest_user, direct].into_iter().flatten().filter_map(|s| expiry(s, created)).min();
        let by_kind = standing(&self.primary, flags.is_some_and(|s| s.key_flags().sign()));
        let standing = if let Some(reason) = self.revoked() {
            Standing::Revoked(reason)
        } else if matches!(by_kind, Standing::Unsupported(_)) {
            by_kind
        } else if live.is_empty() {
            match bindings.iter().find_map(|b| b.weak.as_ref()) {
                _ if bindings.iter().any(|b| b.revoked.is_some()) => {
                    Standing::Revoked("every user id of the key is revoked".into())
                }
                Some(reason) => Standing::Weak(reason.clone()),
                None => Standing::Unfit("the key has not certified itself".into()),
            }
        } else {
            by_kind
        };
        key(AnyKey::Primary(self.primary.clone()), &self.primary, expires, standing)
    }

    /// Why the primary key is revoked.
    fn revoked(&self) -> Option<String> {
        let revocations = || self.own.iter().filter(|s| s.typ() == Some(SignatureType::KeyRevocation));
        if let Some(own) = revocations().find(|s| s.verify_key(&self.primary).is_ok()) {
            return Some(format!("the key is revoked: {}", why(own)));
        }
        // Someone the owner named may revoke too. Their key is not at hand, so their word is taken.
        let named = self.own.iter().filter(|s| s.typ() == Some(SignatureType::Key));
        let named: Vec<&[u8]> = named.filter_map(|s| s.revocation_key()).map(|k| k.fingerprint.as_slice()).collect();
        let by_named = revocations().any(|s| {
            let mut issuers = s.issuer_fingerprint().into_iter().map(|f| f.as_bytes().to_vec());
            let mut ids = s.issuer_key_id().into_iter().map(|i| i.as_ref().to_vec());
            issuers.any(|f| named.contains(&f.as_slice())) || ids.any(|id| named.iter().any(|n| n.ends_with(&id)))
        });
        by_named.then(|| "someone its owner named has revoked the key".into())
    }

    fn subkey(&self, subkey: &PublicSubkey, signatures: &[Signature], primary: &Key) -> Key {
        let own = signatures.iter().filter(|s| s.verify_subkey_binding(&self.primary, subkey).is_ok());
        let (revocations, bindings): (Vec<_>, Vec<_>) =
            own.partition(|s| s.typ() == Some(SignatureType::SubkeyRevocation));
        let binding = Binding::of(bindings.into_iter(), revocations.first().copied());
        let expires = binding.newest.and_then(|s| expiry(s, seconds(subkey)));
        let expires = [expires, primary.expires].into_iter().flatten().min();
        let standing = self.bound(subkey, &binding, &primary.standing);
        key(AnyKey::Sub(subkey.clone()), subkey, expires, standing)
    }

    fn bound(&self, subkey: &PublicSubkey, binding: &Binding<'_>, primary: &Standing) -> Standing {
        let Some(newest) = binding.newest else {
            return binding
                .weak
                .clone()
                .map_or_else(|| Standing::Unfit("the subkey is not bound to its primary key".into()), Standing::Weak);
        };
        let signs = newest.key_flags().sign();
        // The subkey must agree, else anyone could claim another's signatures. This comes first: a stranger's certificate
        // must not revoke the key either.
        if let Some(standing) = self.disagrees(subkey, newest).filter(|_| signs) {
            return standing;
        }
        match (primary, binding.revoked) {
            (Standing::Revoked(reason), _) => Standing::Revoked(reason.clone()),
            (_, Some(revocation)) => Standing::Revoked(format!("the subkey is revoked: {}", why(revocation))),
            (Standing::Weak(reason), _) => Standing::Weak(format!("of the primary key, {reason}")),
            (Standing::Unfit(_) | Standing::Unsupported(_), _) => primary.clone(),
            // A primary key for certifying only is the usual case.
            (Standing::MaySign | Standing::NotForSigning, None) => standing(subkey, signs),
        }
    }

    /// Why the subkey's signature in return does not count; none when it does.
    fn disagrees(&self, subkey: &PublicSubkey, binding: &Signature) -> Option<Standing> {
        let holds = |b: &&Signature| uncritical(b) && b.verify_primary_key_binding(subkey, &self.primary).is_ok();
        match binding.embedded_signature().filter(holds) {
            Some(back) if strong(back) => None,
            Some(_) => {
                let reason = "the subkey signed its primary key in return with an old digest such as SHA-1";
                Some(Standing::Weak(reason.into()))
            }
            None => Some(Standing::Unfit("the subkey has not signed its primary key in return".into())),
        }
    }
}

/// The newest valid self-signature over a part of the certificate.
struct Binding<'a> {
    newest: Option<&'a Signature>,
    revoked: Option<&'a Signature>,
    /// Why the only ones found are too weak.
    weak: Option<String>,
}

impl<'a> Binding<'a> {
    /// From signatures whose mathematics hold.
    fn of(signatures: impl Iterator<Item = &'a Signature>, revoked: Option<&'a Signature>) -> Self {
        let (fit, unfit): (Vec<_>, Vec<_>) = signatures.partition(|s| strong(s) && uncritical(s));
        let weak =
            unfit.iter().find(|s| !strong(s)).map(|_| "its own signatures use an old digest such as SHA-1".into());
        Self { newest: fit.into_iter().max_by_key(|s| created(s)), revoked, weak }
    }
}

fn key(packet: AnyKey, details: &impl KeyDetails, expires: Option<i64>, standing: Standing) -> Key {
    Key {
        packet,
        fingerprint: format!("{:X}", details.fingerprint()),
        short_id: details.legacy_key_id().as_ref().to_vec(),
        created: seconds(details),
        expires,
        standing,
    }
}

fn seconds(key: &impl KeyDetails) -> i64 {
    i64::from(key.created_at().as_secs())
}

fn created(signature: &Signature) -> i64 {
    signature.created().map_or(0, |at| i64::from(at.as_secs()))
}

/// When a key made at `made` expires by this self-signature, or the self-signature itself.
fn expiry(signature: &Signature, made: i64) -> Option<i64> {
    let key = signature.key_expiration_time().map(|d| (made, d));
    let own = signature.signature_expiration_time().map(|d| (created(signature), d));
    let ends = [key, own].into_iter().flatten().filter(|(_, d)| d.as_secs() > 0);
    ends.map(|(from, d)| from + i64::from(d.as_secs())).min()
}

fn has_flags(signature: &Signature) -> bool {
    let mut subpackets = signature.config().into_iter().flat_map(SignatureConfig::hashed_subpackets);
    subpackets.any(|s| matches!(s.data, SubpacketData::KeyFlags(_)))
}

fn why(revocation: &Signature) -> String {
    let reason = revocation.revocation_reason_code().map_or("its owner gave no reason", |code| match u8::from(*code) {
        1 => "it is superseded",
        2 => "its secret may be in other hands",
        3 => "it is retired",
        _ => "its owner gave no reason",
    });
    reason.to_owned()
}

/// Digests that count, also inside certificates.
pub(super) fn strong(signature: &Signature) -> bool {
    matches!(signature.hash_alg(), Some(HashAlgorithm::Sha256 | HashAlgorithm::Sha384 | HashAlgorithm::Sha512))
}

/// Whether there is nothing in it that its maker declared essential and that smsctl does not know.
pub(super) fn uncritical(signature: &Signature) -> bool {
    let config = signature.config();
    let mut all = config.into_iter().flat_map(|c| c.hashed_subpackets().chain(c.unhashed_subpackets()));
    all.all(|s| {
        let unknown =
            matches!(s.data, SubpacketData::Other(..) | SubpacketData::Experimental(..) | SubpacketData::Notation(_));
        !(s.is_critical && unknown)
    })
}

/// Standing by the kind of key, when all else is well.
fn standing(key: &impl KeyDetails, signs: bool) -> Standing {
    if !matches!(key.version(), KeyVersion::V4 | KeyVersion::V6) {
        return Standing::Weak("the key is of an old version".into());
    }
    let may_sign = if signs { Standing::MaySign } else { Standing::NotForSigning };
    match key.public_params() {
        PublicParams::RSA(rsa) => match rsa_bits(rsa) {
            bits if bits < RSA_BITS => {
                Standing::Weak(format!("its RSA key has {bits} bits, {RSA_BITS} are the fewest that count"))
            }
            _ => may_sign,
        },
        PublicParams::DSA(_) => Standing::Weak("its key is of the kind DSA".into()),
        PublicParams::ECDSA(EcdsaPublicParams::P256 { .. } | EcdsaPublicParams::P384 { .. }) => may_sign,
        PublicParams::Ed25519(params) if !params.key.is_weak() => may_sign,
        PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Ed25519 { key }) if !key.is_weak() => may_sign,
        _ => Standing::Unsupported("keys of this kind are not supported".into()),
    }
}

/// Bits of the modulus: the number that stands before it on the wire.
fn rsa_bits(params: &impl Serialize) -> usize {
    let mut wire = Vec::new();
    let written = params.to_writer(&mut wire);
    match wire.first_chunk::<2>() {
        Some(bits) if written.is_ok() => usize::from(u16::from_be_bytes(*bits)),
        _ => 0,
    }
}
