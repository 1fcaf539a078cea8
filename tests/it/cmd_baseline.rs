//! `smsctl baseline`: the whole way from recording to a new finding.

use std::path::Path;

use crate::run::{binary, disk, small, smsctl};

/// A document with a field that no schema knows, below so many lines of comment.
fn form(id: &str, lines: usize, wrong: &str) -> String {
    format!(
        "---\n{}id: {id}\nkind: form\ntitle: Form\nversion: 1.0\nstatus: draft\nowner: sms-owner\nclauses: [7.5.4]\n{wrong}---\n# Form\n",
        "# comment\n".repeat(lines)
    )
}

fn put(dir: &Path, path: &str, text: &str) {
    std::fs::write(dir.join(path), text).unwrap();
}

#[test]
fn only_what_is_new_fails() {
    let sms = disk(&small());
    put(sms.path(), "form.md", &form("FRM-01", 0, "colour: red\n"));
    let check = || smsctl(sms.path(), &["check", "--format", "concise"]);
    assert_eq!(check().status, 1, "{}", check().out);

    let ran = smsctl(sms.path(), &["baseline"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("Recorded ") && ran.out.contains(" in smsctl-baseline.json. "), "{}", ran.out);
    assert_eq!(check().status, 0, "{}", check().out);
    assert_eq!(smsctl(sms.path(), &["check", "--no-baseline"]).status, 1);

    // Lines move, the finding stays the one that was accepted.
    put(sms.path(), "form.md", &form("FRM-01", 5, "colour: red\n"));
    assert_eq!(check().status, 0, "{}", check().out);

    // A new one fails, and only it is shown.
    put(sms.path(), "form.md", &form("FRM-01", 5, "colour: red\nsize: 3\n"));
    let ran = check();
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("size") && !ran.out.contains("colour"), "{}", ran.out);

    // One that is gone is told, until the baseline is recorded again.
    put(sms.path(), "form.md", &form("FRM-01", 5, ""));
    let ran = check();
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("gone: field-unknown in form.md"), "{}", ran.out);
    assert!(smsctl(sms.path(), &["baseline"]).out.contains("(before: "));
    assert!(!check().out.contains("gone:"));
}

#[test]
fn recording_twice_gives_the_same_bytes_and_fits_the_schema() {
    let sms = disk(&small());
    put(sms.path(), "form.md", &form("FRM-01", 0, "colour: red\n"));
    let record = || {
        assert_eq!(smsctl(sms.path(), &["baseline", "-q"]).out, "");
        std::fs::read_to_string(sms.path().join("smsctl-baseline.json")).unwrap()
    };
    let first = record();
    assert_eq!(first, record());
    let schema = smsctl::schema::embedded("baseline.schema.json").unwrap();
    schema.accepts(&serde_json::from_str(&first).unwrap()).unwrap();
    assert_eq!(
        std::fs::read_dir(sms.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'))
            .count(),
        0
    );
}

#[test]
fn a_commit_has_no_baseline_to_record() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["baseline", "--rev", "HEAD"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.starts_with("a baseline is recorded from the files on disk"), "{}", ran.err);
    assert!(!sms.path().join("smsctl-baseline.json").exists());
}

#[test]
fn the_binary_records_and_checks() {
    let sms = disk(&small());
    put(sms.path(), "form.md", &form("FRM-01", 0, "colour: red\n"));
    binary(sms.path()).args(["check", "--today", "2026-11-20"]).assert().code(1);
    binary(sms.path()).args(["baseline", "--today", "2026-11-20"]).assert().success();
    binary(sms.path()).args(["check", "--today", "2026-11-20"]).assert().success();
}
