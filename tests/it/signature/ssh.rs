//! SSH signatures against `ssh-keygen`.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};
use smsctl::signature::{Armor, Verdict, armor, ssh};
use ssh_key::{HashAlg, PrivateKey, SshSig};

use super::Bench;

const TEXT: &[u8] = b"sms-approval: v1\nartifact: SMP-001\n";

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let bench = Bench::new();
    for (name, kind) in [
        ("ed25519", &["ed25519"][..]),
        ("p256", &["ecdsa", "-b", "256"]),
        ("p384", &["ecdsa", "-b", "384"]),
        ("p521", &["ecdsa", "-b", "521"]),
        ("rsa3072", &["rsa", "-b", "3072"]),
        ("rsa4096", &["rsa", "-b", "4096"]),
        ("rsa2048", &["rsa", "-b", "2048"]),
        ("rsa1024", &["rsa", "-b", "1024"]),
        ("ca", &["ed25519"]),
    ] {
        bench.ssh_key(name, kind);
    }
    bench
});

/// Whether `ssh-keygen` finds the mathematics and the namespace in order.
fn stock(signature: &[u8], namespace: &str, payload: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sig");
    std::fs::write(&file, signature).unwrap();
    let arguments = ["-Y", "check-novalidate", "-n", namespace, "-s", file.to_str().unwrap()];
    BENCH.run("ssh-keygen", &arguments, payload).ok
}

fn id(name: &str) -> String {
    let path = BENCH.path(&format!("{name}.pub"));
    let listed = BENCH.must("ssh-keygen", &["-l", "-f", path.to_str().unwrap()], b"");
    String::from_utf8(listed).unwrap().split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn strong_keys_are_good_and_weak_ones_are_not() {
    for (name, expected) in [
        ("ed25519", "good"),
        ("p256", "good"),
        ("p384", "good"),
        ("p521", "keys of the kind ecdsa-sha2-nistp521 are not supported"),
        ("rsa3072", "good"),
        ("rsa4096", "good"),
        ("rsa2048", "its RSA key has 2048 bits, 3072 are the fewest that count"),
        ("rsa1024", "its RSA key has 1024 bits, 3072 are the fewest that count"),
    ] {
        let signature = BENCH.ssh_sign(name, "smsctl-approval", TEXT);
        assert_eq!(armor(&signature), Armor::Ssh);
        let said = match ssh::verify(TEXT, &signature, "smsctl-approval") {
            Verdict::Good { key, signed_with: None, claimed_time: None } => {
                assert_eq!(key.0, id(name));
                "good".to_owned()
            }
            Verdict::Weak { key, reason } => {
                assert_eq!(key.0, id(name));
                reason
            }
            Verdict::Unverifiable(reason) => reason,
            other => panic!("{name}: {other}"),
        };
        assert_eq!(said, expected, "{name}");
        assert!(stock(&signature, "smsctl-approval", TEXT), "{name}");
        assert_eq!(ssh::claimed_key(&signature).unwrap().0, id(name));
        if expected == "good" {
            let changed = [TEXT, b" "].concat();
            assert!(matches!(ssh::verify(&changed, &signature, "smsctl-approval"), Verdict::Bad(_)), "{name}");
            assert!(!stock(&signature, "smsctl-approval", &changed));
        }
    }
}

#[test]
fn public_keys_have_the_names_ssh_keygen_gives_them() {
    for name in ["ed25519", "p256", "p384", "p521", "rsa3072", "rsa2048", "rsa1024"] {
        let line = String::from_utf8(BENCH.get(&format!("{name}.pub"))).unwrap();
        let (key, public) = ssh::public_key(&format!("{} a comment \n", line.trim())).unwrap();
        assert_eq!((key.0, public.comment.as_str()), (id(name), "a comment"));
        assert_eq!(public.text, line.trim());
        let trouble = matches!(name, "p521" | "rsa2048" | "rsa1024");
        assert_eq!(public.trouble.is_some(), trouble, "{name}");
    }
    for line in ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAI", "x y z"] {
        assert_eq!(ssh::public_key(line), None, "{line}");
    }
    // Another kind in front than inside.
    let line = String::from_utf8(BENCH.get("ed25519.pub")).unwrap();
    assert_eq!(ssh::public_key(&line.replacen("ssh-ed25519", "ssh-rsa", 1)), None);
}

#[test]
fn the_namespace_must_fit() {
    let signature = BENCH.ssh_sign("ed25519", "git", TEXT);
    let Verdict::Bad(reason) = ssh::verify(TEXT, &signature, "smsctl-approval") else { panic!() };
    assert_eq!(reason, "it was made for the purpose \"git\", not for \"smsctl-approval\"");
    assert!(!stock(&signature, "smsctl-approval", TEXT));
}

