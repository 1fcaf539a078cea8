//! `init --example`: the sample organization with its signed history.
#![allow(clippy::disallowed_methods, reason = "stock git is the oracle")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use smsctl::finding::Severity;
use smsctl::history::{Repository, Trails};
use smsctl::report::DocumentHistory;
use smsctl::scaffold::{self, ExampleMade};
use smsctl::source::WorkTree;
use smsctl::trust::{ApprovalClass, Carrier, Control, Options, PinSource, Record, Root, Subject, Verdict, statement};
use smsctl::workspace;
use tempfile::TempDir;

use crate::common;

/// 2026-11-20, end of the day.
const NOW: i64 = 1_795_219_200;

pub struct Example {
    pub folder: TempDir,
    pub made: ExampleMade,
}

/// Made once for all tests, which leave it as it is.
pub static EXAMPLE: LazyLock<Example> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let made = scaffold::make_example(folder.path()).unwrap();
    Example { folder, made }
});

fn git(folder: &Path, args: &[&str]) -> (bool, String) {
    let out = common::alone("git", folder)
        .args(args)
        .current_dir(folder)
        .env("TZ", "UTC")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.success(), text)
}

pub fn record(options: Options) -> Record {
    let repository = Repository::discover(EXAMPLE.folder.path()).unwrap().unwrap();
    Record::evaluate(&repository, &Options { now: NOW, ..options }, &|_| {}).unwrap()
}

pub static RECORD: LazyLock<Record> =
    LazyLock::new(|| record(Options { root: Root::parse(&EXAMPLE.made.root), ..Options::default() }));

/// Another process makes the same history, where nothing was yet.
#[test]
fn the_history_is_the_same_each_time_and_the_command_says_what_to_do_next() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["init", "--example", "not/there/yet"];
    let out = crate::run::binary(folder.path()).args(args).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{text}");
    for words in ["throw-away keys", &EXAMPLE.made.root, "smsctl -C not/there/yet history SMS-POL-01"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (_, tip) = git(&folder.path().join("not/there/yet"), &["rev-parse", "HEAD"]);
    assert_eq!(tip.trim(), EXAMPLE.made.tip);
    // Changes with every change of examples/toolkit, of story.toml and of the generator: take the value the test shows.
    assert_eq!(EXAMPLE.made.tip, "019cb5540be0591e390ce304137a6751fed9681c");
}

#[test]
fn stock_git_finds_a_clean_repository() {
    let folder = EXAMPLE.folder.path();
    assert_eq!(git(folder, &["fsck", "--full", "--strict"]), (true, String::new()));
    assert_eq!(git(folder, &["status", "--porcelain"]), (true, String::new()));
    assert_eq!(git(folder, &["branch", "--show-current"]), (true, "main\n".into()));
    assert_eq!(git(folder, &["rev-list", "--count", "HEAD"]).1.trim(), EXAMPLE.made.commits.to_string());
    let counted = git(folder, &["count-objects", "-v"]).1;
    assert!(counted.contains("count: 0\n") && counted.contains("packs: 1\n"), "{counted}");
    let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|n| !n.to_str().unwrap().starts_with(".smsctl-")), "{names:?}");
}

#[test]
fn the_story_is_long_enough() {
    assert!(EXAMPLE.made.commits >= 280, "{}", EXAMPLE.made.commits);
    assert!(EXAMPLE.made.approvals >= 55, "{}", EXAMPLE.made.approvals);
    let judged = RECORD.judged().unwrap();
    assert_eq!(judged.chain.states().len(), 8);
    assert_eq!(judged.checkpoints.len(), 3);
    assert_eq!(judged.pin, PinSource::Argument);
    let carriers = |file: bool| {
        judged.approvals.iter().filter(|a| a.counts() && matches!(a.carrier, Carrier::File { .. }) == file).count()
    };
    assert!(carriers(true) > 30 && carriers(false) > 20, "{} {}", carriers(true), carriers(false));
    let merges = RECORD.history.walk.commits.iter().filter(|c| c.parents.len() == 2).count();
    assert!(merges > 10, "{merges}");
}

