//! `smsctl record`: one entry more, everything else byte for byte as it was.

use std::path::Path;

use proptest::prelude::*;

use crate::common::{cases, copy, repository};
use crate::run::{disk, small, smsctl};

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

/// A copy of the sample SMS on disk.
fn sample() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&repository().join("examples/toolkit"), dir.path());
    dir
}

const MEASUREMENTS: &str = "registers/measurements.csv";

#[test]
fn a_measurement_goes_to_the_metric_of_its_objective() {
    let sms = sample();
    let before = read(sms.path(), MEASUREMENTS);
    let args = ["record", "measurement", "OBJ-03", "99.97", "--on", "2026-10-31", "--period", "2026-11"];
    let ran = smsctl(sms.path(), &args);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let after = read(sms.path(), MEASUREMENTS);
    let row = after.strip_prefix(&before).expect("everything before stays");
    let cells: Vec<&str> = row.trim_end().split(',').collect();
    assert_eq!(cells[1..], ["p1-restored-in-time", "2026-11", "99.97", "2026-10-31", "incident-manager", "", ""]);
    assert_eq!(ran.out.lines().next().unwrap(), format!("Added {} to {MEASUREMENTS}.", cells[0]));
}

#[test]
fn the_same_period_twice_is_refused() {
    let sms = sample();
    let before = read(sms.path(), MEASUREMENTS);
    let ran = smsctl(sms.path(), &["record", "measurement", "OBJ-03", "99.97", "--on", "2026-10-31"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("holds the value of p1-restored-in-time for 2026-10 already"), "{}", ran.err);
    assert_eq!(read(sms.path(), MEASUREMENTS), before);
}

#[test]
fn a_missed_target_is_told_and_not_refused() {
    let sms = sample();
    let ran = smsctl(sms.path(), &["record", "measurement", "p1-restored-in-time", "71", "--period", "2026-11"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("`smsctl check` will say: "), "{}", ran.out);
}

#[test]
fn what_the_schema_refuses_is_not_written() {
    let sms = sample();
    for (args, said) in [
        (&["record", "measurement", "OBJ-99", "1"][..], "`OBJ-99` is no metric and no objective"),
        (&["record", "measurement", "OBJ-03", "1", "--period", "October"], "nothing was written"),
        (&["record", "measurement", "OBJ-03", "1", "--period", "2026-11", "--by", "nobody"], "nothing was written"),
        (&["record", "measurement", "OBJ-03", "1", "--on", "2027-01-01"], "lies in the future"),
        (&["record", "entry", "improvements", "titel=x"], "has no field `titel`"),
        (&["record", "entry", "risk", "title=x"], "`risk` is no register"),
        (&["record", "entry", "improvements", "title=Only a title"], "nothing was written"),
        (&["record", "entry", "improvements", "no value"], "is no field with a value"),
        (
            &["record", "communication", "SMS-POL-99", "--type", "training", "--by", "sms-manager", "--location", "x"],
            "no document has the id",
        ),
        (&["record", "review", "OBJ-99"], "nothing here has the id `OBJ-99`"),
    ] {
        let ran = smsctl(sms.path(), args);
        assert_eq!(ran.status, 2, "{args:?}: {}", ran.out);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    let same = |path: &str| read(sms.path(), path) == read(&repository().join("examples/toolkit"), path);
    assert!(same(MEASUREMENTS) && same("registers/improvements.md") && same("registers/risks.md"));
}

#[test]
fn a_communication_names_the_version_in_force() {
    let sms = sample();
    let path = "registers/communication-evidence.md";
    let before = read(sms.path(), path);
    let args = [
        "record",
        "communication",
        "SMS-POL-01",
        "--type",
        "announcement",
        "--by",
        "chief-information-officer",
        "--location",
        "all-hands meeting, minutes: item 2",
        "--audience",
        "service-desk-agent,operations-engineer",
        "--invited",
        "142",
        "--reached",
        "130",
        "--on",
        "2026-11-19",
    ];
    let ran = smsctl(sms.path(), &args);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let after = read(sms.path(), path);
    let diff = similar::TextDiff::from_lines(&before, &after);
    let new: String =
        diff.iter_all_changes().filter(|c| c.tag() == similar::ChangeTag::Insert).map(|c| c.value()).collect();
    assert!(diff.iter_all_changes().all(|c| c.tag() != similar::ChangeTag::Delete));
    insta::assert_snapshot!(new);
}

#[test]
fn a_review_moves_the_days_and_nothing_else() {
    let sms = sample();
    let changed = |id: &str, path: &str, more: &[&str]| {
        let before = read(sms.path(), path);
        let ran = smsctl(sms.path(), &[&["record", "review", id, "--on", "2026-11-19"], more].concat());
        assert_eq!(ran.status, 0, "{id}: {}", ran.err);
        let after = read(sms.path(), path);
        let diff = similar::TextDiff::from_lines(&before, &after);
        let lines = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
        lines.map(|c| format!("{}{}", c.tag(), c.value())).collect::<String>()
    };
    insta::assert_snapshot!("document", changed("SMS-POL-10", "policies/change-management-policy.md", &[]));
    insta::assert_snapshot!("entry", changed("RSK-001", "registers/risks.md", &["--next", "2027-02-19"]));
}

#[test]
fn a_dry_run_shows_the_change_and_writes_nothing() {
    let sms = sample();
    let before = read(sms.path(), MEASUREMENTS);
    let ran = smsctl(sms.path(), &["record", "--dry-run", "measurement", "OBJ-03", "95", "--period", "2026-11"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("+MSR-") && ran.out.contains(",p1-restored-in-time,2026-11,95,"), "{}", ran.out);
    assert_eq!(read(sms.path(), MEASUREMENTS), before);
}

/// An SMS with one register of context issues, whose front matter ends with `entries`.
fn issues(entries: &str) -> tempfile::TempDir {
    let mut tree = small();
    let front = "---\nid: REG-ISS\nkind: register\nregister: context-issues\ntitle: Issues\nversion: 0.1\nstatus: draft\n\
                 owner: sms-owner\napprovers: [chief]\nclauses: [4.1]\n";
    tree.put(
        "registers/issues.md",
        Some(format!("{front}{entries}---\n# Issues\n\nBody - id: not an entry\n").into_bytes()),
    );
    disk(&tree)
}

const ISSUE: [&str; 7] = [
    "record",
    "entry",
    "context-issues",
    "issue=New: law, \"quoted\"",
    "side=external",
    "topic=climate",
    "relevance=not-relevant",
];

#[test]
fn every_way_to_write_a_list_is_met_or_refused() {
    let first = "  - id: ISS-01\n    issue: Old\n    side: internal\n    topic: climate\n    relevance: not-relevant\n    reason: R\n    reviewed_on: 2026-01-05\n";
    let block = "  - id: ISS-01\n    side: internal\n    topic: climate\n    relevance: not-relevant\n    reviewed_on: 2026-01-05\n    reason: R\n    issue: |\n      Two\n      lines\n";
    for entries in [
        format!("entries:\n{first}"),
        format!("entries:\n{}", first.replace("\n  ", "\n").replacen("  - ", "- ", 1)),
        format!("entries:\n{first}    # a comment behind\ntags: [a]\n"),
        format!("entries:\n{block}"),
        format!("entries:\n{block}tags: [a]\n"),
        "entries: []\n".to_owned(),
        "entries: [] # none yet\n".to_owned(),
        "entries:\n  - {id: ISS-01, issue: Old, side: internal, topic: climate, relevance: not-relevant, reason: R, reviewed_on: 2026-01-05}\n".to_owned(),
    ] {
        for entries in [entries.clone(), entries.replace('\n', "\r\n")] {
            let sms = issues(&entries);
            let before = read(sms.path(), "registers/issues.md");
            let ran = smsctl(sms.path(), &[&ISSUE[..], &["reason=Looked at", "reviewed_on=2026-11-02"]].concat());
            assert_eq!(ran.status, 0, "{entries}\n{}", ran.err);
            let after = read(sms.path(), "registers/issues.md");
            let kept = |line: &&str| !line.starts_with("entries: []");
            let mut rest = after.lines();
            for line in before.lines().filter(kept) {
                assert!(rest.any(|l| l == line), "{line:?} is gone from\n{after}");
            }
            let ws = smsctl::workspace::load(&smsctl::source::WorkTree::open(sms.path()), &|_, _| {}).unwrap();
            let told = ws.of_type("context-issue").last().and_then(|e| e.str("issue")).map(str::to_owned);
            assert_eq!(told.as_deref(), Some("New: law, \"quoted\""), "{after}");
        }
    }
    let sms = issues(
        "entries: [{id: ISS-01, issue: Old, side: internal, topic: climate, relevance: not-relevant, reason: R, reviewed_on: 2026-01-05}]\n",
    );
    let ran = smsctl(sms.path(), &[&ISSUE[..], &["reason=Looked at", "reviewed_on=2026-11-02"]].concat());
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("written on one line"), "{}", ran.err);
}

proptest! {
    #![proptest_config(cases(40))]

    /// Whatever is typed as a text comes back as that text, or nothing is written.
    #[test]
    fn any_text_comes_back(text in "\\PC{1,40}") {
        let text = text.trim();
        let sms = issues("entries: []\n");
        let before = read(sms.path(), "registers/issues.md");
        let issue = format!("issue={text}");
        let args = [&ISSUE[..3], &[issue.as_str()], &ISSUE[4..], &["reason=R", "reviewed_on=2026-11-02"]].concat();
        let ran = smsctl(sms.path(), &args);
        let after = read(sms.path(), "registers/issues.md");
        if ran.status == 0 {
            let ws = smsctl::workspace::load(&smsctl::source::WorkTree::open(sms.path()), &|_, _| {}).unwrap();
            let told = ws.of_type("context-issue").next().and_then(|e| e.str("issue")).map(str::to_owned);
            prop_assert_eq!(told.as_deref(), Some(text));
        } else {
            prop_assert_eq!(before, after);
        }
    }
}
