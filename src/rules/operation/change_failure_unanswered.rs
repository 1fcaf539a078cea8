//! `change-failure-unanswered`: a change failed and nothing follows.

use super::facts::{day, entries, has, is_followed_up, name, problem};
use crate::rules::evidence::facts::days_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-failure-unanswered",
    summary: "a change failed or was taken back, and no problem, improvement or nonconformity answers it",
    docs: include_str!("change_failure_unanswered.md"),
    level: WARNING,
    clauses: &["8.5.1.3", "8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 14,
        about: "days after a change that failed within which the answer is decided",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| matches!(c.str("result"), Some("failed" | "backed-out"))) {
        let recent =
            day(change, "implemented_on").is_some_and(|d| days_after(d, ctx.number(&RULE, "days")) >= ctx.today);
        let named = ["review.problem_ref", "review.improvement_ref"].into_iter().any(|f| has(change, f));
        if !recent && !named && !is_followed_up(change) {
            let message = format!("{} did not succeed, and nothing says what follows from it", name(change));
            out.report(problem(&RULE, change, "result", message).help(
                "Open a problem or an improvement and name it in `review.problem_ref` or `review.improvement_ref`.",
            ));
        }
    }
}
