//! The policy over OpenPGP signatures against `gpg --status-fd`; what `gpg` will not make is made by hand.

use std::sync::LazyLock;

use pgp::composed::{
    ArmorOptions, Deserializable as _, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedPublicKey,
    SignedPublicSubKey, SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{KeyFlags, Notation, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::ser::Serialize as _;
use pgp::types::{Fingerprint, KeyDetails as _, KeyVersion, Password, SigningKey, Timestamp};
use smsctl::signature::Verdict;
use smsctl::signature::openpgp::{Certificate, verify};

use super::{Bench, GPG};
use crate::oracle::here;

const TEXT: &[u8] = b"sms-approval: v1\nartifact: SMP-001\n";
const MADE: &str = "20260101T000000";
const SIGNED: &str = "20260201T000000";
const LATER: &str = "20260601T000000";
const MUCH_LATER: &str = "20280601T000000";

/// All keys, made once.
struct Shop {
    bench: Bench,
    keys: std::collections::BTreeMap<&'static str, String>,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let bench = Bench::new();
    let mut keys = std::collections::BTreeMap::new();
    for (name, algorithm, usage, expires) in [
        ("plain", "ed25519", "sign", "0"),
        ("other", "ed25519", "sign", "0"),
        ("rsa3072", "rsa3072", "sign", "0"),
        ("rsa2048", "rsa2048", "sign", "0"),
        ("p256", "nistp256", "sign", "0"),
        ("p384", "nistp384", "sign", "0"),
        ("dsa", "dsa3072", "sign", "0"),
        ("brainpool", "brainpoolP256r1", "sign", "0"),
        ("year", "ed25519", "sign", "1y"),
        ("renewed", "ed25519", "sign", "1y"),
        ("revoked", "ed25519", "sign", "0"),
        ("main", "ed25519", "cert", "0"),
        ("lostsub", "ed25519", "cert", "0"),
        ("subyear", "ed25519", "cert", "0"),
        ("weakmain", "rsa2048", "cert", "0"),
        ("box", "ed25519", "sign", "0"),
    ] {
        keys.insert(name, bench.gpg_key(name, algorithm, usage, MADE, expires));
    }
    let shop = Shop { bench, keys };
    for (name, algorithm, usage, expires) in [
        ("main", "ed25519", "sign", "0"),
        ("main", "cv25519", "encr", "0"),
        ("lostsub", "ed25519", "sign", "0"),
        ("subyear", "ed25519", "sign", "1y"),
        ("weakmain", "ed25519", "sign", "0"),
        ("box", "rsa3072", "encr", "0"),
    ] {
        shop.gpg_at(MADE, &["--quick-add-key", &shop.keys[name], algorithm, usage, expires], b"");
    }
    shop
});

impl Shop {
    fn gpg_at(&self, time: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let time = format!("{time}!");
        self.bench.gpg(&[&["--faked-system-time", &time], arguments].concat(), input)
    }

    fn sign(&self, name: &str, more: &[&str]) -> Vec<u8> {
        let who = ["-u", &self.keys[name], "--armor", "--detach-sign"];
        self.gpg_at(SIGNED, &[more, &who].concat(), TEXT)
    }

    fn export(&self, name: &str) -> Vec<u8> {
        self.bench.gpg(&["--armor", "--export", &self.keys[name]], b"")
    }

    fn secret(&self, name: &str) -> SignedSecretKey {
        let bytes = self.bench.gpg(&["--export-secret-keys", &self.keys[name]], b"");
        SignedSecretKey::from_bytes(bytes.as_slice()).unwrap()
    }

    /// The fingerprint of the first subkey.
    fn subkey(&self, name: &str) -> String {
        let key = SignedPublicKey::from_string(&String::from_utf8(self.export(name)).unwrap()).unwrap().0;
        format!("{:X}", key.public_subkeys[0].key.fingerprint())
    }
}

/// What `gpg` says to a signature at a time, with these certificates alone.
fn stock(signature: &[u8], certificates: &[&[u8]], time: &str) -> String {
    let bench = Bench::new();
    for certificate in certificates {
        let time = format!("{time}!");
        let import = [GPG, &["--faked-system-time", &time, "--import"]].concat();
        bench.run("gpg", &import, certificate);
    }
    let (signature, text) = (bench.put("sig", signature), bench.put("text", TEXT));
    let time = format!("{time}!");
    let paths = [signature.to_str().unwrap(), text.to_str().unwrap()];
    let arguments = [GPG, &["--status-fd", "1", "--faked-system-time", &time, "--verify"], &paths].concat();
    let said = bench.run("gpg", &arguments, b"").text();
    let words = said.lines().filter_map(|l| l.strip_prefix("[GNUPG:] ")).filter_map(|l| l.split(' ').next());
    let words: Vec<&str> = words.filter(|w| w.ends_with("SIG") && *w != "NEWSIG" && *w != "VALIDSIG").collect();
    words.join("+")
}

fn seconds(time: &str) -> i64 {
    let civil: jiff::civil::DateTime = time.parse().unwrap();
    civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
}

/// Our verdict in one word, with the sentence where there is one.
fn ours(signature: &[u8], certificates: &[&[u8]], time: &str) -> String {
    let certificates: Vec<Certificate> = certificates.iter().flat_map(|c| Certificate::parse(c).unwrap()).collect();
    let at = seconds(time);
    match verify(TEXT, signature, &certificates, at) {
        Verdict::Good { .. } => "good".into(),
        Verdict::Unknown { .. } => "unknown".into(),
        Verdict::Bad(reason) => format!("bad: {reason}"),
        Verdict::Weak { reason, .. } => format!("weak: {reason}"),
        Verdict::Expired { reason, .. } => format!("expired: {reason}"),
        Verdict::Revoked { reason, .. } => format!("revoked: {reason}"),
        Verdict::Unverifiable(reason) => format!("unverifiable: {reason}"),
    }
}

/// Both verdicts, at a time at which nothing has expired.
fn both(signature: &[u8], certificates: &[&[u8]]) -> (String, String) {
    (stock(signature, certificates, LATER), ours(signature, certificates, LATER))
}

fn pair(stock: &str, ours: &str) -> (String, String) {
    (stock.to_owned(), ours.to_owned())
}

#[test]
fn keys_by_kind_and_strength() {
    if !here("gpg") {
        return;
    }
    for (name, stock, expected) in [
        ("plain", "GOODSIG", "good"),
        ("rsa3072", "GOODSIG", "good"),
        ("p256", "GOODSIG", "good"),
        ("p384", "GOODSIG", "good"),
        ("main", "GOODSIG", "good"),
        ("rsa2048", "GOODSIG", "weak: its RSA key has 2048 bits, 3072 are the fewest that count"),
        ("dsa", "GOODSIG", "weak: its key is of the kind DSA"),
        ("weakmain", "GOODSIG", "weak: of the primary key, its RSA key has 2048 bits, 3072 are the fewest that count"),
        ("brainpool", "GOODSIG", "unverifiable: keys of this kind are not supported"),
    ] {
        let (signature, certificate) = (SHOP.sign(name, &[]), SHOP.export(name));
        assert_eq!(both(&signature, &[&certificate]), pair(stock, expected), "{name}");
    }
}

#[test]
fn a_good_signature_tells_key_subkey_and_claimed_time() {
    if !here("gpg") {
        return;
    }
    for name in ["plain", "main"] {
        let certificates = Certificate::parse(&SHOP.export(name)).unwrap();
        assert_eq!(certificates[0].fingerprint(), SHOP.keys[name]);
        assert_eq!(certificates[0].user_ids(), [format!("{name} <{name}@example.org>")]);
        let signature = SHOP.sign(name, &[]);
        let Verdict::Good { key, signed_with, claimed_time } = verify(TEXT, &signature, &certificates, seconds(LATER))
        else {
            panic!("{name}")
        };
        assert_eq!((&key.0, claimed_time), (&SHOP.keys[name], Some(seconds(SIGNED))));
        assert_eq!(signed_with, (name == "main").then(|| SHOP.subkey("main")));
        let changed = [TEXT, b" "].concat();
        assert!(matches!(verify(&changed, &signature, &certificates, seconds(LATER)), Verdict::Bad(_)));
        // Binary and armored certificates, and several in a row, say the same.
        let binary = SHOP.bench.gpg(&["--export", &SHOP.keys[name], &SHOP.keys["other"]], b"");
        let several = Certificate::parse(&binary).unwrap();
        assert_eq!(several.len(), 2);
        assert!(verify(TEXT, &signature, &several, seconds(LATER)).good().is_some());
        let armored = [SHOP.export("other"), SHOP.export(name)].concat();
        assert_eq!(Certificate::parse(&armored).unwrap().len(), 2);
    }
    let Verdict::Unknown { key } = verify(TEXT, &SHOP.sign("plain", &[]), &[], 0) else { panic!() };
    assert_eq!(key, SHOP.keys["plain"]);
    let other = SHOP.export("other");
    assert_eq!(both(&SHOP.sign("plain", &[]), &[&other]), pair("ERRSIG", "unknown"));
}

#[test]
fn secret_keys_and_rubbish_are_no_certificates() {
    if !here("gpg") {
        return;
    }
    let secret = SHOP.bench.gpg(&["--export-secret-keys", &SHOP.keys["plain"]], b"");
    assert!(Certificate::parse(&secret).unwrap_err().contains("secret key"));
    for rubbish in [&b""[..], b"hello", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", &SHOP.sign("plain", &[])] {
        assert!(Certificate::parse(rubbish).is_err());
    }
    let armored = String::from_utf8(SHOP.export("plain")).unwrap();
    assert!(Certificate::parse(format!("note\n{armored}").as_bytes()).is_err());
    let cut = SHOP.bench.gpg(&["--export", &SHOP.keys["plain"]], b"");
    assert!(Certificate::parse(&cut[..cut.len() - 1]).is_err());
}

#[test]
fn expiry_is_judged_at_the_time_of_reference() {
    if !here("gpg") {
        return;
    }
    let (signature, certificate) = (SHOP.sign("year", &[]), SHOP.export("year"));
    let certificate: &[&[u8]] = &[&certificate];
    assert_eq!(both(&signature, certificate), pair("GOODSIG", "good"));
    assert_eq!(stock(&signature, certificate, MUCH_LATER), "EXPKEYSIG");
    assert_eq!(ours(&signature, certificate, MUCH_LATER), "expired: the key expired at 2027-01-01T00:00:00Z");
    assert_eq!(ours(&signature, certificate, "20261231T235959"), "good");
    assert!(ours(&signature, certificate, "20270101T000000").starts_with("expired"));
    // Of a subkey.
    let (signature, certificate) = (SHOP.sign("subyear", &[]), SHOP.export("subyear"));
    assert_eq!(both(&signature, &[&certificate]), pair("GOODSIG", "good"));
    assert_eq!(stock(&signature, &[&certificate], MUCH_LATER), "EXPKEYSIG");
    assert!(ours(&signature, &[&certificate], MUCH_LATER).starts_with("expired"));
    // Renewed: the newest self-signature counts.
    let signature = SHOP.sign("renewed", &[]);
    SHOP.gpg_at(LATER, &["--quick-set-expire", &SHOP.keys["renewed"], "0"], b"");
    let certificate = SHOP.export("renewed");
    assert_eq!(stock(&signature, &[&certificate], MUCH_LATER), "GOODSIG");
    assert_eq!(ours(&signature, &[&certificate], MUCH_LATER), "good");
    // Of the signature itself.
    let signature = SHOP.sign("plain", &["--default-sig-expire", "6m"]);
    let certificate = SHOP.export("plain");
    assert_eq!(both(&signature, &[&certificate]), pair("GOODSIG", "good"));
    assert_eq!(stock(&signature, &[&certificate], MUCH_LATER), "EXPSIG");
    assert!(ours(&signature, &[&certificate], MUCH_LATER).starts_with("expired: the signature"));
}

#[test]
fn revocations_count_for_ever() {
    if !here("gpg") {
        return;
    }
    let signature = SHOP.sign("revoked", &[]);
    let before = SHOP.export("revoked");
    assert_eq!(both(&signature, &[&before]), pair("GOODSIG", "good"));
    let file = format!("gnupg/openpgp-revocs.d/{}.rev", SHOP.keys["revoked"]);
    let revocation = String::from_utf8(SHOP.bench.get(&file)).unwrap().replace("\n:-----", "\n-----");
    SHOP.bench.gpg(&["--import"], revocation.as_bytes());
    let after = SHOP.export("revoked");
    assert_eq!(both(&signature, &[&after]), pair("REVKEYSIG", "revoked: the key is revoked: its owner gave no reason"));
    // A stale copy beside it changes nothing.
    assert!(ours(&signature, &[&before, &after], LATER).starts_with("revoked"));
    // A subkey.
    let signature = SHOP.sign("lostsub", &[]);
    let arguments = [
        &["--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback", "--passphrase", ""][..],
        &["--faked-system-time", "20260501T000000!", "--edit-key", &SHOP.keys["lostsub"]],
    ];
    SHOP.bench.must("gpg", &arguments.concat(), b"key 1\nrevkey\ny\n1\nlost\n\ny\nsave\n");
    let certificate = SHOP.export("lostsub");
    let reason = "revoked: the subkey is revoked: its secret may be in other hands";
    assert_eq!(both(&signature, &[&certificate]), pair("REVKEYSIG", reason));
}

#[test]
fn weak_digests_and_wrong_forms() {
    if !here("gpg") {
        return;
    }
    let certificate = SHOP.export("plain");
    let certificate: &[&[u8]] = &[&certificate];
    for (digest, stock, ours) in [
        ("SHA256", "GOODSIG", "good"),
        ("SHA384", "GOODSIG", "good"),
        ("SHA512", "GOODSIG", "good"),
        ("SHA224", "GOODSIG", "weak: the signature uses an old digest such as SHA-1"),
        ("SHA1", "GOODSIG", "weak: the signature uses an old digest such as SHA-1"),
    ] {
        let rsa = SHOP.export("rsa3072");
        let signature = SHOP.sign("rsa3072", &["--digest-algo", digest]);
        assert_eq!(both(&signature, &[&rsa]), pair(stock, ours), "{digest}");
    }
    let text = SHOP.sign("plain", &["--textmode"]);
    assert_eq!(both(&text, certificate), pair("GOODSIG", "good"));
    let two =
        SHOP.gpg_at(SIGNED, &["-u", &SHOP.keys["plain"], "-u", &SHOP.keys["other"], "--armor", "--detach-sign"], TEXT);
    let other = SHOP.export("other");
    let more = "bad: there is more than one OpenPGP signature";
    assert_eq!(both(&two, &[certificate[0], &other]), pair("GOODSIG+GOODSIG", more));
    let one = SHOP.sign("plain", &[]);
    assert_eq!(ours(&one.repeat(2), certificate, LATER), more);
    // Plain notations are harmless, ones declared essential are not.
    let plain = SHOP.sign("plain", &["--sig-notation", "a@example.org=1"]);
    assert_eq!(both(&plain, certificate), pair("GOODSIG", "good"));
    let critical = SHOP.sign("plain", &["--sig-notation", "!a@example.org=1"]);
    let unknown = "bad: the OpenPGP signature holds something essential that smsctl does not know";
    assert_eq!(ours(&critical, certificate, LATER), unknown);
    assert_eq!(stock(&critical, certificate, LATER), "BADSIG");
}

/// Signs the text as told; `gpg` would refuse some of this.
fn craft(key: &impl SigningKey, made: &str, issuer: Option<Fingerprint>, more: Vec<Subpacket>) -> Vec<u8> {
    let mut config = SignatureConfig::v4(SignatureType::Binary, key.algorithm(), HashAlgorithm::Sha512);
    let made = Timestamp::from_secs(u32::try_from(seconds(made)).unwrap());
    config.hashed_subpackets = vec![Subpacket::regular(SubpacketData::SignatureCreationTime(made)).unwrap()];
    let issuer = issuer.map(|f| Subpacket::regular(SubpacketData::IssuerFingerprint(f)).unwrap());
    config.hashed_subpackets.extend(issuer);
    config.hashed_subpackets.extend(more);
    let signature = config.sign(key, &Password::empty(), TEXT).unwrap();
    DetachedSignature::new(signature).to_armored_bytes(ArmorOptions::default()).unwrap()
}

#[test]
fn signatures_made_by_hand() {
    if !here("gpg") {
        return;
    }
    let key = SHOP.secret("plain").primary_key.clone();
    let certificate = SHOP.export("plain");
    let (own, other) = (key.fingerprint(), SHOP.secret("other").primary_key.fingerprint());
    let check = |made: &str, issuer: Option<Fingerprint>, more: Vec<Subpacket>| {
        both(&craft(&key, made, issuer, more), &[&certificate])
    };
    assert_eq!(check(SIGNED, Some(own.clone()), vec![]), pair("GOODSIG", "good"));
    let older = "bad: the signature claims to be older than its key";
    assert_eq!(check("20251231T235959", Some(own.clone()), vec![]), pair("ERRSIG", older));
    assert_eq!(check(MADE, Some(own.clone()), vec![]), pair("GOODSIG", "good"));
    assert_eq!(check(SIGNED, Some(other.clone()), vec![]), pair("ERRSIG", "unknown"));
    assert_eq!(check(SIGNED, None, vec![]).1, "unknown", "it must name its issuer");
    let both_named = Subpacket::regular(SubpacketData::IssuerFingerprint(other)).unwrap();
    assert_eq!(check(SIGNED, Some(own.clone()), vec![both_named]).1, "unknown", "and no one else");
    let unknown = "bad: the OpenPGP signature holds something essential that smsctl does not know";
    let critical = |data| vec![Subpacket::critical(data).unwrap()];
    let private = SubpacketData::Experimental(101, vec![1].into());
    assert_eq!(check(SIGNED, Some(own.clone()), critical(private.clone())), pair("BADSIG", unknown));
    let notation = Notation { readable: true, name: "a@example.org".into(), value: "1".into() };
    assert_eq!(check(SIGNED, Some(own.clone()), critical(SubpacketData::Notation(notation))).1, unknown);
    let harmless = vec![Subpacket::regular(private).unwrap()];
    assert_eq!(check(SIGNED, Some(own), harmless), pair("GOODSIG", "good"));
}

/// A subkey bound to a primary key by hand, with these flags and this signature in return.
fn bind(
    primary: &SignedSecretKey,
    subkey: &pgp::packet::PublicSubkey,
    sign: bool,
    back: Option<pgp::packet::Signature>,
) -> SignedPublicSubKey {
    let key = &primary.primary_key;
    let mut config = SignatureConfig::v4(SignatureType::SubkeyBinding, key.algorithm(), HashAlgorithm::Sha512);
    let made = Timestamp::from_secs(u32::try_from(seconds(MADE)).unwrap());
    let mut flags = KeyFlags::default();
    flags.set_sign(sign);
    config.hashed_subpackets = vec![
        Subpacket::regular(SubpacketData::SignatureCreationTime(made)).unwrap(),
        Subpacket::regular(SubpacketData::KeyFlags(flags)).unwrap(),
        Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint())).unwrap(),
    ];
    let back = back.map(|back| Subpacket::regular(SubpacketData::EmbeddedSignature(Box::new(back))).unwrap());
    config.hashed_subpackets.extend(back);
    let binding = config.sign_subkey_binding(key, key.public_key(), &Password::empty(), subkey).unwrap();
    SignedPublicSubKey::new(subkey.clone(), vec![binding])
}

