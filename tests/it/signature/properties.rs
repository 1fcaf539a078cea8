//! Whatever the bytes: reading never panics, and well-formed objects come together again.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use smsctl::signature::{AllowedSigners, RawCommit, RawTag, armor, openpgp, ssh, trailer};

use super::{Bench, fold, insert};
use crate::common::cases;

/// Pieces that mean something to one of the readers.
const PIECES: &[&str] = &[
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
    "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
    "object 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
    "type commit\n",
    "tag v1\n",
    "author A <a@b> 1 +0000\n",
    "committer A <a@b> 1 +0000\n",
    "tagger A <a@b> 1 +0000\n",
    "author ",
    "encoding UTF-8\n",
    "gpgsig ",
    "gpgsig-sha256 ",
    "-----BEGIN SSH SIGNATURE-----\n",
    "-----END SSH SIGNATURE-----\n",
    "-----BEGIN PGP SIGNATURE-----\n",
    "-----END PGP SIGNATURE-----\n",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
    "-----END PGP PUBLIC KEY BLOCK-----\n",
    "U1NIU0lHAAAAAQ==\n",
    "SMS-Approval: v1\n",
    "Key: value",
    "carla@example.org ",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ",
    "namespaces=\"git\"",
    "valid-after=\"20260101Z\"",
    "cert-authority",
    "\\\"",
    "\"",
    "<",
    "> ",
    "!*?",
    "=",
    ",",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\0",
    "\u{e9}",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(|p| p.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..12),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// One good signature of each kind with its key, to be damaged.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let bench = Bench::new();
    bench.ssh_key("key", &["ed25519"]);
    let mut samples = vec![bench.ssh_sign("key", "git", b"text")];
    if crate::oracle::here("gpg") {
        let key = bench.gpg_key("carla", "ed25519", "sign", "20260101T000000", "0");
        samples.extend([bench.gpg(&["--armor", "--detach-sign"], b"text"), bench.gpg(&["--export", &key], b"")]);
    }
    samples
});

fn read_all(raw: &[u8]) {
    if let Ok(commit) = RawCommit::parse(raw) {
        let told: Vec<String> = commit.oddities.iter().map(ToString::to_string).collect();
        assert!(told.iter().all(|t| !t.is_empty() && !t.contains('\n')), "{told:?}");
        assert!(!commit.strict() || commit.oddities.is_empty());
    }
    let payload = RawCommit::payload(raw);
    assert_eq!(RawCommit::payload(&payload), payload, "a payload has no signature left");
    let _ = RawTag::parse(raw);
    assert!(RawTag::payload(raw).len() <= raw.len());
    if let Some(block) = trailer::last_block(raw) {
        for (key, _) in block {
            assert!(trailer::mentions(raw, &key));
        }
    }
    let (read, bad) = AllowedSigners::parse(raw);
    assert!(read.lines.len() + bad.len() <= raw.split(|b| *b == b'\n').count());
    let _ = armor(raw);
    assert!(ssh::verify(b"", raw, "git").good().is_none());
    assert!(openpgp::verify(b"", raw, &[], 0).good().is_none());
    let _ = openpgp::Certificate::parse(raw);
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn reading_never_panics(raw in bytes()) {
        read_all(&raw);
    }

    /// A signature that lost or changed a byte is not good, whichever; nor does reading it panic.
    #[test]
    fn damaged_signatures_never_panic(which in 0usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut sample = SAMPLES[which % SAMPLES.len()].clone();
        let at = at.index(sample.len());
        if cut { sample.truncate(at) } else { sample[at] = byte }
        read_all(&sample);
    }

    #[test]
    fn well_formed_commits_come_together_again(
        parents in 0usize..4,
        name in "[A-Z][a-z\u{fc}]{0,8}( [A-Z][a-z]{0,8})?",
        time in 0i64..4_102_444_800,
        offset in -11i32..=14,
        message in "[ -~\u{e4}\u{1f512}]{0,30}(\n[ -~]{0,30}){0,4}",
        armored in "-----BEGIN SSH SIGNATURE-----(\n[A-Za-z0-9+/]{1,70}){1,6}\n-----END SSH SIGNATURE-----\n",
    ) {
        let id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        let who = format!("{name} <x@example.org> {time} {offset:+03}00");
        let parent = format!("parent {id}\n").repeat(parents);
        let payload = format!("tree {id}\n{parent}author {who}\ncommitter {who}\n\n{message}");
        let raw = insert(payload.as_bytes(), "gpgsig", armored.as_bytes());
        let commit = RawCommit::parse(&raw).unwrap();
        prop_assert_eq!(commit.signature.as_deref(), Some(armored.as_bytes()));
        prop_assert_eq!((&commit.author.name, commit.author.time, commit.author.offset_minutes), (&name, time, offset * 60));
        prop_assert_eq!((commit.parents.len(), commit.message), (parents, message.as_bytes()));
        let text = message.split('\n').any(|l| l.starts_with("gpgsig") || l.starts_with("-----BEGIN "));
        prop_assert_eq!(commit.strict(), !text, "{:?}", commit.oddities);
        prop_assert_eq!(RawCommit::payload(&raw), payload.as_bytes());
        let header = fold("gpgsig", commit.signature.as_deref().unwrap());
        prop_assert_eq!(insert(payload.as_bytes(), "gpgsig", &commit.signature.clone().unwrap()), &raw[..]);
        prop_assert!(raw.windows(header.len()).any(|w| w == header.as_slice()));
    }
}
