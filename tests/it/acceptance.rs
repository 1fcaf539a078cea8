//! What people do wrong to a real SMS: each mistake in a copy of the sample gives its finding, at its place, with a help.

use smsctl::finding::Severity;
use smsctl::source::{MemoryTree, Source as _};

use crate::common::{check, lines, toolkit};

const POLICY: &str = "policies/service-management-policy.md";
const OBJECTIVES: &str = "registers/objectives.md";

fn text(tree: &MemoryTree, path: &str) -> String {
    String::from_utf8(tree.read(path, u64::MAX).expect("the sample has this file")).expect("the sample is UTF-8")
}

/// The sample with one edit.
fn edited(path: &str, from: &str, to: &str) -> MemoryTree {
    let mut tree = toolkit();
    let before = text(&tree, path);
    assert!(before.contains(from), "{path} does not hold `{from}`");
    tree.put(path, Some(before.replacen(from, to, 1).into_bytes()));
    tree
}

/// Asserts that the rule reports in `path` at the first occurrence of `at`, as an error that says what to do.
fn expect(tree: &MemoryTree, rule: &str, path: &str, at: &str) {
    let (workspace, verdict) = check(tree);
    let text = text(tree, path);
    let offset = text.find(at).expect("the place is in the file");
    let hits: Vec<_> = verdict.findings.iter().filter(|f| f.rule.name == rule).collect();
    let all = crate::common::lines(&workspace, &verdict).join("\n");
    let hit =
        hits.iter().find(|f| workspace.sources.path(f.problem.span) == path && f.problem.span.start as usize == offset);
    let hit = hit.unwrap_or_else(|| panic!("no {rule} at `{at}`; there is\n{all}"));
    assert!(!hit.problem.help.is_empty(), "{rule} says nothing of what to do");
}

fn expect_error(tree: &MemoryTree, rule: &str, path: &str, at: &str) {
    expect(tree, rule, path, at);
    let (_, verdict) = check(tree);
    assert!(
        verdict.findings.iter().any(|f| f.rule.name == rule && f.severity == Severity::Error),
        "{rule} is no error"
    );
}

#[test]
fn the_sample_is_silent() {
    let (workspace, verdict) = check(&toolkit());
    assert_eq!(crate::common::lines(&workspace, &verdict), Vec::<String>::new());
    assert!(verdict.waived.is_empty());
    assert!(workspace.artifacts.len() >= 30, "{} artifacts", workspace.artifacts.len());
    assert!(workspace.unread.is_empty() && workspace.excluded.is_empty());
    crate::rule_pages::assert_only_history_is_not_evaluated(&verdict);
}

#[test]
fn the_only_objective_of_a_commitment_is_deleted() {
    let tree = edited(OBJECTIVES, "commitment_refs: [PC-08]", "commitment_refs: [PC-02]");
    expect_error(&tree, "commitment-without-objective", POLICY, "PC-08, element");
}

#[test]
fn an_owner_role_is_misspelt() {
    let tree = edited(POLICY, "owner: service-management-owner", "owner: service-managment-owner");
    expect_error(&tree, "reference-unresolved", POLICY, "service-managment-owner");
    let (_, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "reference-unresolved").unwrap();
    assert_eq!(finding.problem.help, "Did you mean `service-management-owner`?");
}

#[test]
fn an_id_is_used_twice() {
    let tree = edited("policies/change-management-policy.md", "id: SMS-POL-10", "id: SMS-POL-18");
    expect_error(&tree, "duplicate-id", "policies/information-security-policy.md", "SMS-POL-18");
}

#[test]
fn a_template_name_is_left_in_the_policy() {
    let tree = edited(POLICY, "Northwind Managed Services runs", "Organization Name runs");
    expect_error(&tree, "organization-placeholder", POLICY, "Organization Name");
}

#[test]
fn a_commitment_is_vague() {
    let words = "We restore service after an incident within the time agreed for its priority.";
    let tree = edited(POLICY, words, "We strive to provide excellent service.");
    expect(&tree, "weak-commitment", POLICY, "strive");
    expect_error(&tree, "vague-commitment", POLICY, "excellent service");
}

#[test]
fn the_improvement_promise_is_removed() {
    let mut tree = toolkit();
    let before = text(&tree, POLICY);
    let start = before.find("- **PC-07**").unwrap();
    let end = start + before[start..].find("\n\n").unwrap();
    let kept = format!("{}{}", &before[..start], &before[end..]);
    tree.put(POLICY, Some(kept.into_bytes()));
    let (_, verdict) = check(&tree);
    let rules: Vec<_> = verdict.findings.iter().map(|f| f.rule.name).collect();
    assert!(rules.contains(&"improvement-promise-missing"), "{rules:?}");
}

#[test]
fn a_review_was_due_long_ago() {
    let tree = edited(
        POLICY,
        "effective_on: 2026-02-09\nreviewed_on: 2026-09-24",
        "effective_on: 2023-02-09\nreviewed_on: 2024-09-24",
    );
    expect_error(&tree, "review-overdue", POLICY, "2024-09-24");
}

#[test]
fn yaml_is_broken() {
    let indented = edited(POLICY, "status: approved", "  status: approved");
    let (_, verdict) = check(&indented);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "yaml-syntax").expect("yaml-syntax");
    let text_before = text(&indented, POLICY);
    let line = text_before[..finding.problem.span.start as usize].lines().count();
    assert!((5..=6).contains(&line), "line {line}");
    expect_error(&edited(POLICY, "  - {id: PC-01", "\t- {id: PC-01"), "yaml-syntax", POLICY, "\t- {id: PC-01");
}