#[test]
fn subkeys_must_be_bound_both_ways_and_meant_for_signing() {
    if !here("gpg") {
        return;
    }
    // Made by a key for encryption.
    let secret = SHOP.secret("box");
    let sub = &secret.secret_subkeys[0].key;
    let signature = craft(sub, SIGNED, Some(sub.fingerprint()), vec![]);
    let certificate = SHOP.export("box");
    let (stock, mine) = both(&signature, &[&certificate]);
    assert_eq!(mine, "bad: the key is not meant for signing");
    assert_ne!(stock, "GOODSIG");
    // A primary key for certifying only.
    let secret = SHOP.secret("main");
    let signature = craft(&secret.primary_key, SIGNED, Some(secret.primary_key.fingerprint()), vec![]);
    let certificate = SHOP.export("main");
    let (stock, mine) = both(&signature, &[&certificate]);
    assert_eq!(mine, "bad: the key is not meant for signing");
    assert_ne!(stock, "GOODSIG");
    // The subkey of another key, put into a certificate as it is, and bound without asking it.
    let signature = SHOP.sign("main", &[]);
    let thief = SHOP.secret("other");
    let mut unbound = thief.to_public_key();
    let stolen: SignedPublicKey = secret.to_public_key();
    let position =
        stolen.public_subkeys.iter().position(|s| format!("{:X}", s.key.fingerprint()) == SHOP.subkey("main"));
    let stolen = stolen.public_subkeys[position.unwrap()].clone();
    unbound.public_subkeys.push(stolen.clone());
    let unbound = unbound.to_bytes().unwrap();
    assert_eq!(both(&signature, &[&unbound]), pair("ERRSIG", "bad: the subkey is not bound to its primary key"));
    let mut claimed = thief.to_public_key();
    claimed.public_subkeys.push(bind(&thief, &stolen.key, true, None));
    let claimed = claimed.to_bytes().unwrap();
    let (stock, mine) = both(&signature, &[&claimed]);
    assert_eq!(mine, "bad: the subkey has not signed its primary key in return");
    assert_ne!(stock, "GOODSIG");
    // The owner's certificate beside the thief's still counts, whichever comes first.
    for order in [[&claimed[..], &certificate], [&certificate, &claimed]] {
        let certificates: Vec<Certificate> = order.iter().flat_map(|c| Certificate::parse(c).unwrap()).collect();
        let verdict = verify(TEXT, &signature, &certificates, seconds(LATER));
        assert_eq!(verdict.good().map(|k| &k.0), Some(&SHOP.keys["main"]));
    }
}

