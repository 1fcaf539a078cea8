//! What the findings say, where they point, and what stays silent.

use std::collections::BTreeSet;

use smsctl::trust::{NotJudged, Record};

use super::{Look, scenarios};
use crate::kit::{DOCUMENT, Kit, document};

#[test]
fn one_added_space_is_pointed_at() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.0", "We  serve."));
    let expected = "error policies/smp.md:12:4 SMP-001 changed since version 1.0 was approved by Carla Example (cio) on 2026-01-05: one space was added";
    assert_eq!(Look::at(&kit).lines("content-changed"), [expected]);
    kit.commit("eve", "Edit");
    assert_eq!(Look::at(&kit).lines("content-changed"), [expected]);
}

#[test]
fn line_ends_of_a_checkout_change_nothing() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    kit.write(DOCUMENT, &document("1.0", "We serve.").replace('\n', "\r\n"));
    assert!(Look::at(&kit).fired().is_empty());
    kit.write(DOCUMENT, &document("1.0", "We serve!").replace('\n', "\r\n"));
    let lines = Look::at(&kit).lines("content-changed");
    assert!(lines[0].contains(":12:4 ") && lines[0].ends_with("`serve.` became `serve!`"), "{lines:?}");
}

#[test]
fn who_may_approve_is_named() {
    let look = Look::at(&Kit::new());
    assert_eq!(look.lines("approval-missing"), ["error policies/smp.md:6:9 nobody approved SMP-001 1.0"]);
    let help = &look.of("approval-missing").next().unwrap().problem.help;
    assert!(help.starts_with("Approval needs cio (Carla Example), by `smsctl approve SMP-001`."), "{help}");
}

#[test]
fn a_refused_approval_is_a_note_once_others_approved() {
    let mut kit = Kit::new();
    let statement = kit.statement("carla", "cio");
    kit.put_at("approvals/SMP-001/1.0/carla.approval", statement.render().as_bytes(), "mallory");
    kit.commit("eve", "Forge");
    let look = Look::at(&kit);
    assert!(look.lines("key-unknown")[0].starts_with("error "));
    assert_eq!(look.fired(), BTreeSet::from(["key-unknown"]));
    let statement = kit.statement("carla", "cio").render();
    kit.put_at("approvals/SMP-001/1.0/carla.2.approval", statement.as_bytes(), "carla");
    kit.commit("eve", "Import");
    let look = Look::at(&kit);
    assert!(look.lines("key-unknown")[0].starts_with("note "));
    assert_eq!(look.fired(), BTreeSet::from(["key-unknown"]));
}

/// Drafts and documents in review may have anything in their approvals folder and are never errors.
#[test]
fn drafts_are_never_errors() {
    let mut kit = Kit::new();
    kit.write(DOCUMENT, &document("1.0", "We serve.").replace("status: approved", "status: draft"));
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "mallory");
    kit.commit("eve", "Forge");
    let look = Look::at(&kit);
    assert!(look.lines("key-unknown")[0].starts_with("warning "));
    assert_eq!(look.fired(), BTreeSet::from(["key-unknown"]));
}

#[test]
fn a_shallow_clone_gives_one_error() {
    let mut kit = Kit::new();
    kit.approve_file("carla", "cio");
    let head = kit.head();
    kit.write(".git/shallow", &format!("{head}\n"));
    let look = Look::at(&kit);
    assert_eq!(look.fired(), BTreeSet::from(["repo-incomplete"]));
    let found: Vec<_> = look.of("repo-incomplete").collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].problem.help.contains("give actions/checkout `with: fetch-depth: 0`"));
    assert_eq!(look.not_evaluated("approval-missing"), Some(NotJudged::Incomplete.reason()));
    assert_eq!(look.not_evaluated("suspect-link"), Some(NotJudged::Incomplete.reason()));
    assert_eq!(look.not_evaluated("repo-incomplete"), None);
}

