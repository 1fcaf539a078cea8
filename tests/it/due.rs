//! `smsctl due`.

use std::str::FromStr as _;

use icalendar::Component as _;
use serde_json::Value;
use smsctl::source::MemoryTree;

use crate::common::{bare, repository, toolkit};
use crate::run::{Ran, disk, on, smsctl};

/// Checks a JSON report against the schema that `smsctl schema` prints.
pub fn valid(json: &str, schema: &str) -> Value {
    let nowhere = tempfile::tempdir().unwrap();
    let schema: Value = serde_json::from_str(&smsctl(nowhere.path(), &["schema", schema]).out).unwrap();
    let value: Value = serde_json::from_str(json).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new());
    value
}

fn due(tree: &MemoryTree, args: &[&str]) -> Ran {
    let sms = disk(tree);
    smsctl(sms.path(), &[&["due"][..], args].concat())
}

/// An improvement that is late, one that is due, one that is done, and a policy.
fn sample() -> MemoryTree {
    let mut tree = bare();
    let head = "kind: register\nversion: 1.0\nstatus: approved\nowner: boss\napprovers: [ceo]\nclauses: [\"10.2\"]\n";
    let entries = "- {id: IMP-1, title: \"Faster, better\", due_on: 2026-11-10, owner: ann, status: in-progress}\n\
                   - {id: IMP-2, title: Cheaper, due_on: 2026-12-20, status: approved}\n\
                   - {id: IMP-3, title: Done, due_on: 2026-12-20, status: done}\n";
    let text = format!(
        "---\nid: R-1\n{head}title: Improvements\nregister: improvements\nentries:\n{entries}---\n\n# Improvements\n"
    );
    tree.put("registers/improvements.md", Some(text.into_bytes()));
    let policy = "---\nid: P-1\nkind: policy\ntitle: Policy\nstatus: approved\nowner: boss\neffective_on: 2026-02-01\n\
                  review_interval: P1Y\n---\n\n# Policy\n";
    tree.put("policy.md", Some(policy.into()));
    tree
}

#[test]
fn what_is_late_comes_first_and_what_is_done_is_not_told() {
    let ran = due(&sample(), &[]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out, @r"
    DUE         WHEN         KIND           ID     TITLE           OWNER  PATH
    2026-11-10  10 days ago  improvement    IMP-1  Faster, better  ann    registers/improvements.md
    2026-12-20  in 30 days   improvement    IMP-2  Cheaper         boss   registers/improvements.md
    2027-02-01  in 73 days   policy-review  P-1    Policy          boss   policy.md
    ");
}

#[test]
fn the_time_ahead_is_written_as_people_write_it() {
    let ids = |args: &[&str]| {
        let ran = due(&sample(), &[args, &["--format", "csv"]].concat());
        ran.out.lines().skip(1).filter_map(|l| l.split(',').nth(3)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--within", "30d"]), ["IMP-1", "IMP-2"]);
    assert_eq!(ids(&["--within", "29d"]), ["IMP-1"]);
    assert_eq!(ids(&["--within", "2 weeks"]), ["IMP-1"]);
    assert_eq!(ids(&["--within", "P3M"]), ["IMP-1", "IMP-2", "P-1"]);
    assert_eq!(ids(&["--within", "9999y"]), ["IMP-1", "IMP-2", "P-1"]);
    assert_eq!(ids(&["--overdue"]), ["IMP-1"]);
    assert_eq!(ids(&["--owner", "boss", "--within", "1y"]), ["IMP-2", "P-1"]);
    for wrong in ["soon", "-3d", ""] {
        let ran = due(&sample(), &[&format!("--within={wrong}")]);
        assert_eq!(ran.status, 2, "{wrong}");
        assert!(ran.err.contains("is no length of time. Write it as `30d`"), "{}", ran.err);
    }
}

#[test]
fn an_owner_nobody_knows_is_refused_and_an_empty_list_says_so() {
    let ran = due(&sample(), &["--owner", "bos"]);
    assert_eq!((ran.status, ran.err.as_str()), (2, "there is no role `bos`. Did you mean `boss`?"));
    let ran = due(&bare(), &[]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "smsctl: nothing is due until 2027-02-18.\n");
    let ran = due(&bare(), &["--format", "ics"]);
    assert!(ran.out.starts_with("BEGIN:VCALENDAR\r\n") && ran.out.ends_with("END:VCALENDAR\r\n"));
}

#[test]
fn a_narrow_terminal_leaves_out_what_can_be_done_without() {
    let sms = disk(&sample());
    let ran = on(sms.path(), &["due"], Some(60));
    assert!(ran.out.lines().all(|l| l.chars().count() <= 60), "{}", ran.out);
    assert!(ran.out.contains("IMP-1") && ran.out.ends_with("(no room for PATH, KIND)\n"), "{}", ran.out);
}

#[test]
fn the_json_follows_its_schema_and_is_sorted() {
    let ran = due(&toolkit(), &["--within", "5y", "--format", "json"]);
    let json = valid(&ran.out, "due");
    assert_eq!((json["today"].as_str(), json["until"].as_str()), (Some("2026-11-20"), Some("2031-11-20")));
    let duties = json["duties"].as_array().unwrap();
    let days: Vec<&str> = duties.iter().map(|d| d["on"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days.len() > 100);
    for duty in duties {
        assert!(repository().join("examples/toolkit").join(duty["path"].as_str().unwrap()).is_file(), "{duty}");
        assert!(duty["owner"].is_string(), "{duty}");
    }
    // By hand: the kinds of duty the sample has on 2026-11-20.
    for kind in [
        "policy-review",
        "document-review",
        "review",
        "objective",
        "measurement",
        "improvement",
        "corrective-action",
        "action",
        "audit",
        "management-review",
        "meeting",
        "communication",
        "notice",
        "contract-end",
        "agreement-end",
    ] {
        assert!(duties.iter().any(|d| d["kind"] == kind), "{kind}");
    }
    // By hand: registers/suppliers.md says notice_by 2027-01-31 for SUP-001.
    let notice = duties.iter().find(|d| d["kind"] == "notice" && d["id"] == "SUP-001").unwrap();
    assert_eq!((notice["on"].as_str(), notice["days_left"].as_i64()), (Some("2027-01-31"), Some(72)));
}

#[test]
fn the_calendar_is_read_back_by_a_parser_of_others() {
    let json: Value = serde_json::from_str(&due(&toolkit(), &["--format", "json"]).out).unwrap();
    let ran = due(&toolkit(), &["--format", "ics"]);
    assert_eq!(ran.out, due(&toolkit(), &["--format", "ics"]).out);
    assert!(ran.out.split("\r\n").all(|l| l.len() <= 75 && !l.contains('\n')));
    let calendar = icalendar::Calendar::from_str(&ran.out).unwrap();
    let events: Vec<_> = calendar.components.iter().filter_map(|c| c.as_event()).collect();
    let duties = json["duties"].as_array().unwrap();
    assert_eq!(events.len(), duties.len());
    let mut uids: Vec<&str> = events.iter().map(|e| e.get_uid().unwrap()).collect();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), duties.len());
    for (event, duty) in events.iter().zip(duties) {
        let text = format!("{} {}", duty["id"].as_str().unwrap(), duty["title"].as_str().unwrap());
        assert_eq!(event.get_summary(), Some(text.as_str()));
        let Some(icalendar::DatePerhapsTime::Date(on)) = event.get_start() else { panic!("{text}") };
        assert_eq!(on.to_string(), duty["on"].as_str().unwrap());
    }
}
