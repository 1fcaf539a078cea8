//! `smsctl trace`.

use serde_json::Value;
use smsctl::{report, workspace};

use crate::common::{check, toolkit};
use crate::run::{disk, on, small, smsctl};

#[test]
fn the_matrix_shows_gaps_and_ends_with_the_coverage() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["trace"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    insta::assert_snapshot!(ran.out, @r"
    POLICY  COMMITMENT  OBJECTIVE               CONTROLS  METRIC   NEWEST           EVIDENCE
    POL-01  PC-01       OBJ-01 Restore quickly  PRO-01    in-time  96 % in 2026-10  report 10
    POL-01  PC-02       — no objective

    Coverage: 1 of 2 commitments have an objective; of 1 objectives 1 have a control, 1 a metric, 1 a measurement, 1 evidence.
    ");
    insta::assert_snapshot!(smsctl(sms.path(), &["trace", "--format", "tree"]).out, @r"
    POL-01 Service Policy
    ├─ PC-01 We restore service in time.
    │  └─ OBJ-01 Restore quickly
    │     ├─ process: PRO-01 Incident management
    │     └─ metric: in-time Restored in time
    │        └─ MSR-2 96 % in 2026-10 (evidence: report 10)
    └─ PC-02 We keep improving.
       └─ — no objective

    Coverage: 1 of 2 commitments have an objective; of 1 objectives 1 have a control, 1 a metric, 1 a measurement, 1 evidence.
    ");
}

#[test]
fn one_id_is_followed_both_ways() {
    let sms = disk(&small());
    insta::assert_snapshot!(smsctl(sms.path(), &["trace", "OBJ-01"]).out, @r"
    OBJ-01 Restore quickly [objective]

    Follows from
    └─ PC-01 We restore service in time. [commitment by commitment_refs]
       └─ POL-01 Service Policy [policy]
          └─ CTX-01 Context [context by scope_ref]

    Leads to
    ├─ PRO-01 Incident management [process by control_refs]
    └─ in-time Restored in time [metric by metric_ref, metrics.objective_refs]
       └─ MSR-2: 96 % in 2026-10 [measurement by metric] and 1 older
    ");
    insta::assert_snapshot!(smsctl(sms.path(), &["trace", "POL-01"]).out, @r"
    POL-01 Service Policy [policy]

    Follows from
    └─ CTX-01 Context [context by scope_ref]

    Leads to
    ├─ PC-01 We restore service in time. [commitment]
    │  └─ OBJ-01 Restore quickly [objective by commitment_refs]
    │     ├─ PRO-01 Incident management [process by control_refs]
    │     └─ in-time Restored in time [metric by metric_ref, metrics.objective_refs]
    │        └─ MSR-2: 96 % in 2026-10 [measurement by metric] and 1 older
    └─ PC-02 We keep improving. [commitment]
       └─ — no objective
    ");
    insta::assert_snapshot!(smsctl(sms.path(), &["trace", "cio", "--format", "table"]).out, @r"
    SIDE      STEP  TYPE      ID         LABEL                      BY          WHERE                        REMARK
    self      0     role      cio        Chief information officer              registers/roles.md:15
    leads to  1     context   CTX-01     Context                    approvers   context.md:2
    leads to  1     policy    POL-01     Service Policy             approvers   policies/policy.md:2
    leads to  1     register  REG-MSR    Measurements               approvers   registers/measurements.md:2
    leads to  1     register  REG-OBJ    Objectives                 approvers   registers/objectives.md:2
    leads to  1     register  REG-PRO    Processes                  approvers   registers/processes.md:2
    leads to  1     register  REG-ROL    Roles                      approvers   registers/roles.md:2
    leads to  1     role      sms-owner  SMS owner                  reports_to  registers/roles.md:14
    ");
}

#[test]
fn depth_is_cut_with_a_mark() {
    let sms = disk(&small());
    let out = smsctl(sms.path(), &["trace", "PC-01", "--depth", "1"]).out;
    insta::assert_snapshot!(out, @r"
    PC-01 We restore service in time. [commitment]

    Follows from
    └─ POL-01 Service Policy [policy] … (more with a larger --depth)

    Leads to
    └─ OBJ-01 Restore quickly [objective by commitment_refs] … (more with a larger --depth)
    ");
}

#[test]
fn cycles_end_with_a_mark() {
    let mut tree = small();
    let plan = |id: &str, other: &str| {
        format!(
            "---\nid: {id}\nkind: plan\ntitle: Plan {id}\nversion: 1.0\nstatus: draft\nowner: sms-owner\nclauses: [\"6.3\"]\ndepends_on: [{other}]\n---\n"
        )
    };
    tree.put("a.md", Some(plan("PLN-01", "PLN-02").into()));
    tree.put("b.md", Some(plan("PLN-02", "PLN-01").into()));
    let sms = disk(&tree);
    insta::assert_snapshot!(smsctl(sms.path(), &["trace", "PLN-01"]).out, @r"
    PLN-01 Plan PLN-01 [plan]

    Follows from
    └─ PLN-02 Plan PLN-02 [plan by depends_on]
       └─ PLN-01 Plan PLN-01 [plan by depends_on] ↻ (leads back)

    Leads to
    └─ PLN-02 Plan PLN-02 [plan by depends_on]
       └─ PLN-01 Plan PLN-01 [plan by depends_on] ↻ (leads back)
    ");
}

#[test]
fn an_unknown_id_is_refused_with_the_nearest() {
    let sms = disk(&small());
    let ran = smsctl(sms.path(), &["trace", "OBJ-1"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "nothing in this SMS has the id `OBJ-1`. Did you mean `OBJ-01`?");
}

#[test]
fn json_names_gaps_and_cuts() {
    let sms = disk(&small());
    let json: Value = serde_json::from_str(&smsctl(sms.path(), &["trace", "--format", "json"]).out).unwrap();
    assert_eq!(json["commitments"][1]["gaps"][0], "objective");
    assert_eq!(json["commitments"][0]["objectives"][0]["metrics"][0]["newest"]["value"], 96.0);
    assert_eq!(json["coverage"]["with_evidence"], 1);
    let json: Value = serde_json::from_str(&smsctl(sms.path(), &["trace", "OBJ-01", "--format", "json"]).out).unwrap();
    assert_eq!(json["follows_from"][0]["id"], "PC-01");
}

/// A small strict grammar: `flowchart LR`, then nodes `nN["text"]`, edges `nN --> nM` between nodes that are there, one class.
fn check_mermaid(text: &str) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("flowchart LR"));
    let id = |t: &str| t.strip_prefix('n').is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
    let mut nodes = std::collections::BTreeSet::new();
    for line in lines {
        let line = line.strip_prefix("  ").expect("lines are indented");
        if let Some((from, to)) = line.split_once(" --> ") {
            assert!(nodes.contains(from) && nodes.contains(to), "{line}");
        } else if let Some((name, rest)) = line.split_once("[\"") {
            assert!(id(name) && nodes.insert(name), "{line}");
            let label = rest.strip_suffix(":::gap").unwrap_or(rest).strip_suffix("\"]").expect("a closed label");
            let escapes = label.split('#').skip(1).all(|e| {
                let code = e.split_once(';').map_or("", |(code, _)| code);
                code == "quot" || (!code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()))
            });
            assert!(escapes && !label.contains(['"', '<', '>', '&', '`', '\\']), "{line}");
            assert!(!label.contains(char::is_control) && !label.is_empty(), "{line}");
        } else {
            assert_eq!(line, "classDef gap stroke:#b45309,stroke-dasharray:4 4");
        }
    }
    assert!(!nodes.is_empty());
}

#[test]
fn mermaid_is_valid_even_for_hostile_titles() {
    let mut tree = small();
    let hostile = "---\nid: end\nkind: form\ntitle: 'x\"] --> y; click \"`<b>&#35;\\n%% ]) \u{202e}'\nversion: 1.0\nstatus: draft\nowner: sms-owner\nclauses: [7.5.4]\nrelated: [POL-01]\n---\n";
    tree.put("form.md", Some(hostile.into()));
    for tree in [tree, toolkit()] {
        let (ws, _) = check(&tree);
        check_mermaid(&report::mermaid(&report::matrix_items(&ws.matrix()), false));
        for ix in 0..ws.entities.len() {
            let (above, below) = report::trace_items(&workspace::trace(ws.entity_at(ix), 4));
            check_mermaid(&report::mermaid_of_two_sides(&above, &below));
        }
    }
}

#[test]
fn on_a_terminal_the_table_fits() {
    let sms = disk(&toolkit());
    let out = on(sms.path(), &["trace", "-q"], Some(90)).out;
    assert!(out.lines().all(|l| unicode_width::UnicodeWidthStr::width(l) <= 90), "{out}");
}
