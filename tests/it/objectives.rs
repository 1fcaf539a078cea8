//! The way from a commitment to its objective: what is said where, once, and what is passed over in silence.

use smsctl::source::MemoryTree;

use crate::common::{bare, check, lines};

const POLICY: &str = "\
---
id: SMS-POL-01
kind: policy
title: Service management policy
version: 2.0
status: approved
owner: service-management-owner
approvers: [chief-information-officer]
clauses: [5.2.1]
scope_ref: SMS-CTX-01
commitments:
  - {id: PC-01, element: objectives-framework}
  - {id: PC-02, element: objectives-framework}
---

# Service management policy

- **PC-01** We agree service level targets for every live service with its customers.
- **PC-02** We restore service after an incident within the time agreed for its priority.
";

const REGISTER: &str = "\
---
id: SMS-REG-OBJ
kind: register
register: objectives
title: Service management objectives
version: 1.0
status: approved
owner: service-management-owner
approvers: [chief-information-officer]
clauses: [6.2.1]
entries:
";

/// An objective that nothing but the rules of this group could find fault with.
fn objective(id: &str, commitment: &str, rest: &str) -> String {
    format!(
        "  - id: {id}
    title: Critical services stay available
    statement: Each critical service is available for 99.9 % of its service hours.
    category: customer-outcome
    commitment_refs: [{commitment}]
    level: service
{rest}"
    )
}

fn sms(policy: Option<&str>, objectives: &[String]) -> MemoryTree {
    let mut tree = bare();
    if let Some(policy) = policy {
        tree.put("policies/policy.md", Some(policy.as_bytes().to_vec()));
    }
    if !objectives.is_empty() {
        let text = format!("{REGISTER}{}---\n\n# Objectives\n", objectives.concat());
        tree.put("registers/objectives.md", Some(text.into_bytes()));
    }
    tree
}

/// Findings whose rule's name holds one of the words.
fn found(tree: &MemoryTree, words: &[&str]) -> Vec<String> {
    let (workspace, verdict) = check(tree);
    let rule = |l: &String| words.iter().any(|w| l.split(' ').next().unwrap_or_default().contains(w));
    lines(&workspace, &verdict).into_iter().filter(rule).collect()
}

#[test]
fn the_commitment_whose_only_objective_went_is_named_with_the_way_out() {
    let both =
        [objective("OBJ-01", "PC-01", "    status: active\n"), objective("OBJ-02", "PC-02", "    status: active\n")];
    assert_eq!(found(&sms(Some(POLICY), &both), &["commitment"]), Vec::<String>::new());
    let tree = sms(Some(POLICY), &both[..1]);
    assert_eq!(
        found(&tree, &["commitment"]),
        ["commitment-without-objective policies/policy.md:13:10 no objective follows from the commitment PC-02"]
    );
    let (_, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "commitment-without-objective").unwrap();
    assert!(finding.problem.help.contains("`commitment_refs: [PC-02]`"), "{}", finding.problem.help);
    assert!(finding.problem.help.contains("registers/objectives.md"), "{}", finding.problem.help);
    assert_eq!(finding.problem.subject.as_deref(), Some("PC-02"));
    assert_eq!(finding.problem.related.len(), 1);
    assert_eq!(finding.severity.as_str(), "error");
}

#[test]
fn a_policy_in_draft_gets_a_warning() {
    let tree = sms(Some(&POLICY.replace("approved", "draft")), &[objective("OBJ-01", "PC-01", "    status: active\n")]);
    let (_, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "commitment-without-objective").unwrap();
    assert_eq!(finding.severity.as_str(), "warning");
}

#[test]
fn a_missing_register_is_said_once() {
    assert_eq!(
        found(&sms(Some(POLICY), &[]), &["objective", "commitment"]),
        ["objectives-register-missing policies/policy.md:2:5 there is no objectives register for SMS-POL-01"]
    );
}

