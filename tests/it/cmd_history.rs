//! `verify`, `history`, `diff` and `--as-of`, on repositories made with stock tools.

use serde_json::Value;

use crate::example::EXAMPLE;
use crate::kit::{DOCUMENT, Kit, document};
use crate::run::{Ran, smsctl};

pub fn assert_valid(report: &Value, schema: &str) {
    crate::formats::assert_valid(&crate::common::repository().join("schemas").join(schema), &report.to_string());
}

/// A policy with two approved versions and a draft change on top; Carla approved 1.0 by file, 1.1 by commit.
fn story() -> Kit {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.clock += 30 * 86_400;
    let changes = "changes:\n  - {version: 1.1, why: Customers asked for it.}\n";
    kit.write(
        DOCUMENT,
        &document("1.1", "We serve better.").replace("approvers: [cio]\n", &format!("approvers: [cio]\n{changes}")),
    );
    kit.commit("eve", "Serve better");
    kit.approve_commit("carla", "cio");
    kit
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err))
}

/// Names of commits and keys differ from run to run.
fn settled(text: &str, kit: &Kit) -> String {
    let mut out = text.replace(&kit.root().to_string(), "smsroot1:sha1:…");
    for word in text.split([' ', '(', ')', ',', '\n']) {
        let hex = word.len() == 10 && word.bytes().all(|b| b.is_ascii_hexdigit());
        if hex || word.starts_with("SHA256:") || word.starts_with("sha256:") {
            out = out.replace(word, "…");
        }
    }
    out
}