/// A signing subkey agrees to its primary key by a signature of its own; an old digest there is weak, not wrong.
#[test]
fn a_subkey_that_agreed_with_an_old_digest_is_weak() {
    let made = Timestamp::from_secs(u32::try_from(seconds(MADE)).unwrap());
    let kind = KeyType::Rsa(3072);
    let sub = SubkeyParamsBuilder::default().key_type(kind).can_sign(true).created_at(made).build().unwrap();
    let mut builder = SecretKeyParamsBuilder::default();
    builder.key_type(KeyType::Ed25519Legacy).can_certify(true).created_at(made).primary_user_id("Main".into());
    let secret = builder.subkeys(vec![sub]).build().unwrap().generate(Fixed(3)).unwrap();
    let sub = &secret.secret_subkeys[0].key;
    let signature = craft(sub, SIGNED, Some(sub.fingerprint()), vec![]);
    let verdict = |digest| {
        let mut config = SignatureConfig::v4(SignatureType::KeyBinding, sub.algorithm(), digest);
        config.hashed_subpackets = vec![
            Subpacket::regular(SubpacketData::SignatureCreationTime(made)).unwrap(),
            Subpacket::regular(SubpacketData::IssuerFingerprint(sub.fingerprint())).unwrap(),
        ];
        let primary = secret.primary_key.public_key();
        let back = config.sign_primary_key_binding(sub, sub.public_key(), &Password::empty(), primary).unwrap();
        let mut certificate = secret.to_public_key();
        certificate.public_subkeys = vec![bind(&secret, sub.public_key(), true, Some(back))];
        let certificates = Certificate::parse(&certificate.to_bytes().unwrap()).unwrap();
        verify(TEXT, &signature, &certificates, seconds(LATER)).to_string()
    };
    assert!(verdict(HashAlgorithm::Sha256).starts_with("good signature"), "{}", verdict(HashAlgorithm::Sha256));
    let weak = verdict(HashAlgorithm::Sha1);
    assert!(weak.contains("is too weak") && weak.contains("in return with an old digest"), "{weak}");
}