#[test]
fn without_a_repository_nothing_is_evaluated_and_one_warning_says_so() {
    use smsctl::rules::{self, Ctx};
    let workspace = smsctl::workspace::load(&crate::common::toolkit(), &|_, _| {}).unwrap();
    let record = Record::not_judged(NotJudged::NoRepository);
    let verdict = rules::run(&Ctx::new(&workspace, crate::common::TODAY).with_record(&record, None));
    let fired: Vec<_> = verdict.findings.iter().map(|f| f.rule.name).collect();
    assert_eq!(fired, ["approval-unverified"]);
    let history = rules::all().iter().filter(|r| crate::rule_pages::needs_history(r)).count();
    assert_eq!(verdict.not_evaluated.len(), history - 1);
    // Told to have no history, it is not even warned of.
    let record = Record::not_judged(NotJudged::HistoryNone);
    let verdict = rules::run(&Ctx::new(&workspace, crate::common::TODAY).with_record(&record, None));
    assert!(verdict.findings.is_empty());
}

/// An entry that came with its register calls for nothing, and white space is no change of words.
#[test]
fn what_came_with_its_document_is_not_new() {
    let look = Look::at(&scenarios::surrounded());
    let quiet = ["review-trigger-fired", "objectives-not-reviewed-since", "suspect-link", "review-without-record"];
    assert!(quiet.iter().all(|rule| !look.fired().contains(rule)), "{:?}", look.fired());
}

/// A role given in the afternoon is held that day; one that ends the next day is still held.
#[test]
fn roles_are_judged_by_the_end_of_the_day() {
    let day = jiff::civil::date(2026, 1, 5);
    let kit = Kit::with(crate::kit::PolicyText {
        assignments: vec![
            ("carla", "cio", "2026-01-05T17:30:00Z".into(), Some("2026-01-06T00:00:00Z".into())),
            ("ada", "trust-admin", "2026-01-01T00:00:00Z".into(), None),
        ],
        ..crate::kit::PolicyText::default()
    });
    let help = |day| {
        let look = Look::on(&kit, &kit.options(), day);
        look.of("approval-missing").map(|f| f.problem.help.clone()).collect::<String>()
    };
    assert!(help(day).contains("Carla Example"), "{}", help(day));
    assert!(help(day.tomorrow().unwrap()).contains("held by nobody"), "{}", help(day.tomorrow().unwrap()));
}

/// Two branches that approve different texts under one version alter no record, and each commit agrees with its own file.
#[test]
fn records_of_two_branches_are_no_alteration() {
    let look = scenarios::two_branches();
    let fired = look.fired();
    assert!(fired.contains("record-not-taken"), "{fired:?}");
    assert!(!fired.contains("record-altered") && !fired.contains("carriers-disagree"), "{fired:?}");
}

/// A rebase throws the signature of an approval commit away; the statement file in it still counts.
#[test]
fn a_rebased_approval_leaves_no_notes() {
    let mut kit = Kit::new();
    let message = kit.message("cio");
    let statement = kit.statement("carla", "cio");
    kit.put(&statement, "carla");
    kit.commit("carla", &message);
    kit.git(&["commit", "-q", "--amend", "--no-edit", "--no-gpg-sign", "--cleanup=verbatim"]);
    assert_eq!((kit.verdict().as_str(), kit.codes()), ("approved", vec![]));
    // Alone it counts for nothing, and that is said.
    kit.write(DOCUMENT, &crate::kit::document("1.1", "We serve well."));
    kit.commit("eve", "Raise");
    let message = kit.message("cio");
    kit.commit("carla", &message);
    kit.git(&["commit", "-q", "--amend", "--no-edit", "--no-gpg-sign", "--allow-empty", "--cleanup=verbatim"]);
    assert!(kit.codes().contains(&"signature-missing"), "{:?}", kit.codes());
}

#[test]
fn the_generated_code_owners_are_current() {
    use smsctl::rules::approval::{code_owners, end_of};
    let mut kit = scenarios::good();
    let record = kit.record();
    let workspace = smsctl::workspace::load(&smsctl::source::WorkTree::open(kit.path()), &|_, _| {}).unwrap();
    let text = code_owners::generated(&workspace, record.judged().unwrap().policy(), "", end_of(crate::common::TODAY));
    assert!(
        text.ends_with(
            "\n\n/policies/smp.md carla@mail.example.org\n/trust/ ada@mail.example.org bob@mail.example.org\n"
        )
    );
    kit.write("CODEOWNERS", &text);
    kit.commit("eve", "Owners");
    assert!(Look::at(&kit).fired().is_empty());
}
