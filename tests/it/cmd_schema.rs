//! `smsctl schema`, `smsctl completions`, `smsctl man`.

use serde_json::Value;

use crate::common::bare;
use crate::run::{binary, disk, smsctl};

fn outside(args: &[&str]) -> crate::run::Ran {
    let nowhere = tempfile::tempdir().unwrap();
    smsctl(nowhere.path(), args)
}

#[test]
fn every_listed_schema_is_printed_and_needs_no_other_file() {
    let names = outside(&["schema", "--list"]).out;
    assert!(names.contains("kind:policy\n") && names.contains("register:risks\n") && names.contains("file:config\n"));
    for name in names.lines() {
        let ran = outside(&["schema", name]);
        assert_eq!(ran.status, 0, "{name}: {}", ran.err);
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(json["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        for reference in ran.out.lines().filter(|l| l.trim_start().starts_with("\"$ref\"")) {
            assert!(reference.contains("\"#"), "{name}: {reference}");
        }
    }
}

#[test]
fn names_that_mean_nothing_or_two_things_are_refused() {
    let ran = outside(&["schema", "polici"]);
    assert_eq!((ran.status, ran.err.as_str()), (2, "there is no schema `polici`. Did you mean `policy`?"));
    let ran = outside(&["schema", "report"]);
    assert_eq!(
        (ran.status, ran.err.as_str()),
        (2, "`report` means several things. Say `file:report` or `kind:report`.")
    );
    assert!(outside(&["schema", "file:report"]).out.contains("smsctl-report/1"));
    assert_eq!(outside(&["schema", "config"]).status, 0);
}

#[test]
fn a_kind_of_the_user_is_known_in_the_sms() {
    let mut tree = bare();
    let config = "[sms]\norganization = \"N\"\n\n[kinds.runbook]\nschema = \"runbook.schema.json\"\n";
    tree.put("smsctl.toml", Some(config.into()));
    let schema =
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\", \"title\": \"Runbook\"}";
    tree.put("runbook.schema.json", Some(schema.into()));
    let sms = disk(&tree);
    assert!(smsctl(sms.path(), &["schema", "--list"]).out.contains("kind:runbook\n"));
    assert!(smsctl(sms.path(), &["schema", "runbook"]).out.contains("\"title\": \"Runbook\""));
    assert_eq!(outside(&["schema", "runbook"]).status, 2);
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = outside(&["completions", shell]).out;
        for command in ["check", "list", "trace", "explain", "baseline", "schema"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(outside(&["completions", "tcsh"]).status, 2);
}

#[test]
fn man_pages_are_printed_or_written() {
    assert!(outside(&["man"]).out.contains(".TH smsctl 1"));
    let folder = tempfile::tempdir().unwrap();
    let ran = smsctl(folder.path(), &["man", "--dir", "man/man1"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let page = std::fs::read_to_string(folder.path().join("man/man1/smsctl-trace.1")).unwrap();
    assert!(page.contains(".TH smsctl-trace 1") && page.contains("mermaid"), "{page}");
    assert!(folder.path().join("man/man1/smsctl.1").is_file());
}

#[test]
fn the_binary_refuses_with_status_two() {
    let nowhere = tempfile::tempdir().unwrap();
    binary(nowhere.path()).args(["schema", "nothing-like-it"]).assert().code(2);
    binary(nowhere.path()).args(["list"]).assert().code(2);
}
