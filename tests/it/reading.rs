//! What is read otherwise than it was meant is said, and not passed over.

use serde_json::Value;

use crate::common::{alone, bare, check, lines};
use crate::kit::Kit;

fn findings(path: &str, text: &str) -> Vec<String> {
    let mut tree = bare();
    tree.put(path, Some(text.into()));
    let (ws, verdict) = check(&tree);
    lines(&ws, &verdict)
}

#[test]
fn front_matter_that_cannot_be_read_is_an_error_whatever_it_looks_like() {
    for block in [
        "\"id\": SMS-POL-77\n\"kind\": policy\ntitle: a: b: c",
        "id : SMS-POL-77\nkind : policy\ntitle : a: b: c",
        "\tid: SMS-POL-77\n\tkind: policy",
        "{id: SMS-POL-77, kind: policy",
        "title: a: b: c",
    ] {
        let said = findings("policies/z.md", &format!("---\n{block}\n---\n# X\n"));
        assert!(said.iter().any(|line| line.starts_with("yaml-syntax policies/z.md:")), "{block}: {said:?}");
        assert!(!said.iter().any(|line| line.starts_with("unread-file")), "{block}: {said:?}");
    }
    let deep = format!("---\nid: A-1\nkind: policy\nx: {}{}\n---\n", "[".repeat(200), "]".repeat(200));
    let said = findings("policies/z.md", &deep);
    assert!(said.iter().any(|line| line.contains("nested too deep: more than")), "{said:?}");
}

/// A comma in a flow map cuts a text in two; the second part is a field without a value.
#[test]
fn a_text_cut_by_a_comma_is_reported() {
    let mut tree = crate::common::toolkit();
    let path = "registers/releases.md";
    let text =
        String::from_utf8(std::fs::read(crate::common::repository().join("examples/toolkit").join(path)).unwrap());
    let text = text.unwrap();
    let whole = "{on: 2026-03-10, text: \"41 patches, no incident\"}";
    assert!(text.contains(whole));
    tree.put(path, Some(text.replace(whole, &whole.replace('"', "")).into_bytes()));
    let (ws, verdict) = check(&tree);
    let said = lines(&ws, &verdict);
    assert!(said.iter().any(|l| l.starts_with("field-unknown") && l.contains("no incident")), "{said:?}");
}

#[test]
fn one_id_used_often_is_one_finding_that_shows_all_places() {
    let entry = |id: &str| format!("  - id: {id}\n    title: One\n");
    let ids = ["OBJ-01", "OBJ-01", "obj-01", "OBJ-01", "OBJ-02"];
    let entries: String = ids.iter().map(|id| entry(id)).collect();
    let text = format!("---\nid: SMS-REG-OBJ\nkind: register\nregister: objectives\nentries:\n{entries}---\n# X\n");
    let mut tree = bare();
    tree.put("registers/objectives.md", Some(text.into()));
    let (ws, verdict) = check(&tree);
    let found: Vec<_> = verdict.findings.iter().filter(|f| f.rule.name == "duplicate-id").collect();
    let said: Vec<&str> = found.iter().map(|f| f.problem.message.as_str()).collect();
    let alike = "the ids `OBJ-01` and `obj-01` differ only in capital letters or in the form of their characters";
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.contains(&"the id `OBJ-01` is used 3 times") && said.contains(&alike), "{said:?}");
    assert!(found.iter().any(|f| f.problem.related.len() == 2));
    drop(ws);
}

#[test]
fn a_command_that_could_not_run_still_prints_the_form_that_was_asked_for() {
    let empty = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let out =
            alone(env!("CARGO_BIN_EXE_smsctl"), empty.path()).args(args).current_dir(empty.path()).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(!out.stderr.is_empty());
        String::from_utf8(out.stdout).unwrap()
    };
    for command in ["check", "list", "verify"] {
        let report: Value = serde_json::from_str(&run(&[command, "--format", "json"])).unwrap();
        assert_eq!(report["schema"], "smsctl-error/1", "{command}");
        assert!(!report["error"]["message"].as_str().unwrap().is_empty());
        crate::cmd_history::assert_valid(&report, "error.schema.json");
    }
    let report: Value = serde_json::from_str(&run(&["check", "--format=sarif"])).unwrap();
    assert_eq!(report["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let report = run(&["check", "--format", "junit"]);
    assert!(report.contains("errors=\"1\"") && report.ends_with("</testsuites>\n"), "{report}");
    assert!(run(&["check"]).is_empty());
}

#[test]
fn code_owners_that_cannot_be_read_are_no_absent_ones() {
    let mut kit = Kit::new();
    for (text, why) in [(vec![b'#'; 2 << 20], "larger than 1024 KiB"), (vec![0xff, 0xfe, 0xfd], "no text in UTF-8")] {
        std::fs::write(kit.path().join("CODEOWNERS"), text).unwrap();
        kit.commit("eve", "Owners");
        for args in [&["check"][..], &["check", "--rev", "HEAD"]] {
            let out =
                alone(env!("CARGO_BIN_EXE_smsctl"), kit.path()).args(args).current_dir(kit.path()).output().unwrap();
            let err = String::from_utf8_lossy(&out.stderr).into_owned();
            assert_eq!(out.status.code(), Some(2), "{args:?}: {err}");
            assert!(err.contains("`CODEOWNERS` cannot be read") && err.contains(why), "{args:?}: {err}");
        }
    }
}
