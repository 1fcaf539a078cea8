//! `change-closed-without-review`: a change was closed and nobody looked back at it.

use super::facts::{entries, follows_model, has, is_cancelled, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-closed-without-review",
    summary: "a change is closed and no review is on record",
    docs: include_str!("change_closed_without_review.md"),
    level: WARNING,
    clauses: &["8.5.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| is_over(*c) && !has(*c, "review.on")) {
        let message = format!("{} is closed, and no review is on record", name(change));
        out.report(problem(&RULE, change, "status", message).help(
            "Hold the review and write its day, whether the change was effective and what was learned into `review`.",
        ));
    }
}

fn is_over(change: EntityView<'_>) -> bool {
    let routine = follows_model(change) && change.str("result") == Some("successful");
    matches!(change.str("status"), Some("reviewed" | "closed")) && !routine && !is_cancelled(change)
}
