//! `smsctl explain`.

use serde_json::Value;

use crate::run::{disk, on, small, smsctl};

fn outside(args: &[&str]) -> crate::run::Ran {
    let nowhere = tempfile::tempdir().unwrap();
    smsctl(nowhere.path(), args)
}

#[test]
fn without_a_name_all_rules_are_listed_by_clause() {
    let ran = outside(&["explain"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("\n7.5 Documented information\n\n"), "{}", ran.out);
    for rule in smsctl::rules::all() {
        assert!(ran.out.contains(&format!("`{}`", rule.name)), "{}", rule.name);
    }
}

#[test]
fn every_name_can_be_explained_in_every_format() {
    for name in smsctl::report::explained_names(None) {
        let topics = smsctl::report::explain(&name, None);
        assert!(!topics.is_empty(), "{name}");
        for topic in topics {
            let page = smsctl::report::page(&topic.page, false, 80);
            assert!(page.len() > 20 && !page.contains("```"), "{name}: {page}");
            assert_eq!(topic.json["what"], topic.what);
        }
    }
}

#[test]
fn a_rule_is_its_page() {
    let text = outside(&["explain", "generated-table-stale"]).out;
    assert!(text.starts_with("generated-table-stale\n\n- severity: warning\n- clauses: 7.5.3.2\n"), "{text}");
    assert!(
        text.contains("\n      registers/suppliers.md:")
            || text.contains("\n  registers/suppliers.md:\n    ---\n    id: SMS-REG-SUP\n"),
        "{text}"
    );
    let markdown = outside(&["explain", "Generated-Table-Stale", "--format", "markdown"]).out;
    assert!(markdown.contains("## How to fix\n") && markdown.contains("```markdown registers/suppliers.md\n"));
    let json: Value = serde_json::from_str(&outside(&["explain", "P-091", "--format", "json"]).out).unwrap();
    let deciding: Vec<_> = json["topics"].as_array().unwrap().iter().map(|t| t["rule"]["name"].clone()).collect();
    assert!(deciding.contains(&"to-do".into()), "{deciding:?}");
}

#[test]
fn clauses_entries_registers_and_kinds_are_explained() {
    let clause = outside(&["explain", "6.3"]).out;
    assert!(
        clause.starts_with("Clause 6.3 Plan the service management system\n\nA service management plan that"),
        "{clause}"
    );
    assert!(
        clause.contains("\nDocumented information: the clause asks for a document: Service management plan.\n"),
        "{clause}"
    );
    assert!(clause.contains("\n- `service-management-plan`: Service Management Plan\n"), "{clause}");
    let entry = outside(&["explain", "service-management-policy"]).out;
    assert!(entry.contains("Its headings\n\n- Service purpose and intent\n- Applicability\n"), "{entry}");
    assert!(entry.contains("Belongs with\n\n- the register `objectives`\n"), "{entry}");
    insta::assert_snapshot!(entry.split("Its headings").next().unwrap_or_default(), @r"
    Service Management Policy: toolkit entry `service-management-policy`

    - document number: `SMS-POL-01`
    - kind: `policy`
    - answers: 5.2.1 Establishing the service management policy, 5.2.2 Communicating
      the service management policy, 5.1 Leadership and commitment, 6.2.1 Establish
      objectives
    - owner: `service-management-owner`, approver: `top-management`
    - review: P1Y

    `smsctl new service-management-policy` starts it.
    ");
    let roles = outside(&["explain", "forums"]).out;
    insta::assert_snapshot!(roles.split("Fields of the document").next().unwrap_or_default(), @r#"
    Forums register: register `forums`

    Meetings that steer the service management system and review its results.

    Each entry is one entity of type `forum`.

    Fields of an entry

    - `id` (text, required): Short name of the meeting in small letters with
      hyphens. Example: `service-review-board`
    - `title` (text, required): Name of the meeting. Example: `Service Review Board`
    - `purpose` (text, required): What the meeting is for and what it decides.
      Example: `Looks at service results and decides on measures`
    - `chair` (id of role, required): Role that leads the meeting. Example:
      `service-delivery-manager`
    - `members` (list of id of role): Roles that take part. Example:
      `["service-desk-lead"]`
    - `interval` (text): How often it meets. Example: `P1M`
    - `last_held_on` (date): Day of the last meeting. Example: `2026-09-15`
    - `minutes_refs` (list of id of anything): Ids of the minutes. Example:
      `["SMS-REC-07"]`
    "#);
    let policy = outside(&["explain", "policy"]).out;
    assert!(policy.contains("- `id` (text, required): "), "{policy}");
    assert!(
        policy.contains("- `status` (one of draft, in-review, approved, superseded, retired, required)"),
        "{policy}"
    );
    assert!(policy.contains("- `owner` (id of role, required)"), "{policy}");
}

#[test]
fn an_id_of_the_sms_is_explained_there() {
    let sms = disk(&small());
    insta::assert_snapshot!(smsctl(sms.path(), &["explain", "OBJ-01"]).out, @r"
    Objective `OBJ-01`

    Restore quickly

    - stands in: registers/objectives.md:14
    - document: `REG-OBJ` Objectives
    - status: active
    - owner: sms-owner

    It refers to

    - `PC-01` We restore service in time. (commitment_refs)
    - `sms-owner` SMS owner (owner)
    - `in-time` Restored in time (metric_ref)
    - `PRO-01` Incident management (control_refs)

    Referred to by

    - `in-time` Restored in time (metrics.objective_refs),
      registers/measurements.md:14

    `smsctl trace OBJ-01` follows it both ways.
    ");
    assert_eq!(smsctl(sms.path(), &["explain", "obj-01"]).status, 0);
    let sample = crate::common::repository().join("examples/toolkit");
    let policy = smsctl(&sample, &["explain", "SMS-POL-01"]).out;
    assert!(policy.contains("- `5.2.1` Establishing the service management policy (clauses)"), "{policy}");
    assert!(!policy.contains("does not exist"), "{policy}");
    let clause = smsctl(sms.path(), &["explain", "5.3"]).out;
    assert!(clause.contains("- `REG-ROL` Roles (registers/roles.md)"), "{clause}");
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_of_all() {
    let ran = outside(&["explain", "generated-tabel-stale"]);
    assert_eq!(
        (ran.status, ran.err.as_str()),
        (2, "there is nothing called `generated-tabel-stale`. Did you mean `generated-table-stale`?")
    );
    assert!(outside(&["explain", "objectivs"]).err.contains("`objectives`"));
    assert!(smsctl(disk(&small()).path(), &["explain", "OBJ-1"]).err.contains("`OBJ-01`"));
}

#[test]
fn a_broken_smsctl_toml_does_not_stop_it() {
    let sms = tempfile::tempdir().unwrap();
    std::fs::write(sms.path().join("smsctl.toml"), "[sms").unwrap();
    let ran = smsctl(sms.path(), &["explain", "6.3"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("only what is built in"), "{}", ran.err);
}

#[test]
fn on_a_terminal_headings_are_bold_when_colour_is_wanted() {
    let nowhere = tempfile::tempdir().unwrap();
    let out = on(nowhere.path(), &["explain", "6.3", "--color", "always"], Some(60)).out;
    assert!(out.starts_with("\u{1b}[1mClause 6.3"), "{out:?}");
}