#[test]
fn a_register_that_cannot_be_read_is_its_own_finding_only() {
    let mut tree = sms(Some(POLICY), &[]);
    let broken = format!("{REGISTER}  - id: OBJ-01\n   title: [\n---\n");
    tree.put("registers/objectives.md", Some(broken.into_bytes()));
    assert_eq!(found(&tree, &["objective", "commitment"]), Vec::<String>::new());
}

#[test]
fn what_is_still_to_do_is_not_said_twice() {
    let rest = "    owner: TODO(role)
    measurement_method: TODO(formula)
    data_source: TODO(tool)
    target: TODO(number)
    baseline: TODO(value and day)
    frequency: TODO(how often)
    review_forum: TODO(forum)
    last_reviewed_on: TODO(day)
    due_on: TODO(day)
    plan: TODO(plan)
    control_refs: [TODO(process)]
    status: draft
";
    let tree = sms(None, &[objective("OBJ-01", "TODO(commitment)", rest)]);
    let rules = [
        "objective-without",
        "objective-incomplete",
        "objective-un",
        "objective-plan",
        "target",
        "baseline",
        "measured",
    ];
    assert_eq!(found(&tree, &rules), Vec::<String>::new());
}

#[test]
fn a_draft_is_judged_by_its_form_and_mildly() {
    let tree = sms(Some(POLICY), &[objective("OBJ-01", "PC-01", "    due_on: 2026-01-31\n    status: draft\n")]);
    let running = ["overdue", "stale", "after-change", "missed"];
    assert_eq!(found(&tree, &running), Vec::<String>::new());
    let (_, verdict) = check(&tree);
    let forms: Vec<_> = verdict.findings.iter().filter(|f| f.problem.subject.as_deref() == Some("OBJ-01")).collect();
    assert!(forms.iter().any(|f| f.rule.name == "objective-incomplete"));
    assert!(forms.iter().any(|f| f.rule.name == "target-not-measurable"));
    let own = |f: &&&smsctl::rules::Finding| f.rule.name != "reference-unresolved";
    assert!(forms.iter().filter(own).all(|f| f.severity.as_str() == "warning"));
}

#[test]
fn a_cancelled_objective_is_left_alone() {
    let cancelled = objective("OBJ-03", "PC-09", "    due_on: 2026-01-31\n    status: cancelled\n");
    let tree = sms(Some(POLICY), &[cancelled]);
    let about: Vec<_> = found(&tree, &["objective-", "target", "baseline", "measured"]);
    assert!(about.iter().all(|l| !l.contains("OBJ-03")), "{about:?}");
}

#[test]
fn a_retired_commitment_is_said_once_with_its_version() {
    let policy = POLICY
        .replace("{id: PC-02, element: objectives-framework}", "{id: PC-02, element: other, retired_in_version: 2.0}")
        .replace("- **PC-02** We restore service after an incident within the time agreed for its priority.\n", "");
    let tree = sms(
        Some(&policy),
        &[objective("OBJ-01", "PC-01", "    status: active\n"), objective("OBJ-02", "PC-02", "    status: active\n")],
    );
    assert_eq!(
        found(&tree, &["commitment", "reference-retired"]),
        [
            "objective-on-retired-commitment registers/objectives.md:23:23 OBJ-02 names PC-02, which version 2.0 of SMS-POL-01 dropped"
        ]
    );
}

#[test]
fn settings_move_the_limits() {
    let mut tree = sms(Some(POLICY), &[objective("OBJ-01", "PC-01", "    status: active\n")]);
    assert_eq!(found(&tree, &["objective-count"]).len(), 1);
    let config = "[sms]\norganization = \"Northwind\"\n[rules]\nobjective-count = { min = 1 }\n";
    tree.put("smsctl.toml", Some(config.into()));
    assert_eq!(found(&tree, &["objective-count", "config"]), Vec::<String>::new());
}
