//! Malformed commits and tags: what the reader says, beside what stock Git says.

use std::sync::LazyLock;

use smsctl::signature::{Oddity, RawCommit, RawTag, Verdict, ssh};

use super::{Bench, fold, insert};

const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const OTHER: &str = "8d3a7a2f1c5b4e6d9f0a1b2c3d4e5f6071829304";
const WHO: &str = "Carla Ito <carla@example.org> 1770000000 +0100";

struct Shop {
    bench: Bench,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let bench = Bench::new();
    let key = bench.ssh_key("key", &["ed25519"]);
    bench.put("allowed", format!("carla@example.org {key}\n"));
    bench.repository();
    bench.git(&["hash-object", "-t", "tree", "-w", "--stdin"], b"");
    Shop { bench }
});

impl Shop {
    fn sign(&self, payload: &[u8]) -> Vec<u8> {
        self.bench.ssh_sign("key", "git", payload)
    }

    /// The payload with its own signature in place.
    fn signed(&self, payload: &[u8]) -> Vec<u8> {
        insert(payload, "gpgsig", &self.sign(payload))
    }

    /// `G` or `B` or `N`, or what Git complains of.
    fn git(&self, raw: &[u8]) -> String {
        let id = self.bench.commit_object(raw);
        let answer = self.bench.run("git", &["-C", "repo", "log", "-1", "--no-walk", "--format=%G?", &id], b"");
        let checked = self.bench.verify_commit(&id);
        let letter = match answer {
            _ if answer.ok => answer.text().trim().to_owned(),
            // ssh-keygen refuses some signatures before it reads what they sign; a Git that is slower dies of the closed pipe.
            _ if answer.hung_up => "B".to_owned(),
            _ => "refused".to_owned(),
        };
        assert_eq!(letter == "G", checked.ok, "the two ways to ask Git agree: {letter} {}", checked.err);
        letter
    }
}

fn plain() -> Vec<u8> {
    format!("tree {TREE}\nauthor {WHO}\ncommitter {WHO}\n\nsubject\n\nSMS-Approval: v1\n").into_bytes()
}

