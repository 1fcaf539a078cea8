//! `smsctl audit`: plan, sample, finding, close; and the cycle of the certificate in `status` and `due`.

use std::path::Path;
#[cfg(unix)]
use std::process::Command;

use serde_json::Value;
use smsctl::source::MemoryTree;

use crate::common::{copy, repository, toolkit};
use crate::due::valid;
use crate::run::{Ran, disk, on, small, smsctl};

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).unwrap()
}

fn sample() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&repository().join("examples/toolkit"), dir.path());
    dir
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.status, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// Lines that an edit took away (`-`) and added (`+`).
fn changed(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let lines = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
    lines.map(|c| format!("{}{}", c.tag(), c.value())).collect()
}

// ---- plan

#[test]
fn the_plan_counts_the_cycle_of_the_sample() {
    let sms = sample();
    let json = valid(&smsctl(sms.path(), &["audit", "plan", "--format", "json"]).out, "audit-plan");
    let cycle = &json["cycle"];
    assert_eq!((cycle["from"].as_str(), cycle["basis"].as_str()), (Some("2024-01-01"), Some("programme")));
    let clauses = json["clauses"].as_array().unwrap();
    assert_eq!(clauses.len(), 63);
    assert!(clauses.iter().all(|c| c["state"] == "covered"), "{json}");
    // By hand: 8.6.1 stands in AUD-2026-01 alone.
    let incident = clauses.iter().find(|c| c["id"] == "8.6.1").unwrap();
    assert_eq!(incident["covered"], serde_json::json!([{"audit": "AUD-2026-01", "on": "2026-06-02"}]));
    // NC-002 about 8.6.1 is open, so the clause leads; nothing of AUD-2026-02, which is planned, is proposed.
    let proposals = json["proposals"].as_array().unwrap();
    assert!(proposals.iter().any(|p| p["clause"] == "8.6.1" && p["points"].as_u64() >= Some(3)), "{proposals:#?}");
    assert!(proposals.iter().all(|p| p["clause"] != "4.1" && p["clause"] != "8.3.4.1"));
    let points: Vec<u64> = proposals.iter().map(|p| p["points"].as_u64().unwrap()).collect();
    assert!(points.is_sorted_by(|a, b| a >= b));
    let suppliers = smsctl(sms.path(), &["audit", "plan"]).out;
    assert!(suppliers.contains("AUD-2026-02  planned  2026-12-08"), "{suppliers}");
}

#[test]
fn after_the_programme_the_cycle_of_the_certificate_counts_then_three_years() {
    let sms = sample();
    let basis = |day: &str| {
        let ran = smsctl(sms.path(), &["audit", "plan", "--format", "json", "--today", day]);
        let json = json(&ran);
        (json["cycle"]["basis"].as_str().unwrap().to_owned(), json["cycle"]["from"].as_str().unwrap().to_owned())
    };
    assert_eq!(basis("2027-02-01"), ("certification".into(), "2024-04-29".into()));
    assert_eq!(basis("2027-12-01"), ("three-years".into(), "2024-12-01".into()));
    // An audit before the cycle covers nothing in it, and is told.
    let ran = smsctl(sms.path(), &["audit", "plan", "--format", "json", "--today", "2027-12-01"]);
    let json = json(&ran);
    let scope = json["clauses"].as_array().unwrap().iter().find(|c| c["id"] == "4.3").unwrap();
    assert_eq!((scope["state"].as_str(), scope["before"]["audit"].as_str()), (Some("open"), Some("AUD-2024-01")));
}

#[test]
fn whoever_owns_the_process_of_a_clause_may_not_audit_it() {
    let sms = sample();
    let json = json(&smsctl(sms.path(), &["audit", "plan", "--format", "json", "--today", "2027-12-01"]));
    let of =
        |clause: &str| json["proposals"].as_array().unwrap().iter().find(|p| p["clause"] == clause).unwrap().clone();
    // The problem manager is an auditor of AUD-2026-02 and owns problem management.
    let problems = of("8.6.3");
    let not = problems["may_not_audit"].as_array().unwrap();
    assert!(not.iter().any(|n| n["role"] == "problem-manager"), "{problems}");
    assert!(problems["may_audit"].as_array().unwrap().iter().any(|r| r == "internal-audit-lead"), "{problems}");
}

