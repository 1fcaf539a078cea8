//! `smsctl generate` and the computed views of `list`.

use std::path::Path;

use smsctl::source::WorkTree;

use crate::common::{copy, repository};
use crate::run::{disk, small, smsctl};

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

/// The small SMS with a page that holds one generated table.
fn with_table(words: &str) -> tempfile::TempDir {
    let mut tree = small();
    let page = format!("# Page\n\n<!-- smsctl-generated: {words} -->\n<!-- /smsctl-generated -->\n\nEnd.\n");
    tree.put("README.md", Some(page.into_bytes()));
    disk(&tree)
}

#[test]
fn a_selection_of_a_register_is_written_and_kept() {
    let sms = with_table("table objectives id,title,target.value,owner where status=active");
    let checked = smsctl(sms.path(), &["generate", "--check"]);
    assert_eq!(
        (checked.status, checked.out.as_str()),
        (1, "README.md is out of date.\n`smsctl generate` brings them up to date.\n")
    );
    let ran = smsctl(sms.path(), &["generate"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    insta::assert_snapshot!(read(sms.path(), "README.md"));
    assert_eq!(smsctl(sms.path(), &["generate", "--check"]).status, 0);
    // What a register gains goes stale in the table.
    let path = sms.path().join("registers/objectives.md");
    std::fs::write(&path, read(sms.path(), "registers/objectives.md").replacen("title: ", "title: New ", 2)).unwrap();
    assert_eq!(smsctl(sms.path(), &["generate", "tables", "--check"]).status, 1);
}

#[test]
fn what_cannot_be_computed_is_said_with_the_nearest_name() {
    for (words, said) in [
        ("table objektives id", "asks for `objektives`, which is no register"),
        ("table objectives", "names no field"),
        ("table objectives id,titel", "`objectives` has no field `titel`"),
        ("table objectives id where status", "`status` in the generated table is no condition"),
        ("evidenz", "there is no generated table `evidenz`"),
    ] {
        let sms = with_table(words);
        let ran = smsctl(sms.path(), &["check", "--format", "concise"]);
        assert!(ran.out.contains(said), "{words}: {}", ran.out);
        assert!(read(sms.path(), "README.md").contains("-->\n<!-- /"), "nothing is written for {words}");
    }
}

#[test]
fn views_are_listed_without_a_document() {
    let sms = disk(&small());
    for view in ["evidence", "overview", "problems", "records", "toolkit"] {
        let ran = smsctl(sms.path(), &["list", "--view", view, "--format", "json"]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{view}");
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(json["schema"], "smsctl-list/1");
    }
    let evidence = smsctl(sms.path(), &["list", "--view", "evidence", "--format", "csv"]).out;
    assert_eq!(evidence.lines().count(), 1 + 63, "every clause without one below it");
    assert!(evidence.contains("5.2.1,Establishing the service management policy,POL-01,"), "{evidence}");
    let toolkit = smsctl(sms.path(), &["list", "--view", "toolkit", "--format", "csv"]).out;
    assert_eq!(toolkit.lines().count(), 1 + 161);
}

#[test]
fn computed_documents_are_made_once_and_kept_fresh() {
    let sms = tempfile::tempdir().unwrap();
    copy(&repository().join("examples/toolkit"), sms.path());
    let missing = smsctl(sms.path(), &["generate", "documents"]);
    assert_eq!(missing.status, 0, "{}", missing.err);
    let again = smsctl(sms.path(), &["generate", "documents", "--check"]);
    assert_eq!((again.status, again.out.as_str()), (0, ""), "{}", again.err);
    let files = smsctl::workspace::load(&WorkTree::open(sms.path()), &|_, _| {}).unwrap();
    for entry in ["toolkit-index", "sms-documentation-log", "problem-dashboard", "master-list-of-records"] {
        let of = |a: &smsctl::workspace::ArtifactView<'_>| a.front().str("template") == Some(entry);
        assert_eq!(files.artifacts().filter(of).count(), 1, "{entry}");
    }
}

#[test]
fn nothing_is_written_into_a_commit() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["--rev", "HEAD", "generate"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("not into a commit"), "{}", ran.err);
}