#[test]
fn certificates_cannot_be_verified() {
    let public = BENCH.path("p256.pub");
    let ca = BENCH.path("ca");
    let arguments = ["-q", "-s", ca.to_str().unwrap(), "-I", "x", "-n", "carla", public.to_str().unwrap()];
    BENCH.must("ssh-keygen", &arguments, b"");
    let signature = BENCH.ssh_sign("p256-cert.pub", "git", TEXT);
    assert!(stock(&signature, "git", TEXT));
    let Verdict::Unverifiable(reason) = ssh::verify(TEXT, &signature, "git") else { panic!() };
    assert!(reason.contains("certificate"), "{reason}");
}

/// A string of SSH's wire format.
fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn pem(blob: &[u8]) -> Vec<u8> {
    // Each system's program breaks lines in its own way.
    let text = BENCH.must("base64", &[], blob);
    let text: Vec<u8> = text.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
    let lines: Vec<u8> = text.chunks(70).flat_map(|line| [line, b"\n"].concat()).collect();
    [b"-----BEGIN SSH SIGNATURE-----\n", lines.as_slice(), b"-----END SSH SIGNATURE-----\n"].concat()
}

/// The fields of a signature: key, namespace, reserved, digest, signature.
fn assemble(fields: [&[u8]; 5]) -> Vec<u8> {
    let fields: Vec<u8> = fields.iter().flat_map(|f| string(f)).collect();
    pem(&[b"SSHSIG\0\0\0\x01".as_slice(), &fields].concat())
}

/// What a security key makes: it signs digests with flags and a counter between.
fn security_key(flags: u8, message: &[u8]) -> Vec<u8> {
    let private = PrivateKey::from_openssh(BENCH.get("ed25519")).unwrap();
    let pair = private.key_data().ed25519().unwrap();
    let kind = b"sk-ssh-ed25519@openssh.com";
    let key = [string(kind), string(&pair.public.0), string(b"ssh:")].concat();
    let to_sign = SshSig::signed_data("git", HashAlg::Sha512, message).unwrap();
    let counter = [&[flags][..], &7u32.to_be_bytes()].concat();
    let data = [&Sha256::digest(b"ssh:")[..], &counter, &Sha256::digest(&to_sign)].concat();
    let raw = raw_ed25519(&private, &data);
    let signature = [string(kind), string(&raw), counter].concat();
    assemble([&key, b"git", b"", b"sha512", &signature])
}

