//! What the rules of the policy say once, and what they pass over.

use crate::common::{bare, check, lines, toolkit};

const POLICY: &str = "policies/service-management-policy.md";

/// Findings of some rules when the sample's policy is replaced.
fn findings(policy: &str, rules: &[&str]) -> Vec<String> {
    let mut tree = toolkit();
    tree.put(POLICY, Some(policy.as_bytes().to_vec()));
    let (workspace, verdict) = check(&tree);
    let wanted = |line: &String| rules.iter().any(|r| line.starts_with(&format!("{r} ")));
    lines(&workspace, &verdict).into_iter().filter(wanted).collect()
}

fn policy(front: &str, body: &str) -> String {
    format!(
        "---\nid: SMS-POL-01\nkind: policy\ntitle: Service Management Policy\nversion: 2.0\nstatus: approved\n\
         owner: service-management-owner\napprovers: [chief-information-officer]\neffective_on: 2026-02-09\n\
         clauses: [5.2.1]\nscope_ref: SMS-CTX-01\n{front}---\n\n# Service Management Policy\n\n{body}"
    )
}

const BOTH: &str = "commitments:\n  - {id: PC-01, element: applicable-requirements}\n  - {id: PC-02, element: continual-improvement}\n";

const PROMISES: [&str; 5] = [
    "requirements-promise-missing",
    "requirements-undefined",
    "improvement-promise-missing",
    "improvement-one-sided",
    "improvement-mechanism-unnamed",
];

#[test]
fn a_placeholder_silences_the_rules_of_wording() {
    let body = "- **PC-01** TODO(promise to meet requirements)\n- **PC-02** We care for TODO(what is improved).\n";
    assert_eq!(findings(&policy(BOTH, body), &PROMISES), Vec::<String>::new());
    let body = "## Our purpose\n\nWe run TODO(services).\n";
    let front = "elements:\n  purpose-fit: \"#our-purpose\"\n";
    assert_eq!(findings(&policy(front, body), &["purpose-missing", "purpose-generic"]), Vec::<String>::new());
}

#[test]
fn an_element_that_is_nowhere_is_told_once() {
    let all = [&PROMISES[..], &["element-not-located", "objectives-framework-thin", "purpose-missing"]].concat();
    let found = findings(&policy("", "We keep services running.\n"), &all);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().all(|f| f.starts_with("element-not-located ")), "{found:#?}");
}

#[test]
fn a_language_without_patterns_gives_notes_for_the_two_promises() {
    let body = "- **PC-01** Wir erfüllen alle geltenden Anforderungen.\n- **PC-02** Wir werden besser.\n";
    let found = findings(&policy(&format!("language: de\n{BOTH}"), body), &PROMISES);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|f| f.contains("cannot read")), "{found:#?}");
}

#[test]
fn many_ways_to_promise_are_understood() {
    let ways = [
        ("We comply with contracts, laws and internal policies.", "We improve the SMS and the services continually."),
        ("Northwind meets all requirements that apply.", "Northwind continually improves its services."),
        ("Top management is committed to satisfying the obligations that bind us.", "We pursue ongoing improvement."),
        ("All agreed requirements will be met.", "Top management commits to the continual improvement of the SMS."),
    ];
    for (requirements, improvement) in ways {
        let body = format!("- **PC-01** {requirements}\n- **PC-02** {improvement}\n");
        let rules = ["requirements-promise-missing", "improvement-promise-missing"];
        assert_eq!(findings(&policy(BOTH, &body), &rules), Vec::<String>::new());
    }
}

#[test]
fn a_tool_in_the_name_of_a_service_is_no_instruction() {
    let body = "We run Managed SharePoint.\n";
    assert_eq!(findings(&policy("", body), &["working-instruction"]).len(), 1);
    let mut tree = toolkit();
    tree.put(POLICY, Some(policy("", body).into_bytes()));
    let services = "---\nid: SMS-REG-SV2\nkind: register\nregister: services\nentries:\n  - {id: SVC-090, name: Managed SharePoint}\n---\n";
    tree.put("registers/more-services.md", Some(services.as_bytes().to_vec()));
    let (workspace, verdict) = check(&tree);
    assert!(!lines(&workspace, &verdict).iter().any(|l| l.starts_with("working-instruction ")));
}

#[test]
fn a_policy_that_cannot_be_read_is_not_called_missing() {
    let mut tree = bare();
    tree.put("roles.md", Some(b"---\nid: SMS-REG-ROL\nkind: register\nregister: roles\n---\n".to_vec()));
    let says = |line: &String| line.starts_with("policy-missing ");
    let (workspace, verdict) = check(&tree);
    assert!(lines(&workspace, &verdict).iter().any(says));
    tree.put("policy.md", Some(b"---\nid: SMS-POL-01\nkind: policy\nclauses: [5.2.1\n---\n".to_vec()));
    let (workspace, verdict) = check(&tree);
    assert!(!lines(&workspace, &verdict).iter().any(says));
    assert!(verdict.not_evaluated.iter().any(|n| n.rule == "policy-missing"));
}
