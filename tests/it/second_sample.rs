//! A second SMS (`second_sample.md`), small and built differently from the sample: what the sample hides shows here. Many of
//! its dates are last days: what is due today is not overdue, and tomorrow it is.

use jiff::ToSpan as _;
use smsctl::rules::{self, Ctx};
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, base, lines};
use crate::examples::{sections, tree};

fn sample() -> Workspace {
    let sections = sections(include_str!("second_sample.md"));
    workspace::load(&tree(&sections[0]), &|_, _| {}).unwrap()
}

#[test]
fn the_rules_are_silent_on_another_organization() {
    assert_silent(&sample());
    assert_eq!(sample().artifacts.len(), 20);
}

/// What the examples of the pages are laid over (`tests/it/base`) adds no finding of its own.
#[test]
fn the_rules_are_silent_on_the_base_of_the_examples() {
    assert_silent(&workspace::load(&base(), &|_, _| {}).unwrap());
}

fn assert_silent(workspace: &Workspace) {
    let verdict = rules::run(&Ctx::new(workspace, TODAY));
    assert_eq!(lines(workspace, &verdict), Vec::<String>::new());
    assert!(verdict.waived.is_empty() && workspace.unread.is_empty());
    crate::rule_pages::assert_only_history_is_not_evaluated(&verdict);
}

/// One day later the last days have passed, each said once.
#[test]
fn last_days_end_at_midnight() {
    let workspace = sample();
    let verdict = rules::run(&Ctx::new(&workspace, TODAY.saturating_add(1.day())));
    let found: Vec<_> =
        verdict.findings.iter().map(|f| (f.rule.name, workspace.sources.path(f.problem.span))).collect();
    let expected = [
        ("management-review-missing", "protokolle/bewertung-2025-11.md"),
        ("supplier-review-overdue", "register/lieferanten.md"),
        ("obligation-review-overdue", "register/verpflichtungen.csv"),
        ("objective-overdue", "register/ziele/verbesserung.md"),
    ];
    assert_eq!(found, expected);
}