/// The same by a security key of the kind ECDSA P-256, by way of `openssl`.
fn ecdsa_security_key(flags: u8, message: &[u8]) -> Vec<u8> {
    let kind = b"sk-ecdsa-sha2-nistp256@openssh.com";
    let folder = tempfile::tempdir().unwrap();
    let (key, file) = (folder.path().join("key"), folder.path().join("data"));
    let (key, file) = (key.to_str().unwrap(), file.to_str().unwrap());
    BENCH.must("openssl", &["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], b"");
    let public = BENCH.must("openssl", &["ec", "-in", key, "-pubout", "-outform", "DER"], b"");
    let point = &public[public.len() - 65..];
    let to_sign = SshSig::signed_data("git", HashAlg::Sha512, message).unwrap();
    let counter = [&[flags][..], &7u32.to_be_bytes()].concat();
    std::fs::write(file, [&Sha256::digest(b"ssh:")[..], &counter, &Sha256::digest(&to_sign)].concat()).unwrap();
    let der = BENCH.must("openssl", &["dgst", "-sha256", "-sign", key, file], b"");
    // Both write whole numbers alike: SEQUENCE { INTEGER, INTEGER }.
    let r = &der[4..4 + usize::from(der[3])];
    let s = &der[4 + r.len() + 2..];
    let numbers = [string(r), string(s)].concat();
    let blob = [string(kind), string(b"nistp256"), string(point), string(b"ssh:")].concat();
    let signature = [string(kind), string(&numbers), counter].concat();
    assemble([&blob, b"git", b"", b"sha512", &signature])
}

/// A plain Ed25519 signature, by way of `openssl`, which reads the seed in a wrapping of its own.
fn raw_ed25519(private: &PrivateKey, data: &[u8]) -> Vec<u8> {
    let seed = private.key_data().ed25519().unwrap().private.to_bytes();
    let der = [&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20][..], &seed].concat();
    let folder = tempfile::tempdir().unwrap();
    let (key, file) = (folder.path().join("key"), folder.path().join("data"));
    std::fs::write(&key, der).unwrap();
    std::fs::write(&file, data).unwrap();
    let (key, file) = (key.to_str().unwrap(), file.to_str().unwrap());
    BENCH.must("openssl", &["pkeyutl", "-sign", "-keyform", "DER", "-inkey", key, "-rawin", "-in", file], b"")
}

#[test]
fn a_security_key_must_be_touched() {
    if !crate::oracle::here("openssl") {
        return;
    }
    for make in [security_key as fn(u8, &[u8]) -> Vec<u8>, ecdsa_security_key] {
        let touched = make(1, TEXT);
        assert!(stock(&touched, "git", TEXT));
        assert!(ssh::verify(TEXT, &touched, "git").good().is_some(), "{}", ssh::verify(TEXT, &touched, "git"));
        assert!(matches!(ssh::verify(b"other", &touched, "git"), Verdict::Bad(_)));
        // OpenSSH checks the touch for logins, not for files.
        let untouched = make(0, TEXT);
        assert!(stock(&untouched, "git", TEXT));
        assert!(matches!(ssh::verify(TEXT, &untouched, "git"), Verdict::Weak { .. }));
    }
}

/// Every change of form that could hide something is refused, also where `ssh-keygen` looks away.
#[test]
fn the_form_is_strict() {
    let good = BENCH.ssh_sign("ed25519", "git", TEXT);
    let text = String::from_utf8(good.clone()).unwrap();
    let refused = |signature: &[u8]| matches!(ssh::verify(TEXT, signature, "git"), Verdict::Bad(_));
    assert!(!refused(&good));
    let crlf = text.replace('\n', "\r\n");
    assert!(!stock(crlf.as_bytes(), "git", TEXT), "ssh-keygen refuses it too");
    let why = ssh::verify(TEXT, crlf.as_bytes(), "git").to_string();
    assert!(why.contains("CRLF"), "{why}");
    assert!(refused(b""));
    assert!(refused(format!("x\n{text}").as_bytes()));
    assert!(refused(format!("{text}x").as_bytes()));
    assert!(refused(format!("{text}{text}").as_bytes()));
    assert!(refused(text.replace("-----END SSH SIGNATURE-----", "").as_bytes()));
    assert!(refused(text.replace("\nAAAA", "\n%AAA").as_bytes()));
    let sig = SshSig::from_pem(&good).unwrap();
    let key = ssh_key::PublicKey::new(sig.public_key().clone(), "").to_bytes().unwrap();
    let signature = Vec::<u8>::try_from(sig.signature().clone()).unwrap();
    assert!(!refused(&assemble([&key, b"git", b"", b"sha512", &signature])));
    assert!(refused(&assemble([&key, b"git", b"x", b"sha512", &signature])), "reserved field");
    assert!(refused(&assemble([&key, b"git", b"", b"sha1", &signature])), "digest");
    assert!(refused(&assemble([&key, b"git", b"", b"sha256", &signature])), "another digest");
    assert!(refused(&assemble([&key, b"git", b"", b"sha512", &[&signature[..], b"x"].concat()])), "data behind");
    assert!(refused(&assemble([&key, b"git", b"", b"sha512", b""])));
}

/// OpenSSH refuses `ssh-rsa` with SHA-1; so does smsctl, and keys for which any signature fits.
#[test]
fn broken_algorithms_are_refused() {
    let rsa = BENCH.ssh_sign("rsa3072", "git", TEXT);
    let sig = SshSig::from_pem(&rsa).unwrap();
    let key = ssh_key::PublicKey::new(sig.public_key().clone(), "").to_bytes().unwrap();
    let old = [string(b"ssh-rsa"), string(sig.signature_bytes())].concat();
    let old = assemble([&key, b"git", b"", b"sha512", &old]);
    assert!(!stock(&old, "git", TEXT));
    assert!(matches!(ssh::verify(TEXT, &old, "git"), Verdict::Bad(_)));
    // The neutral point as key: R = neutral point and s = 0 fit every text.
    let neutral = [&[1u8][..], &[0; 31]].concat();
    let key = [string(b"ssh-ed25519"), string(&neutral)].concat();
    let any = [string(b"ssh-ed25519"), string(&[neutral, vec![0; 32]].concat())].concat();
    let any = assemble([&key, b"git", b"", b"sha512", &any]);
    assert!(matches!(ssh::verify(TEXT, &any, "git"), Verdict::Weak { .. }), "{}", ssh::verify(TEXT, &any, "git"));
    let dsa = [string(b"ssh-dss"), string(b"\x01"), string(b"\x01"), string(b"\x01"), string(b"\x01")].concat();
    let dsa = assemble([&dsa, b"git", b"", b"sha512", &[string(b"ssh-dss"), string(&[0; 40])].concat()]);
    assert!(matches!(ssh::verify(TEXT, &dsa, "git"), Verdict::Unverifiable(_)));
    let unknown = assemble([&string(b"ssh-new"), b"git", b"", b"sha512", b""]);
    assert!(matches!(ssh::verify(TEXT, &unknown, "git"), Verdict::Unverifiable(_)));
}