#[test]
fn an_sms_without_audits_is_told_what_to_look_at_and_how_to_enter_it() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["audit", "plan"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    for part in ["0 of 63 clauses", "none is entered yet", "never audited (4)", "smsctl record entry internal-audits"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let narrow = on(sms.path(), &["audit", "plan"], Some(80));
    assert_eq!(narrow.status, 0);
}

#[test]
fn the_command_that_the_plan_proposes_works() {
    let sms = sample();
    let out = smsctl(sms.path(), &["audit", "plan"]).out;
    let line = out.lines().find_map(|l| l.trim().strip_prefix("smsctl ")).unwrap();
    let args = words(line);
    let ran = smsctl(sms.path(), &args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ran.status, 0, "{args:?}: {}", ran.err);
    assert!(ran.out.starts_with("Added AUD-"), "{}", ran.out);
}

/// Splits a command line at blanks outside double quotes.
fn words(line: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => out.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    out.push(word);
    out.into_iter().filter(|w| !w.is_empty()).collect()
}

// ---- sample

const DRAW: [&str; 8] = ["audit", "sample", "--population", "changes", "--size", "6", "--seed", "482913"];

fn ids(json: &Value) -> Vec<String> {
    json["sample"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_sample_is_the_same_for_the_same_seed() {
    let sms = sample();
    let draw = |more: &[&str]| smsctl(sms.path(), &[&DRAW[..], more].concat());
    let first = valid(&draw(&["--format", "json"]).out, "sample");
    assert_eq!(first, json(&draw(&["--format", "json"])));
    assert_eq!(ids(&first).len(), 6);
    let mut other = DRAW;
    other[7] = "482914";
    assert_ne!(ids(&first), ids(&json(&smsctl(sms.path(), &[&other[..], &["--format", "json"]].concat()))));
    let human = draw(&[]).out;
    for part in ["Seed        482913", "Method      smsctl-sha256-rank/1", "Digest      sha256:", "Filter      none"] {
        assert!(human.contains(part), "{part}: {human}");
    }
    let csv = draw(&["--format", "csv"]).out;
    assert_eq!(csv.lines().count(), 7);
    assert!(csv.starts_with("no,id,title,day,stratum,path,rank_value,population,population_size,"), "{csv}");
}

/// The recipe of docs/audit.md, with nothing of ours but the list of ids.
#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods, reason = "the tools of others are run")]
fn stock_tools_draw_the_same_sample() {
    let sms = sample();
    let all = smsctl(sms.path(), &["audit", "sample", "--population", "changes", "--ids"]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    std::fs::write(sms.path().join("ids.txt"), &all.out).unwrap();
    let shell = |script: &str| {
        let ran = Command::new("sh").arg("-c").arg(script).current_dir(sms.path()).env("LC_ALL", "C").output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    let docs = read(&repository(), "docs/audit.md");
    let recipe = docs.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let recipe: String = recipe.lines().filter(|l| !l.starts_with("smsctl ")).map(|l| format!("{l}\n")).collect();
    let out = shell(&recipe);
    let ours = json(&smsctl(sms.path(), &[&DRAW[..], &["--format", "json"]].concat()));
    let mut lines = out.lines();
    assert_eq!(lines.next().unwrap().split(' ').next(), ours["population"]["sha256"].as_str());
    assert_eq!(lines.map(str::to_owned).collect::<Vec<_>>(), ids(&ours));
    // Another language's library agrees on every rank value.
    let python = "import hashlib,sys\nfor l in open('ids.txt'):\n print(hashlib.sha256(('482913\\n'+l.strip()).encode()).hexdigest(),l.strip())";
    if !crate::oracle::here("python3") {
        return;
    }
    let ran = Command::new("python3").args(["-c", python]).current_dir(sms.path()).output().unwrap();
    let mut ranks: Vec<String> = String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect();
    ranks.sort();
    let theirs: Vec<&str> = ranks.iter().take(6).map(|l| l.split(' ').nth(1).unwrap()).collect();
    assert_eq!(theirs, ids(&ours));
}

#[test]
fn without_a_seed_nothing_is_drawn_and_the_way_out_is_told() {
    let sms = sample();
    for args in [&DRAW[..6], &[&DRAW[..6], &["--seed", " "]].concat()] {
        let ran = smsctl(sms.path(), args);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""));
        assert!(
            ran.err.contains("must not be able to choose it") && ran.err.contains("`--seed 482913`"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_population_is_narrowed_by_days_and_values_and_spread_over_a_field() {
    let sms = sample();
    let more = ["--since", "2025-01-01", "--until", "2025-12-31", "--where", "status=closed", "--stratify", "category"];
    let json = json(&smsctl(sms.path(), &[&DRAW[..], &more[..], &["--format", "json"]].concat()));
    let all = &json["population"];
    assert_eq!(all["filter"], "status=closed, requested_on>=2025-01-01, requested_on<=2025-12-31");
    let ids_of = smsctl(sms.path(), &[&DRAW[..4], &more[..6], &["--ids"]].concat()).out;
    assert_eq!(all["size"], serde_json::json!(ids_of.lines().count()));
    let rows = read(sms.path(), "registers/changes.csv");
    let by_hand =
        rows.lines().filter(|r| r.starts_with("CHG-") && r.ends_with(",closed") && r.contains(",2025-")).count();
    assert!(ids_of.lines().count() <= by_hand && !ids_of.is_empty());
    let strata = json["strata"].as_array().unwrap();
    let chosen: u64 = strata.iter().map(|s| s["chosen"].as_u64().unwrap()).sum();
    assert_eq!(chosen, ids(&json).len() as u64);
    assert!(strata.len() > 1 && strata.iter().all(|s| s["chosen"].as_u64() > Some(0)), "{strata:?}");
    for (args, said) in [
        (&["--where", "stauts=closed"][..], "have no field `stauts`"),
        (&["--where", "closed"], "is no field with a value"),
        (&["--where", "status=nonsense"], "there is nothing in changes with status=nonsense"),
        (&["--stratify", "colour"], "have no field `colour`"),
    ] {
        let ran = smsctl(sms.path(), &[&DRAW[..], args].concat());
        assert_eq!(ran.status, 2, "{args:?}");
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    let ran = smsctl(sms.path(), &["audit", "sample", "--population", "change", "--size", "1", "--seed", "1"]);
    assert!(ran.status == 2 && ran.err.contains("Did you mean `changes`?"), "{}", ran.err);
}

#[test]
fn documents_and_registers_of_single_records_can_be_sampled() {
    let sms = sample();
    for (name, some) in
        [("documents", "SMS-POL-01"), ("nonconformities", "NC-002"), ("management-reviews", "MR-2026-02")]
    {
        let out = smsctl(sms.path(), &["audit", "sample", "--population", name, "--ids"]).out;
        assert!(out.lines().any(|l| l == some), "{name}: {out}");
        assert!(out.lines().collect::<Vec<_>>().is_sorted());
    }
}

#[test]
fn a_sample_is_noted_in_the_audit_and_nothing_else_changes() {
    let sms = sample();
    let path = "records/internal-audit-2026-01.md";
    let before = read(sms.path(), path);
    let ran = smsctl(sms.path(), &[&DRAW[..], &["--record", "AUD-2026-01"]].concat());
    assert_eq!(ran.status, 0, "{}", ran.err);
    let after = read(sms.path(), path);
    let lines = changed(&before, &after);
    assert!(lines.lines().all(|l| l.starts_with('+')), "{lines}");
    for part in ["  samples:", "population: changes", "seed: '482913'", "method: smsctl-sha256-rank/1", "chosen: [CHG-"]
    {
        assert!(lines.contains(part), "{part}: {lines}");
    }
    let ran = smsctl(sms.path(), &["check", "--format", "concise"]);
    assert!(!ran.out.contains("internal-audit-2026-01.md") || !ran.out.contains("error"), "{}", ran.out);
    // Trying again until it pleases shows.
    let mut other = DRAW;
    other[7] = "1";
    let ran = smsctl(sms.path(), &[&other[..], &["--record", "AUD-2026-01"]].concat());
    assert!(ran.err.contains("holds a sample of changes with the seed 482913 already"), "{}", ran.err);
    let ran = smsctl(sms.path(), &[&DRAW[..], &["--record", "AUD-2026-09"]].concat());
    assert!(ran.status == 2 && ran.err.contains("there is no internal audit `AUD-2026-09`"), "{}", ran.err);
}

// ---- finding

const AUDIT: &str = "records/internal-audit-2026-01.md";
const CASES: &str = "registers/nonconformities.md";

fn find<'a>(grade: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let statement = "Emergency changes of May were reviewed late: three took longer than ten days.";
    let args = ["audit", "finding", "AUD-2026-01", "--grade", grade, "--clause", "8.5.1.3", "--statement", statement];
    [&args[..], more].concat()
}

#[test]
fn a_minor_finding_opens_a_case_and_both_name_each_other() {
    let sms = sample();
    let (audit, cases) = (read(sms.path(), AUDIT), read(sms.path(), CASES));
    let more =
        ["--evidence", "CHG-0001", "--evidence", "3 of 12 records", "--owner", "change-manager", "--due", "2027-01-31"];
    let args = find("minor", &more);
    let dry = smsctl(sms.path(), &[&args[..], &["--dry-run"]].concat());
    assert!(dry.status == 0 && dry.out.contains("+++ b/registers/nonconformities.md"), "{}{}", dry.out, dry.err);
    assert_eq!((read(sms.path(), AUDIT), read(sms.path(), CASES)), (audit.clone(), cases.clone()));
    let ran = smsctl(sms.path(), &args);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(
        ran.out.starts_with(
            "Added FND-11 to records/internal-audit-2026-01.md.\nAdded NC-003 to registers/nonconformities.md.\n"
        ),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("AUD-2026-01 calls itself approved, and this is part of its text now: raise the version"));
    insta::assert_snapshot!("finding", changed(&audit, &read(sms.path(), AUDIT)));
    insta::assert_snapshot!("case", changed(&cases, &read(sms.path(), CASES)));
    let due = smsctl(sms.path(), &["due", "--owner", "change-manager"]).out;
    assert!(due.contains("2027-01-31") && due.contains("NC-003"), "{due}");
}

#[test]
fn other_grades_go_where_the_schema_says() {
    let sms = sample();
    let cases = read(sms.path(), CASES);
    let ran = smsctl(sms.path(), &find("opportunity", &["--title", "Review emergency changes weekly"]));
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("Added IMP-") && ran.out.contains("waits for a decision"), "{}", ran.out);
    assert!(read(sms.path(), AUDIT).contains("      improvement_ref: IMP-"));
    let ran = smsctl(sms.path(), &find("positive", &[]));
    assert!(ran.status == 0 && ran.out.contains("Added FND-12"), "{}{}", ran.out, ran.err);
    assert_eq!(read(sms.path(), CASES), cases);
}

#[test]
fn what_a_schema_or_rule_refuses_is_written_into_no_file() {
    let sms = sample();
    let before = (read(sms.path(), AUDIT), read(sms.path(), CASES));
    let evidence = ["--evidence", "3 of 12 records"];
    let with = |more: &[&'static str]| find("minor", &[&evidence[..], more].concat());
    let mut wrong_clause = with(&[]);
    wrong_clause[6] = "8.5.9";
    let mut planned = with(&[]);
    planned[2] = "AUD-2026-02";
    for (args, said) in [
        (find("minor", &["--owner", "change-manager"]), "needs evidence"),
        (find("minor", &["--evidence", "CHG-9999"]), "`CHG-9999` is no id and no file"),
        (with(&["--owner", "nobody"]), "nothing was written"),
        (with(&["--on", "2027-03-01"]), "lies in the future"),
        (wrong_clause, "the standard has no clause `8.5.9`"),
        (planned, "is planned for 2026-12-08 and has not been held"),
    ] {
        let ran = smsctl(sms.path(), &args);
        assert_eq!(ran.status, 2, "{args:?}: {}", ran.out);
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
    assert_eq!((read(sms.path(), AUDIT), read(sms.path(), CASES)), before);
}

#[test]
#[cfg(unix)]
fn when_one_of_two_files_cannot_be_written_the_other_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let sms = sample();
    let before = read(sms.path(), AUDIT);
    std::fs::set_permissions(sms.path().join(CASES), std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = smsctl(sms.path(), &find("minor", &["--evidence", "3 of 12", "--owner", "change-manager"]));
    assert!(ran.status == 2 && ran.err.contains("write-protected"), "{}", ran.err);
    assert_eq!(read(sms.path(), AUDIT), before);
}

#[test]
fn hostile_words_stay_words() {
    let sms = sample();
    let word = format!("{}<b>{{x}}: # - 'q' \"d\" \u{1f600}", "w".repeat(300));
    let args = ["audit", "finding", "AUD-2026-01", "--grade", "positive", "--clause", "8.5.1.3", "--statement", &word];
    let ran = smsctl(sms.path(), &args);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let json = json(&smsctl(sms.path(), &["list", "--entities", "--kind", "audit-finding", "--format", "json"]));
    assert!(json.to_string().contains("FND-11"));
    let ws = smsctl::workspace::load(&smsctl::source::WorkTree::open(sms.path()), &|_, _| {}).unwrap();
    assert_eq!(ws.entity("FND-11").unwrap().str("statement"), Some(word.as_str()));
    for hidden in ["a\u{1b}[31mb", "a\u{202e}b", "a\u{200b}b"] {
        let args =
            ["audit", "finding", "AUD-2026-01", "--grade", "positive", "--clause", "8.5.1.3", "--statement", hidden];
        let before = read(sms.path(), AUDIT);
        let ran = smsctl(sms.path(), &args);
        let said = ran.out + &ran.err;
        assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{said}");
        assert!(ran.status == 2 && read(sms.path(), AUDIT) == before, "{said}");
    }
}

// ---- close

const CASE: &str = "records/nc-002-late-notice-to-top-management.md";

fn close<'a>(effective: &'a str, by: &'a str) -> Vec<&'a str> {
    let args = ["audit", "close", "NC-002", "--verified-on", "2026-11-19", "--evidence", "CE-011", "--effective"];
    [&args[..], &[effective, "--by", by]].concat()
}

/// The last action of NC-002 is done, so that its effect can be judged.
fn ready() -> tempfile::TempDir {
    let sms = sample();
    let text = read(sms.path(), CASE).replace("due_on: 2027-01-15}", "due_on: 2027-01-15, done_on: 2026-08-01}");
    std::fs::write(sms.path().join(CASE), text).unwrap();
    sms
}

#[test]
fn closing_names_all_that_is_missing() {
    let sms = sample();
    let before = read(sms.path(), CASE);
    let ran = smsctl(sms.path(), &close("yes", "incident-manager"));
    assert_eq!(ran.status, 2);
    for part in [
        "NC-002 cannot be closed: ",
        "\"call lists drawn from the roles register",
        "is not done",
        "incident-manager owns the case",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert_eq!(read(sms.path(), CASE), before);
    let ran = smsctl(
        sms.path(),
        &[
            "audit",
            "close",
            "NC-2",
            "--verified-on",
            "2026-11-19",
            "--evidence",
            "CE-011",
            "--effective",
            "yes",
            "--by",
            "internal-audit-lead",
        ],
    );
    assert!(ran.status == 2 && ran.err.contains("there is no nonconformity `NC-2`"), "{}", ran.err);
}

#[test]
fn a_case_whose_actions_worked_is_closed_and_opened_again_when_they_did_not() {
    let sms = ready();
    let before = read(sms.path(), CASE);
    let ran = smsctl(sms.path(), &close("yes", "internal-audit-lead"));
    assert_eq!(ran.status, 0, "{}", ran.err);
    let closed = read(sms.path(), CASE);
    insta::assert_snapshot!("closed", changed(&before, &closed));
    let again = smsctl(sms.path(), &close("yes", "internal-audit-lead"));
    assert!(again.status == 2 && again.err.contains("it is closed already"), "{}", again.err);
    let ran = smsctl(sms.path(), &close("no", "internal-audit-lead"));
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("Opened NC-002 again"), "{}", ran.out);
    insta::assert_snapshot!("opened", changed(&closed, &read(sms.path(), CASE)));
}

// ---- the cycle of the certificate

fn cycle(tree: &MemoryTree, day: &str) -> Value {
    let sms = disk(tree);
    let out = smsctl(sms.path(), &["status", "--format", "json", "--today", day]).out;
    valid(&out, "status")["certification"].clone()
}

fn mark<'v>(cycle: &'v Value, id: &str) -> (&'v str, &'v str) {
    let found = cycle["timing"].as_array().unwrap().iter().find(|t| t["id"] == id).unwrap();
    (found["state"].as_str().unwrap(), found["on"].as_str().unwrap_or("-"))
}

#[test]
fn the_cycle_of_the_sample_by_hand() {
    let cycle = cycle(&toolkit(), "2026-11-20");
    assert_eq!((cycle["id"].as_str(), cycle["expires_on"].as_str()), (Some("CERT-1"), Some("2027-04-28")));
    let next = &cycle["next_audit"];
    assert_eq!((next["id"].as_str(), next["planned_on"].as_str()), (Some("AUD-EXT-2027-01"), Some("2027-01-19")));
    assert_eq!((next["latest_on"].as_str(), next["timing"].as_str()), (Some("2027-03-29"), Some("T-04")));
    assert_eq!(cycle["timing"].as_array().unwrap().len(), 12);
    assert_eq!(mark(&cycle, "T-01"), ("met", "2027-04-28"));
    assert_eq!(mark(&cycle, "T-03"), ("met", "2025-01-21"));
    assert_eq!(mark(&cycle, "T-04"), ("due", "2027-03-29"));
}

/// A cycle that was granted on 2025-03-10 with the audits and findings of a test.
fn granted(audits: &str) -> MemoryTree {
    let mut tree = small();
    let text = format!(
        "---\nid: REG-CRT\nkind: register\nregister: certification\ntitle: Certification\nversion: 1.0\nstatus: approved\n\
         owner: sms-owner\napprovers: [cio]\neffective_on: 2026-01-02\nreview_interval: P1Y\nclauses: [4.3]\nentries:\n  \
         - id: CERT-1\n    title: First\n    certification_body: B\n    scope_text: All\n    owner: sms-owner\n    \
         cycle: {{decided_on: 2025-03-10, expires_on: 2028-03-09}}\n    status: running\n    audits:\n{audits}---\n\n# Certification\n"
    );
    tree.put("registers/certification.md", Some(text.into_bytes()));
    tree
}

const STAGES: &str = "      - {id: A-1, stage: stage-1, held_on: 2024-11-04}\n      \
                      - {id: A-2, stage: stage-2, held_on: 2025-01-20, ended_on: 2025-01-22, findings: [{id: FND-E1, grade: major, \
                      clause: 8.6.1, statement: S}, {id: FND-E2, grade: minor, clause: 8.6.2, statement: S}]}\n";

#[test]
fn each_date_of_a_young_cycle_is_told_and_due_before_anybody_plans() {
    let tree = granted(STAGES);
    let early = cycle(&tree, "2025-04-01");
    assert_eq!(early["phase"], "certified until 2028-03-09, month 1 of 36");
    assert_eq!(early["next_audit"]["latest_on"], "2026-03-10");
    assert_eq!((mark(&early, "T-02"), mark(&early, "T-03")), (("due", "2026-12-31"), ("due", "2026-03-10")));
    assert_eq!((mark(&early, "T-05"), mark(&early, "T-06")), (("met", "2025-01-20"), ("due", "2025-07-22")));
    assert_eq!((mark(&early, "T-07"), mark(&early, "T-08")), (("due", "2025-04-22"), ("due", "2026-03-10")));
    let late = cycle(&tree, "2026-03-11");
    assert_eq!(
        (mark(&late, "T-03").0, mark(&late, "T-06").0, mark(&late, "T-07").0),
        ("overdue", "overdue", "overdue")
    );
    let gone = cycle(&tree, "2028-03-10");
    assert_eq!((mark(&gone, "T-09").0, mark(&gone, "T-04").0), ("overdue", "overdue"));
    let sms = disk(&tree);
    let ran = smsctl(sms.path(), &["due", "--today", "2025-04-01", "--within", "4y", "--format", "json"]);
    let json = valid(&ran.out, "due");
    let told: Vec<String> = json["duties"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["rule"].is_string())
        .map(|d| {
            let text = |f: &str| d[f].as_str().unwrap().to_owned();
            format!("{} {} {} {}", text("on"), text("rule"), text("kind"), text("id"))
        })
        .collect();
    assert_eq!(
        told,
        [
            "2025-04-22 T-07 finding-reply FND-E1",
            "2025-04-22 T-07 finding-reply FND-E2",
            "2025-07-22 T-06 finding-verification FND-E1",
            "2026-01-09 T-03 surveillance CERT-1",
            "2026-03-10 T-03 surveillance CERT-1",
            "2026-03-10 T-08 finding-verification FND-E2",
            "2027-09-09 T-04 recertification CERT-1",
            "2027-12-31 T-02 surveillance CERT-1",
            "2028-02-08 T-04 recertification CERT-1",
        ]
    );
}

#[test]
fn before_the_certificate_and_without_the_register_it_is_said() {
    assert_eq!(cycle(&small(), "2026-11-20"), Value::Null);
    let sms = disk(&small());
    assert!(smsctl(sms.path(), &["status"]).out.contains("no certification cycle is on record"));
    let mut tree = granted("      - {id: A-1, stage: stage-1, held_on: 2026-05-04}\n");
    let text = String::from_utf8(smsctl::source::Source::read(&tree, "registers/certification.md", u64::MAX).unwrap())
        .unwrap();
    let text =
        text.replace("    cycle: {decided_on: 2025-03-10, expires_on: 2028-03-09}\n", "").replace("running", "planned");
    tree.put("registers/certification.md", Some(text.into_bytes()));
    let cycle = cycle(&tree, "2026-11-20");
    assert_eq!(cycle["phase"], "on the way to the certificate, stage 1 on 2026-05-04");
    assert_eq!(
        (cycle["next_audit"]["stage"].as_str(), mark(&cycle, "T-05")),
        (Some("stage-2"), ("overdue", "2026-11-04"))
    );
    assert_eq!(mark(&cycle, "T-02").0, "not-decided");
    let shown = smsctl(disk(&tree).path(), &["status", "--certification"]).out;
    assert!(shown.contains("T-05  overdue"), "{shown}");
}
