//! What reading a history may cost. Of objects that say they are huge only the header is read: a few bytes in a clone must
//! not cost gigabytes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use smsctl::history::{Lineages, Oid, Repository, Walk};
use smsctl::source::{CommitTree, MAX_TEXT_BYTES, MemoryTree, Source};
use smsctl::trust::{SignatureState, commit_signatures};

use crate::kit::{DOCUMENT, Kit, document};

/// More than any file that is read.
const HUGE: usize = 65 * 1024 * 1024;

fn oid(kit: &Kit, rev: &str) -> Oid {
    Oid::from_str(&kit.git(&["rev-parse", rev])).unwrap()
}

/// File of a loose object.
fn loose(kit: &Kit, oid: Oid) -> PathBuf {
    let hex = oid.to_string();
    kit.path().join(".git/objects").join(&hex[..2]).join(&hex[2..])
}

/// Puts another loose object into the place of one: a header that promises [`HUGE`] bytes, and hardly any.
fn forge(kit: &Kit, oid: Oid, kind: &str) {
    let file = loose(kit, oid);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(file, stored(format!("{kind} {HUGE}\0---\nid: X\n").as_bytes())).unwrap();
}

/// A zlib stream of one block that is not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    let mut out = vec![0x78, 0x01, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn open(path: &Path) -> Repository {
    Repository::discover(path).unwrap().unwrap()
}

#[test]
fn a_huge_content_is_no_document_and_is_said_to_be_too_large() {
    let mut kit = Kit::new();
    kit.write("huge.md", &document("1.0", "Huge."));
    kit.commit("eve", "Add");
    let blob = oid(&kit, "HEAD:huge.md");
    forge(&kit, blob, "blob");
    let repo = open(kit.path());
    assert_eq!(repo.blob_within(blob, MAX_TEXT_BYTES).unwrap(), None);
    assert!(repo.blob(blob).unwrap_err().to_string().contains("larger than 32768 KiB"));
    let walk = Walk::run(&repo, repo.head().unwrap().unwrap(), &|_| {}).unwrap();
    let states = &Lineages::of(&repo, &walk).unwrap().0["SMP-001"].states;
    assert!(states.iter().all(|s| s.blob != blob));
}

#[test]
fn a_huge_commit_or_tree_makes_the_history_incomplete() {
    for (rev, kind) in [("HEAD~1", "commit"), ("HEAD~1^{tree}", "tree")] {
        let mut kit = Kit::new();
        kit.write(DOCUMENT, &document("1.1", "Better."));
        kit.commit("eve", "Change");
        let object = oid(&kit, rev);
        forge(&kit, object, kind);
        let repo = open(kit.path());
        let walk = Walk::run(&repo, repo.head().unwrap().unwrap(), &|_| {}).unwrap();
        let (missing, why) = &walk.incomplete[0];
        assert!(*missing == object && why.contains("larger than"), "{kind}: {why}");
        assert_eq!(kit.verdict(), "not judged: the history is incomplete", "{kind}");
    }
}

#[test]
fn a_huge_statement_counts_for_nothing_and_harms_no_other() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write("approvals/SMP-001/1.0/dan.approval", "sms-approval: v1\n");
    kit.commit("eve", "Import");
    forge(&kit, oid(&kit, "HEAD:approvals/SMP-001/1.0/dan.approval"), "blob");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec!["record-malformed"]));
}

#[test]
fn a_huge_signature_signs_nothing() {
    let mut kit = Kit::new();
    let path = kit.approve_file("carla", "cio");
    forge(&kit, oid(&kit, &format!("HEAD:{path}.sig")), "blob");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("unverifiable", vec!["signature-unverifiable"]));
}

#[test]
fn a_huge_file_of_the_trust_policy_leaves_the_policy_before_in_force() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write("trust/extra.txt", "Extra.\n");
    kit.commit("eve", "Extend");
    forge(&kit, oid(&kit, "HEAD:trust/extra.txt"), "blob");
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec!["trust-chain-broken"]));
}

#[test]
fn a_huge_file_of_a_commit_is_not_read() {
    let mut kit = Kit::new();
    kit.write("huge.md", "Huge.\n");
    kit.commit("eve", "Add");
    forge(&kit, oid(&kit, "HEAD:huge.md"), "blob");
    let tree = CommitTree::open(kit.path(), "HEAD").unwrap();
    let why = |source: &dyn Source| source.read("huge.md", MAX_TEXT_BYTES).unwrap_err().to_string();
    assert_eq!(why(&tree), "it is larger than 1024 KiB");
    assert_eq!(why(&MemoryTree::copy_of(&tree)), "it is larger than 32768 KiB");
}

#[test]
fn the_signature_of_a_commit_is_read_and_verified_once() {
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &document("1.1", "We serve better."));
    kit.commit("eve", "Improve");
    let change = kit.head();
    kit.approve_commit("carla", "cio");
    let record = kit.record();
    let judged = record.judged().unwrap();
    let commits: BTreeSet<usize> =
        [&change, &kit.head()].map(|oid| record.history.walk.index_of(Kit::oid(oid)).unwrap()).into();
    // Whoever wants to verify them again finds nothing to verify.
    for oid in [&change, &kit.head()] {
        std::fs::remove_file(loose(&kit, Kit::oid(oid))).unwrap();
    }
    let signatures = commit_signatures(&open(kit.path()), &record.history, judged, &commits).unwrap();
    let told: Vec<_> = signatures.values().map(|s| (s.state, s.person.as_deref().unwrap())).collect();
    assert_eq!(told, [(SignatureState::Good, "eve"), (SignatureState::Good, "carla")]);
}
