//! Signatures as `ssh-keygen -Y sign` makes them (the format SSHSIG), and SSH public keys.

use sha2::{Digest, Sha256};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, Signature, SshSig};

use super::encoding::{Wire, base64, base64_plain};
use super::key::{Armor, KeyId, Verdict, armor};

/// Fewest bits of an RSA modulus that count.
pub const RSA_BITS: usize = 3072;
/// Most bits of an RSA modulus that the arithmetic underneath takes.
const RSA_MOST_BITS: usize = 4096;

/// Verifies an armored SSHSIG over the payload, made for this namespace (`git`, `smsctl-approval`).
///
/// Good means: the mathematics hold, the namespace is the one asked for, and key and digest are of the kinds that count
/// (Ed25519 and ECDSA P-256, also on a security key that was touched; ECDSA P-384; RSA from 3072 bits with SHA-2). Which person
/// the key belongs to, and until when, is the caller's business.
pub fn verify(payload: &[u8], armored: &[u8], namespace: &str) -> Verdict {
    if armor(armored) != Armor::Ssh {
        return Verdict::Bad("this is no SSH signature".into());
    }
    match Parts::read(armored) {
        Ok(parts) => parts.verify(payload, namespace),
        Err(reason) => Verdict::Bad(reason.into()),
    }
}

/// The key that an armored SSHSIG says it was made by, unproven.
pub fn claimed_key(armored: &[u8]) -> Option<KeyId> {
    Parts::read(armored).ok().map(|parts| key_id(&parts.key))
}

/// The fields of an SSHSIG.
struct Parts {
    key: Vec<u8>,
    namespace: Vec<u8>,
    hash: HashAlg,
    signature: Vec<u8>,
}

impl Parts {
    fn read(armored: &[u8]) -> Result<Self, &'static str> {
        if armored.contains(&b'\r') {
            return Err(
                "its lines end in CRLF, which `ssh-keygen` refuses; Git changed them where the file was committed",
            );
        }
        let blob = blob(armored).ok_or("the armor of the SSH signature is damaged")?;
        let mut wire = Wire(&blob);
        if wire.take(6) != Some(b"SSHSIG") {
            return Err("the SSH signature does not begin as one");
        }
        if wire.number() != Some(1) {
            return Err("the SSH signature is of another version");
        }
        let damaged = "the SSH signature is damaged";
        let mut field = || wire.string().map(<[u8]>::to_vec).ok_or(damaged);
        let (key, namespace, reserved, hash, signature) = (field()?, field()?, field()?, field()?, field()?);
        if !wire.0.is_empty() {
            return Err("there is data behind the SSH signature");
        }
        if !reserved.is_empty() {
            return Err("the SSH signature uses a reserved field");
        }
        let hash = match hash.as_slice() {
            b"sha256" => HashAlg::Sha256,
            b"sha512" => HashAlg::Sha512,
            _ => return Err("the SSH signature uses a digest other than SHA-256 and SHA-512"),
        };
        Ok(Self { key, namespace, hash, signature })
    }

    fn verify(&self, payload: &[u8], namespace: &str) -> Verdict {
        if self.namespace != namespace.as_bytes() {
            let made_for: String = String::from_utf8_lossy(&self.namespace).chars().take(40).collect();
            return Verdict::Bad(format!(
                "it was made for the purpose \"{}\", not for \"{namespace}\"",
                made_for.escape_default()
            ));
        }
        let id = key_id(&self.key);
        let key = match read_key(&self.key) {
            Ok(key) => key,
            Err(reason) => return Verdict::Unverifiable(reason),
        };
        match trouble(&key) {
            Some(Trouble::Weak(reason)) if !verifiable(&key) => return Verdict::Weak { key: id, reason },
            Some(Trouble::Unsupported(reason)) => return Verdict::Unverifiable(reason),
            _ => {}
        }
        let Some(signature) = read_signature(&self.signature) else {
            return Verdict::Bad("the SSH signature uses SHA-1, or is damaged".into());
        };
        if !self.holds(&key, &signature, namespace, payload) {
            return Verdict::Bad("the signature does not fit the signed text".into());
        }
        if let Some(Trouble::Weak(reason)) = trouble(&key) {
            return Verdict::Weak { key: id, reason };
        }
        if matches!(key, KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)) && !touched(&signature) {
            let reason = "the security key signed without being touched".into();
            return Verdict::Weak { key: id, reason };
        }
        Verdict::Good { key: id, signed_with: None, claimed_time: None }
    }

    fn holds(&self, key: &KeyData, signature: &Signature, namespace: &str, payload: &[u8]) -> bool {
        let public = ssh_key::PublicKey::new(key.clone(), "");
        SshSig::new(key.clone(), namespace, self.hash, signature.clone())
            .is_ok_and(|whole| public.verify(namespace, payload, &whole).is_ok())
    }
}

/// The bytes in the armor; `None` when there is anything else in it or around it.
fn blob(armored: &[u8]) -> Option<Vec<u8>> {
    let text = armored.trim_ascii_end();
    let inner = text.strip_prefix(b"-----BEGIN SSH SIGNATURE-----")?.strip_suffix(b"-----END SSH SIGNATURE-----")?;
    (inner.starts_with(b"\n") && inner.ends_with(b"\n")).then(|| base64(inner)).flatten()
}

fn read_signature(bytes: &[u8]) -> Option<Signature> {
    let signature = Signature::try_from(bytes).ok()?;
    // Written again it must be the same, else there was data behind it.
    let again = match signature.algorithm() {
        // The library reads these and writes them otherwise.
        kind @ Algorithm::SkEcdsaSha2NistP256 => {
            let (numbers, flags) = signature.as_bytes().split_last_chunk::<5>()?;
            [string(kind.as_str().as_bytes())?, string(numbers)?, flags.to_vec()].concat()
        }
        _ => Vec::<u8>::try_from(signature.clone()).ok()?,
    };
    (again == bytes).then_some(signature)
}

