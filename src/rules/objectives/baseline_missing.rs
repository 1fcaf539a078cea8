//! `baseline-missing`: nobody can say how far an objective has come.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

use super::objective::{is_milestone, open};

/// The rule.
pub static RULE: Rule = Rule {
    name: "baseline-missing",
    summary: "an objective has no starting value with its day",
    docs: include_str!("baseline_missing.md"),
    level: WARNING,
    clauses: &["6.2.2", "9.1"],
    since: "0.1.0",
    requirements: &[55],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in open(ctx).filter(|o| !is_milestone(*o)) {
        let Some(message) = defect(objective) else { continue };
        let problem = RULE.problem(objective.span_of("baseline"), message).subject(objective.id());
        out.report(problem.help(
            "Write down where things stood when the work began, such as `baseline: {value: 82, on: 2026-01-31}`; \
             without it progress cannot be shown.",
        ));
    }
}

fn defect(objective: EntityView<'_>) -> Option<String> {
    let id = objective.id();
    let Some(baseline) = objective.node().get("baseline") else {
        return Some(format!("{id} has no baseline"));
    };
    // Of the wrong form, or still to do: said elsewhere.
    if baseline.as_str().is_some() {
        return None;
    }
    let missing = |field| baseline.get(field).is_none();
    match (missing("value"), missing("on")) {
        (true, true) => Some(format!("the baseline of {id} is empty")),
        (true, false) => Some(format!("the baseline of {id} has no `value`")),
        (false, true) => Some(format!("the baseline of {id} has no day (`on`)")),
        (false, false) => None,
    }
}