#[test]
fn dates_never_go_back() {
    let (_, text) = git(EXAMPLE.folder.path(), &["log", "--format=%ct %at %P|%H"]);
    let times: BTreeMap<&str, i64> =
        text.lines().map(|l| (l.split_once('|').unwrap().1, l.split(' ').next().unwrap().parse().unwrap())).collect();
    for line in text.lines() {
        let (head, oid) = line.split_once('|').unwrap();
        let words: Vec<&str> = head.split(' ').collect();
        assert_eq!(words[0], words[1], "{oid}");
        assert!(words[2..].iter().filter(|p| !p.is_empty()).all(|p| times[p] < times[oid]), "{oid}");
    }
}

#[test]
fn the_record_holds_without_an_error() {
    let bad: Vec<_> = RECORD.issues.iter().filter(|i| i.severity == Severity::Error).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let judged = RECORD.judged().unwrap();
    let refused: Vec<_> = judged.approvals.iter().filter(|a| !a.counts()).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(judged.checkpoints.iter().all(|c| c.reasons.is_empty()), "{:#?}", judged.checkpoints);
}

#[test]
fn every_artifact_is_approved() {
    let judged = RECORD.judged().unwrap();
    let mut bad = Vec::new();
    let mut approved = 0;
    for (path, bytes) in documents() {
        let Some(control) = Control::read(&bytes).filter(|c| c.status == "approved") else { continue };
        let digest = statement::digest(&bytes);
        match judged.verdict(&Subject { control: &control, digest: &digest }) {
            Verdict::Approved(_) => approved += 1,
            Verdict::NotRequired => {}
            other => bad.push(format!("{path}: {other:?}")),
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(approved > 35, "{approved}");
}

fn documents() -> Vec<(String, Vec<u8>)> {
    let (_, list) = git(EXAMPLE.folder.path(), &["ls-files", "*.md"]);
    list.lines().map(|p| (p.to_owned(), std::fs::read(EXAMPLE.folder.path().join(p)).unwrap())).collect()
}

#[test]
fn the_files_are_those_of_the_sample() {
    let sample = common::repository().join("examples/toolkit");
    let (_, list) = git(EXAMPLE.folder.path(), &["ls-files"]);
    let own = |p: &str| ["trust/", "approvals/", "checkpoints/"].iter().any(|f| p.starts_with(f));
    for path in list.lines().filter(|p| !own(p) && !matches!(*p, "README.md" | "smsctl.toml" | ".gitattributes")) {
        let read = |root: &Path| std::fs::read(root.join(path)).unwrap();
        assert!(read(EXAMPLE.folder.path()) == read(&sample), "{path}");
    }
    let read = |root: &Path, name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    assert!(read(EXAMPLE.folder.path(), "README.md").starts_with(&read(&sample, "README.md")));
    assert!(read(EXAMPLE.folder.path(), "README.md").contains("throw-away keys"));
    let settings = read(EXAMPLE.folder.path(), "smsctl.toml");
    assert!(!settings.contains("[trust]") && settings.contains("today = 2026-11-20"), "{settings}");
    assert!(read(&sample, "smsctl.toml").starts_with(&settings));
}

/// Each commit against the signers its first parent lists, with stock Git on a fresh clone.
#[test]
fn stock_git_agrees_with_every_signature() {
    let work = tempfile::tempdir().unwrap();
    let clone: PathBuf = work.path().join("clone");
    let from = EXAMPLE.folder.path().to_str().unwrap();
    let (ok, text) = git(work.path(), &["clone", "--quiet", "--no-local", from, clone.to_str().unwrap()]);
    assert!(ok, "{text}");
    let (_, log) = git(&clone, &["log", "--format=%H %P|%cn"]);
    let (made_here, signed): (Vec<_>, Vec<_>) =
        log.lines().map(|line| line.split_once('|').unwrap()).partition(|(_, committer)| *committer == "Northwind Git");
    assert!(made_here.len() > 10, "{made_here:?}");
    let commits = signed.iter().map(|(oids, _)| oids.split_whitespace().collect::<Vec<_>>()).collect::<Vec<_>>();
    let signers = commits.iter().map(|oids| format!("{}:trust/allowed_signers", oids.get(1).unwrap_or(&oids[0])));
    let signers: Vec<String> = std::iter::once("rev-parse".to_owned()).chain(signers).collect();
    let (ok, blobs) = git(&clone, &signers.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(ok && blobs.lines().count() == commits.len(), "{blobs}");
    let mut by_signers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (blob, oids) in blobs.lines().zip(&commits) {
        by_signers.entry(blob).or_default().push(oids[0]);
    }
    for (blob, commits) in by_signers {
        let signers = work.path().join("signers");
        std::fs::write(&signers, git(&clone, &["cat-file", "blob", blob]).1).unwrap();
        let setting = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        let mut args = vec!["-c", setting.as_str(), "verify-commit"];
        args.extend(&commits);
        let (ok, text) = git(&clone, &args);
        assert!(ok && text.matches("Good \"git\" signature").count() == commits.len(), "{text}");
    }
}

#[test]
fn check_says_of_it_what_it_says_of_the_sample() {
    let (workspace, verdict) =
        common::check(&smsctl::source::MemoryTree::copy_of(&WorkTree::open(EXAMPLE.folder.path())));
    assert_eq!(common::lines(&workspace, &verdict), Vec::<String>::new());
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    assert!(scaffold::make_example(folder.path()).is_err());
    assert!(scaffold::make_example(&folder.path().join("mine.txt")).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The script of docs/auditor.sh, with stock tools only, finds the very approvals that smsctl counts.
#[cfg(unix)]
#[test]
fn the_auditors_script_agrees_with_verify() {
    let script = common::repository().join("docs/auditor.sh");
    let out = Command::new("sh")
        .arg(script)
        .arg(EXAMPLE.folder.path())
        .arg(&EXAMPLE.made.root)
        .env("HOME", EXAMPLE.folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{text}");
    let mut theirs: Vec<String> = text
        .lines()
        .filter_map(|l| l.strip_prefix("ok "))
        .map(|l| l.split(' ').take(4).collect::<Vec<_>>().join(" "))
        .collect();
    let carrier = |c: &Carrier| if matches!(c, Carrier::File { .. }) { "file" } else { "commit" };
    let approvals = RECORD.judged().unwrap().approvals.iter().filter(|a| a.present && a.reasons.is_empty());
    let mut ours: Vec<String> = approvals
        .map(|a| {
            let s = &a.statement;
            format!("{} {} {} {}", carrier(&a.carrier), s.artifact, s.version, s.role)
        })
        .collect();
    theirs.sort();
    ours.sort();
    assert_eq!(theirs, ours);
}

#[test]
fn the_sample_passes_an_audit() {
    let ran = crate::run::smsctl(EXAMPLE.folder.path(), &["verify", "--audit", "--root", &EXAMPLE.made.root]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("Verified: every document that claims an approval has it."), "{}", ran.out);
}

#[test]
fn one_document_is_judged_alone_as_among_all() {
    let ws = workspace::load(&WorkTree::open(EXAMPLE.folder.path()), &|_, _| {}).unwrap();
    for id in ["SMS-POL-01", "SMS-REG-RSK"] {
        let only =
            record(Options { root: Root::parse(&EXAMPLE.made.root), only: Some(id.into()), ..Options::default() });
        assert!(only.judged().unwrap().approvals.iter().all(|a| a.statement.artifact == id));
        let told = |record: &Record| {
            let trail = Trails::of(&record.history.walk, &record.history.lineages).trail(id);
            DocumentHistory::new(&ws, record, &trail, &BTreeMap::new(), id).unwrap().json()
        };
        assert_eq!(told(&only), told(&RECORD));
    }
}

/// The sample has editorial approvals, and each difference of them is named.
#[test]
fn editorial_versions_of_the_sample_are_proved() {
    let judged = RECORD.judged.as_ref().unwrap();
    let mut found: Vec<String> = Vec::new();
    for (id, versions) in &judged.versions {
        let editorial = versions.approved.iter().filter(|v| v.class == ApprovalClass::Editorial);
        found.extend(editorial.map(|v| format!("{id} {}{}", v.version, v.how())));
    }
    insta::assert_snapshot!(found.join("\n"), @r"
    SMS-POL-01 1.2.1 as an editorial change (spelling `curent` to `current` in line 140, spelling `collegues` to `colleagues` in line 140)
    SMS-POL-12 1.4.1 as an editorial change (spelling `ownes` to `owns` in line 41)
    ");
}