fn replaced(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

/// Our letter, and whether an approval may look like this.
fn ours(raw: &[u8]) -> (&'static str, bool) {
    let Ok(commit) = RawCommit::parse(raw) else {
        return ("refused", false);
    };
    let letter = match &commit.signature {
        None if commit.oddities.contains(&Oddity::SecondSignature) => "refused",
        None => "N",
        Some(armored) => match ssh::verify(&RawCommit::payload(raw), armored, "git") {
            Verdict::Good { .. } => "G",
            _ => "B",
        },
    };
    (letter, commit.strict())
}

#[test]
fn verdicts_on_malformed_commits() {
    let shop = &*SHOP;
    let signed = shop.signed(&plain());
    let signature = shop.sign(&plain());
    let header = |name: &str| insert(&signed, name, b"attacker data");
    let with = |from: &str, to: &str| shop.signed(&replaced(&plain(), from, to));
    let committer = format!("committer {WHO}\n");
    let nul = |raw: &[u8]| [raw, b"\0hidden\n"].concat();
    let indented = String::from_utf8(signed.clone()).unwrap().replace("\n ", "\n  ").into_bytes();
    // Name, object, Git's letter, our letter, whether it may be an approval.
    let cases: Vec<(&str, Vec<u8>, &str, &str, bool)> = vec![
        ("plain", signed.clone(), "G", "G", true),
        ("unsigned", plain(), "N", "N", false),
        ("signature in the body", [plain(), fold("gpgsig", &signature)].concat(), "N", "N", false),
        ("text behind a NUL", nul(&signed), "B", "B", false),
        ("NUL, signed in full", shop.signed(&nul(&plain())), "G", "G", false),
        ("second gpgsig", insert(&signed, "gpgsig", &signature), "G", "refused", false),
        ("gpgsig-sha256 beside", insert(&signed, "gpgsig-sha256", &signature), "G", "G", false),
        (
            "gpgsig-sha256 before",
            insert(&insert(&plain(), "gpgsig-sha256", &signature), "gpgsig", &signature),
            "G",
            "G",
            false,
        ),
        ("gpgsigX", header("gpgsigX"), "G", "G", false),
        ("two trees", with("author", &format!("tree {OTHER}\nauthor")), "G", "G", false),
        ("two committers", with(&committer, &committer.repeat(2)), "G", "G", false),
        ("two authors", with("author", &format!("author {WHO}\nauthor")), "G", "G", false),
        ("late tree", with(&committer, &format!("{committer}tree {OTHER}\n")), "G", "G", false),
        ("late parent", with(&committer, &format!("{committer}parent {OTHER}\n")), "G", "G", false),
        ("unknown header, signed", with(&committer, &format!("{committer}change-id abc\n")), "G", "G", false),
        ("unknown header, late", header("note"), "B", "B", false),
        ("CR in the message", with("subject", "subject\r"), "G", "G", false),
        ("encoding UTF-8", with(&committer, &format!("{committer}encoding UTF-8\n")), "G", "G", true),
        ("encoding UTF-7", with(&committer, &format!("{committer}encoding UTF-7\n")), "G", "G", false),
        ("swapped tree", replaced(&signed, TREE, OTHER), "B", "B", true),
        ("edited message", replaced(&signed, "subject", "Subject"), "B", "B", true),
        ("signature indented twice", indented, "B", "B", false),
        ("one line of it", replaced(&signed, "\n ", "\n  "), "G", "G", true),
        ("author without address", with(&format!("author {WHO}"), "author Carla"), "G", "G", false),
        ("merge header", with(&committer, &format!("{committer}mergetag object {OTHER}\n more\n")), "G", "G", false),
    ];
    for (name, raw, git, letter, strict) in cases {
        assert_eq!((shop.git(&raw).as_str(), ours(&raw)), (git, (letter, strict)), "{name}");
    }
}

#[test]
fn a_signature_before_the_tree_is_no_commit() {
    let signature = SHOP.sign(&plain());
    let raw = [fold("gpgsig", &signature), plain()].concat();
    assert_eq!(RawCommit::parse(&raw).unwrap_err().to_string(), "the first header is not `tree`");
    assert!(!SHOP.bench.verify_commit(&SHOP.bench.commit_object(&raw)).ok);
}

#[test]
fn what_is_no_commit_is_told() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "there are no headers"),
        (b"\n", "there are no headers"),
        (b" x\n", "the first header is no header"),
        (b"tree 12\n\n", "`tree` is no object id"),
        (b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904", "the last header has no end"),
        (b"tree 4B825DC642CB6EB9A060E54BF8D69288FBEE4904\n\n", "`tree` is no object id"),
        (b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent x\n\n", "`parent` is no object id"),
        (b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\n", "there is no header `author`"),
    ];
    for (raw, reason) in cases {
        assert_eq!(RawCommit::parse(raw).unwrap_err().to_string(), reason);
    }
}

#[test]
fn fields_are_read_and_the_first_of_a_doubled_header_counts() {
    let raw = format!(
        "tree {TREE}\nparent {OTHER}\nparent {TREE}\nauthor J\u{f6}rg M <j@x> 5 -0130\ncommitter A B <a@b> 7 +1400\n\
         committer C <c@d> 9 +0000\n\nbody\n"
    );
    let commit = RawCommit::parse(raw.as_bytes()).unwrap();
    assert_eq!((commit.tree, commit.parents.as_slice()), (TREE, &[OTHER, TREE][..]));
    assert_eq!((commit.author.name.as_str(), commit.author.email.as_str()), ("J\u{f6}rg M", "j@x"));
    assert_eq!((commit.author.time, commit.author.offset_minutes), (5, -90));
    assert_eq!((commit.committer.email.as_str(), commit.committer.offset_minutes), ("a@b", 840));
    assert_eq!((commit.message, commit.signature), (&b"body\n"[..], None));
    assert_eq!(commit.oddities, [Oddity::Doubled("committer".into())]);
}

#[test]
fn each_oddity_is_named() {
    let base = String::from_utf8(plain()).unwrap();
    let odd = |from: &str, to: &str| RawCommit::parse(base.replacen(from, to, 1).as_bytes()).unwrap().oddities;
    assert_eq!(odd("", ""), []);
    let author = format!("author {WHO}");
    for identity in [
        "author Carla Ito <carla@example.org> 1770000000",
        "author Carla Ito <carla@example.org> -5 +0100",
        "author Carla Ito <carla@example.org> 1770000000 +9900",
        "author Carla Ito <carla@example.org> 01770000000 +0100",
        "author Carla Ito <carla@example.org>  1770000000 +0100",
        "author Carla Ito<carla@example.org> 1770000000 +0100",
        "author Carla <x> Ito <carla@example.org> 1770000000 +0100",
        "author Carla\tIto <carla@example.org> 1770000000 +0100",
    ] {
        assert_eq!(odd(&author, identity), [Oddity::OddIdentity("author".into())], "{identity}");
    }
    assert_eq!(odd(&author, &format!("author {WHO}\n more")), [Oddity::Folded("author".into())]);
    assert_eq!(odd("subject", "sub\0ject"), [Oddity::Nul]);
    assert_eq!(odd("subject", "-----BEGIN SSH SIGNATURE-----"), [Oddity::SignatureInText]);
    assert_eq!(odd("subject", "gpgsig x"), [Oddity::SignatureInText]);
    assert_eq!(odd("\n\nsubject\n\nSMS-Approval: v1\n", "\n"), [Oddity::NoBlankLine]);
    let gpgsig = format!("committer {WHO}\ngpgsig hello");
    assert_eq!(odd(&format!("committer {WHO}"), &gpgsig), [Oddity::OddSignature]);
    let empty = format!("committer {WHO}\ngpgsig");
    assert_eq!(odd(&format!("committer {WHO}"), &empty), [Oddity::OtherSignatureHeader("gpgsig".into())]);
    let late = format!("tree {TREE}\ncommitter {WHO}\nauthor {WHO}\n\n");
    assert_eq!(RawCommit::parse(late.as_bytes()).unwrap().oddities, [Oddity::Late("author".into())]);
    let latin = base.replace("subject", "\u{e9}").into_bytes();
    let latin: Vec<u8> = latin.iter().copied().filter(|b| *b != 0xc3).collect();
    assert_eq!(RawCommit::parse(&latin).unwrap().oddities, [Oddity::NotUtf8]);
}

#[test]
fn commits_of_a_sha256_repository_are_read() {
    let bench = Bench::new();
    let key = bench.ssh_key("key", &["ed25519"]);
    bench.put("allowed", format!("carla@example.org {key}\n"));
    bench.must("git", &["init", "-q", "-b", "main", "--object-format=sha256", "repo"], b"");
    bench.git(&["config", "gpg.format", "ssh"], b"");
    bench.git(&["config", "user.signingkey", bench.path("key").to_str().unwrap()], b"");
    for message in ["one", "two"] {
        bench.git(&["commit", "-q", "--allow-empty", "-S", "-m", message], b"");
    }
    let raw = bench.git(&["cat-file", "commit", "HEAD"], b"");
    let commit = RawCommit::parse(&raw).unwrap();
    assert_eq!((commit.tree.len(), commit.parents.len(), commit.strict()), (64, 1, true), "{:?}", commit.oddities);
    assert_eq!(ours(&raw), ("G", true));
}

fn tag(text: &str) -> Vec<u8> {
    format!("object {OTHER}\ntype commit\ntag v1\ntagger {WHO}\n\n{text}").into_bytes()
}

#[test]
fn tags_are_read_and_verified() {
    let shop = &*SHOP;
    let payload = tag("text\n");
    let raw = [payload.clone(), shop.sign(&payload)].concat();
    let read = RawTag::parse(&raw).unwrap();
    assert!(read.strict(), "{:?}", read.oddities);
    assert_eq!((read.object, read.kind, read.name, read.message), (OTHER, "commit", "v1", &b"text\n"[..]));
    assert_eq!(RawTag::payload(&raw), payload);
    let armored = read.signature.unwrap();
    assert!(ssh::verify(&payload, &armored, "git").good().is_some());
    let id = shop.bench.git(&["hash-object", "-t", "tag", "--literally", "-w", "--stdin"], &raw);
    let id = String::from_utf8(id).unwrap();
    assert!(shop.bench.run("git", &["-C", "repo", "verify-tag", id.trim()], b"").ok);
    // Two signatures: Git takes the last, a checkpoint has one.
    let twice = [tag("text\n"), shop.sign(b"x"), shop.sign(&payload)].concat();
    assert!(RawTag::parse(&twice).unwrap().oddities.contains(&Oddity::SignatureInText));
    let doubled = replaced(&raw, "tagger", "tag v2\ntagger");
    assert_eq!(RawTag::parse(&doubled).unwrap().oddities, [Oddity::Doubled("tag".into())]);
    let header = insert(&raw, "gpgsigX", b"data");
    assert_eq!(RawTag::parse(&header).unwrap().oddities, [Oddity::OtherSignatureHeader("gpgsigX".into())]);
    assert_eq!(RawTag::payload(&header), payload);
    assert!(!RawTag::parse(&tag("text\n")).unwrap().strict());
    assert!(RawTag::parse(b"object x\ntype commit\ntag v\n\n").is_err());
}