#[test]
fn bytes_are_no_text() {
    let mut tree = edited(POLICY, "claim gets paid", "claim\0 gets paid");
    expect_error(&tree, "not-utf8", POLICY, "\0");
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("---\nid: A-1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    tree.put(POLICY, Some(utf16));
    let (workspace, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "not-utf8").expect("not-utf8");
    assert_eq!((workspace.sources.path(finding.problem.span), finding.problem.span.start), (POLICY, 0));
    assert!(finding.problem.message.contains("UTF-16"));
}

/// Whatever is broken in one file, the others are still checked.
#[test]
fn one_broken_file_hides_no_other() {
    let mut tree = edited(POLICY, "status: approved", "  status: approved");
    let other = text(&tree, OBJECTIVES).replacen("category: ", "categorie: ", 1);
    tree.put(OBJECTIVES, Some(other.into_bytes()));
    expect_error(&tree, "field-unknown", OBJECTIVES, "categorie");
    let (_, verdict) = check(&tree);
    assert!(verdict.findings.iter().any(|f| f.rule.name == "yaml-syntax"));
    let dangling: Vec<_> =
        verdict.findings.iter().filter(|f| f.rule.name == "reference-unresolved").map(|f| &f.problem.message).collect();
    assert!(dangling.is_empty(), "ids of the broken file count as existing: {dangling:?}");
}

/// Each defect is said once: what hangs on the broken file is not called broken as well.
#[test]
fn a_file_that_is_no_text_does_not_make_references_to_it_look_broken() {
    let plan = "plans/internal-audit-programme.md";
    let text = text(&toolkit(), plan);
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [format!("{text}\0").into_bytes(), wide] {
        let mut tree = toolkit();
        tree.put(plan, Some(bytes));
        let (workspace, verdict) = check(&tree);
        let lines = crate::common::lines(&workspace, &verdict);
        assert!(lines.iter().any(|l| l.starts_with("not-utf8 ")), "{lines:?}");
        assert!(!lines.iter().any(|l| l.starts_with("reference-unresolved ")), "{lines:?}");
    }
}

#[test]
fn a_commitment_of_one_word_is_only_called_too_short() {
    let promise = "We agree service level targets for every live service with the customers who depend on it.";
    let (workspace, verdict) = check(&edited(POLICY, promise, "Quality."));
    let lines = crate::common::lines(&workspace, &verdict);
    assert!(lines.iter().any(|l| l.contains("the text of PC-01 has 1 word, and at least 5")), "{lines:?}");
    assert!(!lines.iter().any(|l| l.starts_with("commitment-without-action")), "{lines:?}");
    assert!(!lines.iter().any(|l| l.starts_with("commitment-not-objective-ready")), "{lines:?}");
}

#[test]
fn the_next_number_is_a_guess_and_not_the_only_way() {
    let tree = edited("policies/incident-management-policy.md", "id: SMS-POL-12", "id: SMS-POL-77");
    let (_, verdict) = check(&tree);
    let finding = verdict.findings.iter().find(|f| f.rule.name == "reference-unresolved").unwrap();
    assert!(finding.problem.help.contains("If not, write the id of another"), "{}", finding.problem.help);
}

#[test]
fn a_register_with_an_unknown_name_does_not_make_its_ids_unknown() {
    let (workspace, verdict) = check(&edited("registers/roles.md", "register: roles", "register: rols"));
    let lines = crate::common::lines(&workspace, &verdict);
    assert!(lines.iter().any(|l| l.starts_with("kind-unknown registers/roles.md:")), "{lines:?}");
    assert!(!lines.iter().any(|l| l.starts_with("reference-unresolved ")), "{}", lines.len());
}

/// A register names a CSV file and reads no other one.
#[test]
fn entries_come_from_csv_files_alone() {
    let register = "registers/suppliers.md";
    let (head, _) =
        text(&toolkit(), register).split_once("entries:").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    for name in ["../../etc/passwd", "../smsctl.toml", "/etc/passwd"] {
        let mut tree = toolkit();
        tree.put(register, Some(format!("{head}entries_from: {name}\n---\n# Suppliers\n").into_bytes()));
        let (workspace, verdict) = check(&tree);
        let lines = crate::common::lines(&workspace, &verdict);
        let about: Vec<_> = lines.iter().filter(|l| l.contains(name) || l.contains("smsctl.toml:")).collect();
        assert!(
            matches!(about.as_slice(), [one] if one.starts_with("field-invalid registers/suppliers.md:")),
            "{about:?}"
        );
    }
}

/// Which words stand in the raw text of a block decides whether it is looked at, not which blanks are found in its prose.
#[test]
fn a_block_under_suspicion_is_judged_by_its_prose() {
    let path = "policies/service-management-policy.md";
    let mut tree = toolkit();
    let mut text = tree.read(path, 1 << 20).unwrap();
    text.extend_from_slice(b"\n[Company Name] and \\_\\_\\_\\_\\_\\_ are blanks.\n");
    tree.put(path, Some(text));
    let (workspace, verdict) = check(&tree);
    let found: Vec<_> =
        lines(&workspace, &verdict).into_iter().filter(|l| l.starts_with("bracket-placeholder ")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with(r#""_\_\_\_\_\_" was not filled in"#), "{found:?}");
}