/// A string of SSH's wire format.
fn string(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(bytes.len()).ok()?;
    Some([&length.to_be_bytes()[..], bytes].concat())
}

/// User presence is the lowest bit of the flags, which stand before the counter of four bytes.
fn touched(signature: &Signature) -> bool {
    signature.as_bytes().iter().rev().nth(4).is_some_and(|flags| flags & 1 == 1)
}

/// `SHA256:…` over the bytes of a public key.
fn key_id(blob: &[u8]) -> KeyId {
    KeyId(format!("SHA256:{}", base64_plain(&Sha256::digest(blob))))
}

/// Reads the bytes of a public key; the error says why its signatures cannot be verified.
fn read_key(blob: &[u8]) -> Result<KeyData, String> {
    let kind = Wire(blob).string().and_then(|kind| std::str::from_utf8(kind).ok()).unwrap_or_default();
    if kind.contains("-cert-v0") {
        return Err("it was made with an SSH certificate, which smsctl does not support".into());
    }
    let known = KINDS.contains(&kind);
    let key = ssh_key::PublicKey::from_bytes(blob).ok().filter(|_| known);
    let key = key.filter(|key| key.to_bytes().is_ok_and(|again| again == blob));
    key.map(|key| key.key_data().clone()).ok_or_else(|| {
        let shown: String = kind.chars().take(40).collect();
        format!("its key of the kind \"{}\" cannot be read", shown.escape_default())
    })
}

/// The kinds of keys `ssh-keygen` reads.
const KINDS: [&str; 8] = [
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
    "ssh-dss",
];

/// Why signatures of a key cannot count.
enum Trouble {
    Weak(String),
    Unsupported(String),
}

fn trouble(key: &KeyData) -> Option<Trouble> {
    let bits = rsa_bits(key);
    match key {
        KeyData::Ed25519(key) if small_order(&key.0) => Some(Trouble::Weak(SMALL_ORDER_REASON.into())),
        KeyData::SkEd25519(key) if small_order(&key.public_key().0) => Some(Trouble::Weak(SMALL_ORDER_REASON.into())),
        KeyData::Ecdsa(key) if matches!(key.algorithm().as_str(), "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384") => {
            None
        }
        KeyData::Rsa(_) if bits > RSA_MOST_BITS => {
            Some(Trouble::Unsupported(format!("RSA keys above {RSA_MOST_BITS} bits are not supported")))
        }
        KeyData::Rsa(_) if bits < RSA_BITS => {
            Some(Trouble::Weak(format!("its RSA key has {bits} bits, {RSA_BITS} are the fewest that count")))
        }
        KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) | KeyData::Rsa(_) => None,
        other => {
            Some(Trouble::Unsupported(format!("keys of the kind {} are not supported", other.algorithm().as_str())))
        }
    }
}

/// Whether the arithmetic underneath takes this key at all.
fn verifiable(key: &KeyData) -> bool {
    !matches!(key, KeyData::Rsa(_)) || rsa_bits(key) >= 2048
}

fn rsa_bits(key: &KeyData) -> usize {
    let modulus = key.rsa().and_then(|rsa| rsa.n.as_positive_bytes()).unwrap_or_default();
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    (modulus.len() * 8).saturating_sub(leading)
}

const SMALL_ORDER_REASON: &str = "its Ed25519 key is one for which signatures fit any text";

/// The y coordinates of the points of small order on Curve25519 in Edwards form, also as numbers above the prime,
/// little-endian with the bit of the sign cleared: anyone can make a signature for such a key.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    low(1),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    high(0xec),
    high(0xed),
    high(0xee),
];

const fn low(first: u8) -> [u8; 32] {
    let mut out = [0; 32];
    out[0] = first;
    out
}

const fn high(first: u8) -> [u8; 32] {
    let mut out = [0xff; 32];
    out[0] = first;
    out[31] = 0x7f;
    out
}

pub(super) fn small_order(key: &[u8; 32]) -> bool {
    let mut y = *key;
    y[31] &= 0x7f;
    SMALL_ORDER.contains(&y)
}

/// An SSH public key as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Such as `ssh-ed25519`.
    pub kind: String,
    /// Kind and base64 as written, one blank between.
    pub text: String,
    /// What follows the key.
    pub comment: String,
    /// Why signatures of this key cannot count (too weak, not supported), a sentence without a full stop.
    pub trouble: Option<String>,
}

/// Reads a line of a `.pub` file: kind, base64, perhaps a comment. `None` when `ssh-keygen` could not read it either, and
/// for certificates.
pub fn public_key(openssh_line: &str) -> Option<(KeyId, PublicKey)> {
    let line = openssh_line.trim_matches([' ', '\t', '\n', '\r']);
    let (kind, rest) = line.split_once([' ', '\t'])?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let (text, comment) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let blob = base64(text.as_bytes())?;
    let key = read_key(&blob).ok()?;
    // OpenSSH reads no RSA key below 1024 bits.
    let readable = key.rsa().is_none() || rsa_bits(&key) >= 1024;
    if Wire(&blob).string() != Some(kind.as_bytes()) || !readable {
        return None;
    }
    let trouble = trouble(&key).map(|(Trouble::Weak(reason) | Trouble::Unsupported(reason))| reason);
    let public = PublicKey {
        kind: kind.to_owned(),
        text: format!("{kind} {text}"),
        comment: comment.trim_matches([' ', '\t']).to_owned(),
        trouble,
    };
    Some((key_id(&blob), public))
}
