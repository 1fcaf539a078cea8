//! Commits made with stock Git: our verdict beside Git's, for each kind of key.

#[cfg(feature = "openpgp")]
use smsctl::signature::{
    Armor, armor,
    openpgp::{self, Certificate},
};
use smsctl::signature::{RawCommit, Verdict, ssh};

use super::{Bench, fold};

const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const MESSAGES: [&str; 6] = [
    "plain",
    "subject\n\nbody with \u{fc}mlauts \u{1f512}\n\nSMS-Approval: v1\nSMS-Role: cio",
    "carriage\r\nreturns\r\n",
    "trailing blanks   \n\n\n",
    "gpgsig in the text\n\ngpgsig -----BEGIN\n here\n",
    "\n\nblank lines first",
];

/// Makes commits with Git, some with several parents, and changes every fifth behind Git's back. Returns their ids.
fn make(bench: &Bench, count: usize) -> Vec<String> {
    let tree = bench.git(&["hash-object", "-t", "tree", "-w", "--stdin"], b"");
    assert_eq!(String::from_utf8(tree).unwrap().trim(), TREE);
    let mut ids: Vec<String> = Vec::new();
    for number in 0..count {
        let message = format!("{}\n{number}\n", MESSAGES[number % MESSAGES.len()]);
        let parents: Vec<&String> = ids.iter().rev().take(number % 4).collect();
        let mut arguments = vec!["commit-tree", "-S", TREE];
        for parent in &parents {
            arguments.extend(["-p", parent.as_str()]);
        }
        let id = bench.git(&arguments, message.as_bytes());
        ids.push(String::from_utf8(id).unwrap().trim().to_owned());
    }
    let changed = ids.iter().step_by(5).map(|id| {
        let raw = bench.git(&["cat-file", "commit", id], b"");
        let at = raw.windows(2).position(|w| w == b"\n\n").unwrap();
        bench.commit_object(&[&raw[..at], b"\n\nx", &raw[at + 2..]].concat())
    });
    let changed: Vec<String> = changed.collect();
    ids.extend(changed);
    ids
}

/// Letter, key and id of each commit, as `git log` says.
fn stock(bench: &Bench, ids: &[String]) -> Vec<(String, char, String)> {
    let list = ids.join("\n");
    let log = bench.git(&["log", "--no-walk=unsorted", "--stdin", "--format=%H %G? %GF %GP"], list.as_bytes());
    let log = String::from_utf8(log).unwrap();
    let line = |l: &str| {
        let mut words = l.split(' ');
        let (id, letter) = (words.next().unwrap().to_owned(), words.next().unwrap().chars().next().unwrap());
        // The OpenPGP primary key, or the SSH key, which has none.
        (id, letter, words.rfind(|w| !w.is_empty()).unwrap_or_default().to_owned())
    };
    log.lines().map(line).collect()
}

fn compare(bench: &Bench, count: usize, verify: &dyn Fn(&[u8], &[u8]) -> Verdict) {
    let ids = make(bench, count);
    let said = stock(bench, &ids);
    assert_eq!(said.len(), ids.len());
    let (mut good, mut bad) = (0, 0);
    for (id, letter, key) in said {
        let raw = bench.git(&["cat-file", "commit", &id], b"");
        let commit = RawCommit::parse(&raw).unwrap();
        let armored = commit.signature.clone().unwrap();
        let payload = RawCommit::payload(&raw);
        let header = fold("gpgsig", &armored);
        // The payload with the header in its place again is the object.
        let at =
            raw.windows(header.len()).position(|w| w == header.as_slice()).expect("the header folds as Git folds it");
        assert_eq!([&payload[..at], &header, &payload[at..]].concat(), raw);
        match verify(&payload, &armored) {
            Verdict::Good { key: ours, .. } => {
                assert_eq!((letter, ours.0.as_str()), ('G', key.as_str()), "{id}");
                good += 1;
            }
            Verdict::Bad(_) => {
                assert_eq!(letter, 'B', "{id}");
                bad += 1;
            }
            other => panic!("{id}: {other}, Git says {letter}"),
        }
    }
    assert_eq!((good, bad), (count, count.div_ceil(5)));
}

fn ssh_commits(kind: &[&str], count: usize) {
    let bench = Bench::new();
    let key = bench.ssh_key("key", kind);
    bench.put("allowed", format!("carla@example.org {key}\n"));
    bench.repository();
    bench.git(&["config", "user.signingkey", bench.path("key").to_str().unwrap()], b"");
    compare(&bench, count, &|payload, armored| ssh::verify(payload, armored, "git"));
}

#[cfg(feature = "openpgp")]
fn openpgp_commits(algorithm: &str, count: usize) {
    if !crate::oracle::here("gpg") {
        return;
    }
    let bench = Bench::new();
    let key = bench.gpg_key("carla", algorithm, "sign", "20260101T000000", "0");
    bench.repository();
    bench.git(&["config", "gpg.format", "openpgp"], b"");
    bench.git(&["config", "user.signingkey", &key], b"");
    let certificates = Certificate::parse(&bench.gpg(&["--armor", "--export", &key], b"")).unwrap();
    let now = bench.must("date", &["+%s"], b"");
    let now: i64 = String::from_utf8(now).unwrap().trim().parse().unwrap();
    compare(&bench, count, &|payload, armored| {
        assert_eq!(armor(armored), Armor::OpenPgp);
        openpgp::verify(payload, armored, &certificates, now)
    });
}

#[test]
fn ed25519() {
    ssh_commits(&["ed25519"], 60);
}

#[test]
fn ecdsa_p256() {
    ssh_commits(&["ecdsa", "-b", "256"], 60);
}

#[test]
fn rsa_3072() {
    ssh_commits(&["rsa", "-b", "3072"], 60);
}

#[cfg(feature = "openpgp")]
#[test]
fn openpgp_ed25519() {
    openpgp_commits("ed25519", 45);
}

#[cfg(feature = "openpgp")]
#[test]
fn openpgp_rsa() {
    openpgp_commits("rsa3072", 15);
}

/// Minutes: run by hand with `cargo test --test it -- --ignored thousand`.
#[cfg(feature = "openpgp")]
#[test]
#[ignore = "takes minutes"]
fn a_thousand_of_each() {
    ssh_commits(&["ed25519"], 800);
    ssh_commits(&["ecdsa", "-b", "256"], 100);
    ssh_commits(&["rsa", "-b", "3072"], 100);
    openpgp_commits("ed25519", 800);
    openpgp_commits("rsa3072", 200);
}