#[test]
fn a_certificate_without_certification_of_its_own_counts_nothing() {
    if !here("gpg") {
        return;
    }
    let mut key = SHOP.secret("plain").to_public_key();
    let signature = SHOP.sign("plain", &[]);
    let foreign = SHOP.secret("other").to_public_key();
    key.details.users[0].signatures = foreign.details.users[0].signatures.clone();
    let certificate = key.to_bytes().unwrap();
    assert_eq!(both(&signature, &[&certificate]), pair("ERRSIG", "bad: the key has not certified itself"));
}

/// Numbers that are the same in every run.
struct Fixed(u64);

impl ssh_key::rand_core::RngCore for Fixed {
    fn next_u32(&mut self) -> u32 {
        u32::try_from(self.next_u64() >> 32).unwrap()
    }
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ (self.0 >> 29)
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next_u32().to_le_bytes()[3];
        }
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), ssh_key::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl ssh_key::rand_core::CryptoRng for Fixed {}

/// The keys of RFC 9580, which this `gpg` does not know.
#[test]
fn keys_of_version_6() {
    let made = Timestamp::from_secs(u32::try_from(seconds(MADE)).unwrap());
    let mut builder = SecretKeyParamsBuilder::default();
    builder.version(KeyVersion::V6).key_type(KeyType::Ed25519).can_sign(true).can_certify(true).created_at(made);
    let key = builder.build().unwrap().generate(Fixed(1)).unwrap();
    let mut config =
        SignatureConfig::v6(Fixed(2), SignatureType::Binary, key.primary_key.algorithm(), HashAlgorithm::Sha512)
            .unwrap();
    let at = Timestamp::from_secs(u32::try_from(seconds(SIGNED)).unwrap());
    config.hashed_subpackets = vec![
        Subpacket::regular(SubpacketData::SignatureCreationTime(at)).unwrap(),
        Subpacket::regular(SubpacketData::IssuerFingerprint(key.primary_key.fingerprint())).unwrap(),
    ];
    let signature = config.sign(&key.primary_key, &Password::empty(), TEXT).unwrap();
    let signature = DetachedSignature::new(signature).to_armored_bytes(ArmorOptions::default()).unwrap();
    let certificate = key.to_public_key().to_bytes().unwrap();
    assert_eq!(ours(&signature, &[&certificate], LATER), "good");
    let certificates = Certificate::parse(&certificate).unwrap();
    assert_eq!(certificates[0].fingerprint().len(), 64);
    assert!(matches!(verify(b"other", &signature, &certificates, seconds(LATER)), Verdict::Bad(_)));
}