#[test]
fn verify_tells_what_was_proved_and_what_was_not() {
    let kit = story();
    let ran = smsctl(kit.path(), &["verify"]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    insta::assert_snapshot!("verify", settled(&ran.out, &kit));
    let root = kit.root().to_string();
    let ran = smsctl(kit.path(), &["verify", "--root", &root, "--format", "json"]);
    let report = json(&ran);
    assert_valid(&report, "verify.schema.json");
    assert_eq!(report["verified"], true);
    assert_eq!(report["root"]["source"], "argument");
    assert_eq!(report["documents"][0]["verdict"], "approved");
    assert_eq!(report["commits"]["signatures"]["good"], 6);
}

#[test]
fn an_audit_wants_a_pinned_root_and_an_ordered_time() {
    let mut kit = story();
    let codes = |ran: &Ran| -> Vec<String> {
        let report = json(ran);
        report["issues"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap().to_owned()).collect()
    };
    let ran = smsctl(kit.path(), &["verify", "--audit", "--format", "json"]);
    assert_eq!((ran.status, codes(&ran)), (1, vec!["time-claimed-only".into(), "trust-root-unpinned".to_owned()]));
    let anchor = crate::threats::checkpoint(&mut kit, "ada");
    let file = kit.path().join("kept.txt");
    std::fs::write(&file, anchor).unwrap();
    let root = kit.root().to_string();
    let ran = smsctl(kit.path(), &["verify", "--audit", "--root", &root, "--format", "json"]);
    assert_eq!((ran.status, codes(&ran)), (0, vec![]), "{}", ran.out);
    let ran = smsctl(kit.path(), &["verify", "--audit", "--anchor", file.to_str().unwrap(), "--format", "json"]);
    assert_eq!((ran.status, codes(&ran)), (0, vec![]), "{}", ran.out);
    let ran = smsctl(kit.path(), &["verify", "--root", "smsroot1:nonsense"]);
    assert_eq!(ran.status, 2);
}

#[test]
fn verify_refuses_where_there_is_nothing_to_verify() {
    let kit = Kit::empty();
    kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n");
    assert_eq!(smsctl(kit.path(), &["verify"]).status, 2, "no commit");
    let mut kit = Kit::new();
    kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n[trust]\nhistory = \"none\"\n");
    kit.commit("eve", "A copy");
    let ran = smsctl(kit.path(), &["verify"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("no history of its own"), "{}", ran.err);
}

#[test]
fn a_claim_without_approval_fails() {
    let mut kit = story();
    kit.write(DOCUMENT, &document("1.1", "We serve  better."));
    kit.commit("mallory", "Oops");
    let ran = smsctl(kit.path(), &["verify"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("changed since version 1.1 was approved by Carla Example (cio)"), "{}", ran.out);
}

/// Line ends are bytes: changed in a commit they end the approval; written by a checkout they do not.
#[test]
fn committed_line_ends_are_a_change_and_those_of_a_checkout_are_none() {
    let mut kit = story();
    let unix = String::from_utf8(kit.read(DOCUMENT)).unwrap();
    kit.write(DOCUMENT, &unix.replace('\n', "\r\n"));
    let verdict = |kit: &Kit| {
        let report = json(&smsctl(kit.path(), &["list", "--format", "json"]));
        report["documents"][0]["approval"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&kit), "approved", "a checkout with CRLF");
    kit.commit("mallory", "Other line ends");
    assert_eq!(verdict(&kit), "changed");
    let ran = smsctl(kit.path(), &["verify"]);
    assert!(ran.status == 1 && ran.out.contains("changed since version 1.1 was approved"), "{}", ran.out);
}

#[test]
fn history_shows_versions_with_who_wrote_and_approved_them() {
    let kit = story();
    let ran = smsctl(kit.path(), &["history", "SMP-001", "-v"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    insta::assert_snapshot!("history", settled(&ran.out, &kit));
    let report = json(&smsctl(kit.path(), &["history", "SMP-001", "--format", "json"]));
    assert_valid(&report, "history.schema.json");
    assert_eq!(report["versions"][1]["approved"]["approvals"][0]["person"], "carla");
    let ran = smsctl(kit.path(), &["history", "SMP-002"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("Did you mean `SMP-001`?"), "{}", ran.err);
}

#[test]
fn diff_compares_with_the_last_approved_version() {
    let kit = story();
    let ran = smsctl(kit.path(), &["diff", "SMP-001"]);
    assert!(ran.out.contains("Nothing changed."), "{}", ran.out);
    kit.write(DOCUMENT, &document("1.2", "We serve best."));
    let ran = smsctl(kit.path(), &["diff", "SMP-001"]);
    insta::assert_snapshot!("diff", ran.out);
    let report = json(&smsctl(kit.path(), &["diff", "SMP-001", "--from", "1.0", "--to", "1.1", "--format", "json"]));
    assert_valid(&report, "diff.schema.json");
    let ran = smsctl(kit.path(), &["diff", "SMP-001", "--from", "HEAD~3", "--to", "1.1"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let ran = smsctl(kit.path(), &["diff", "SMP-001", "--from", "9.9"]);
    assert!(ran.err.contains("neither a version of SMP-001 nor a commit"), "{}", ran.err);
}

#[test]
fn any_day_shows_what_was_in_force_then() {
    let mut kit = story();
    let versions = |day: &str| {
        let report = json(&smsctl(kit.path(), &["list", "--as-of", day, "--format", "json"]));
        report["documents"][0]["version"].as_str().unwrap().to_owned()
    };
    assert_eq!(versions("2026-01-31"), "1.0");
    assert_eq!(versions("2026-02-28"), "1.1");
    let ran = smsctl(kit.path(), &["list", "--as-of", "2025-12-31"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    // A version that is committed and not approved is not in force; the one before is.
    kit.clock += 86_400;
    kit.write(DOCUMENT, &document("1.2", "We serve best."));
    kit.commit("eve", "Best");
    let report = json(&smsctl(kit.path(), &["list", "--as-of", "2026-11-01", "--format", "json"]));
    assert_eq!(report["documents"][0]["version"], "1.1");
    assert_eq!(report["documents"][0]["approved_by"][0], "Carla Example (cio)");
    let ran = smsctl(kit.path(), &["history", "SMP-001", "--as-of", "2026-01-31"]);
    assert!(!ran.out.contains("Version 1.1"), "{}", ran.out);
    for args in [&["new", "policy", "--as-of", "2026-02-01"][..], &["check", "--fix", "--as-of", "2026-02-01"]] {
        assert_eq!(smsctl(kit.path(), args).status, 2, "{args:?}");
    }
}

#[test]
fn the_list_tells_whose_approval_is_needed() {
    let mut kit = Kit::new();
    let ran = smsctl(kit.path(), &["list", "--needs-approval", "--format", "markdown"]);
    let row = "| SMP-001 | Service Management Policy | 1.0 | approved | cio (Carla Example) | nobody approved it |";
    assert!(ran.out.contains(row), "{}", ran.out);
    kit.approve_file("carla", "cio");
    let ran = smsctl(kit.path(), &["list", "--needs-approval", "--format", "markdown"]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    kit.write(DOCUMENT, &document("1.0", "We serve | `you`."));
    let ran = smsctl(kit.path(), &["list", "--needs-approval", "--format", "json"]);
    assert_eq!(json(&ran)["documents"][0]["needs"], "a version above 1.0, then cio (Carla Example)");
    let empty = Kit::empty();
    empty.write("smsctl.toml", "[sms]\norganization = \"Example\"\n");
    assert_eq!(smsctl(empty.path(), &["list", "--needs-approval"]).status, 2);
}

/// What an auditor finds out with stock tools, line by line, without the last.
#[cfg(unix)]
fn auditor(kit: &Kit, root: &str) -> (bool, Vec<String>) {
    let script = crate::common::repository().join("docs/auditor.sh");
    let out = kit.run("sh", &[script.to_str().unwrap(), kit.path().to_str().unwrap(), root]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let lines = text.lines().filter(|l| l.starts_with("ok ") || l.starts_with("FAILED")).map(str::to_owned).collect();
    (out.status.success(), lines)
}

#[cfg(unix)]
#[test]
fn the_auditors_script_agrees() {
    let mut kit = story();
    let root = kit.root().to_string();
    let (good, lines) = auditor(&kit, &root);
    let expected =
        ["ok file SMP-001 1.0 cio carla@example.org earlier", "ok commit SMP-001 1.1 cio carla@example.org now"];
    assert_eq!((good, lines), (true, expected.map(str::to_owned).to_vec()));
    // A statement by a stranger.
    kit.write(DOCUMENT, &document("1.2", "We serve best."));
    kit.commit("eve", "Best");
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "mallory");
    kit.commit("eve", "Import");
    let (good, lines) = auditor(&kit, &root);
    assert!(!good && lines.iter().any(|l| l.starts_with("FAILED file SMP-001 1.2")), "{lines:?}");
    let (good, lines) = auditor(&kit, &root.replace("smsroot1:sha1:", "smsroot1:sha1:0"));
    assert!(!good && lines[0].contains("not on the main line"), "{lines:?}");
}

#[test]
fn what_rests_on_a_document_is_found_however_its_id_is_written() {
    let kit = story();
    let form = |id: &str, related: &str| {
        format!("---\nid: {id}\nkind: procedure\ntitle: {id}\nversion: 1.0\nrelated: [{related}]\n---\n\n# {id}\n")
    };
    kit.write("plain.md", &form("PRC-1", "SMP-001"));
    kit.write("escaped.md", &form("PRC-2", "\"SMP\\x2d001\""));
    kit.write("other.md", &form("PRC-3", "PRC-1"));
    let ran = smsctl(kit.path(), &["history", "SMP-001", "--format", "json"]);
    let report = json(&ran);
    let ids: Vec<&Value> = report["referred_to_by"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert_eq!(ids, ["PRC-1", "PRC-2"]);
    let near = smsctl(kit.path(), &["history", "PRC-4"]);
    assert!(near.status == 2 && near.err.contains("Did you mean `PRC-1`?"), "{}", near.err);
}

/// Most of a large register stands in a CSV file beside it.
#[test]
fn rows_of_a_csv_file_are_compared_with_the_register() {
    let folder = tempfile::tempdir().unwrap();
    crate::common::copy(EXAMPLE.folder.path(), folder.path());
    let register = std::fs::read_to_string(folder.path().join("registers/changes.md")).unwrap();
    let id = register.lines().find_map(|l| l.strip_prefix("id: ")).unwrap();
    let csv = folder.path().join("registers/changes.csv");
    let rows = std::fs::read_to_string(&csv).unwrap();
    let last = rows.lines().last().unwrap().split(',').next().unwrap();
    std::fs::write(
        &csv,
        rows.lines().rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n") + "\n",
    )
    .unwrap();
    let ran = smsctl(folder.path(), &["diff", id, "--from", "HEAD"]);
    assert!(
        ran.status == 0 && ran.out.contains("Rows of registers/changes.csv") && ran.out.contains(last),
        "{}{}",
        ran.out,
        ran.err
    );
    let report = json(&smsctl(folder.path(), &["diff", id, "--from", "HEAD", "--format", "json"]));
    assert_valid(&report, "diff.schema.json");
    let changed = &report["rows"]["comparison"]["entries"][0];
    assert_eq!((&report["same"], &changed["id"], &changed["change"]), (&true.into(), &last.into(), &"removed".into()));
    std::fs::remove_file(&csv).unwrap();
    let ran = smsctl(folder.path(), &["diff", id, "--from", "HEAD"]);
    assert!(
        ran.out.contains("The rows of registers/changes.csv were not compared: registers/changes.csv cannot be read."),
        "{}",
        ran.out
    );
}

/// A report of a day is the same at any time of it, in any time zone.
#[test]
fn the_time_of_day_changes_no_report() {
    let kit = story();
    let at = |now: i64, args: &[&str]| {
        let ran = crate::run::at(kit.path(), args, now);
        ran.out + &ran.err
    };
    let (morning, evening) = (crate::run::NOW - 57_600, crate::run::NOW + 14_000);
    for args in [&["verify"][..], &["verify", "--format", "json"], &["status"], &["check"], &["history", "SMP-001"]] {
        assert_eq!(at(morning, args), at(evening, args), "{args:?}");
    }
    assert!(at(morning, &["verify"]).contains("Judged on     2026-11-20 (UTC, to its end)"));
}
