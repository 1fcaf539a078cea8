//! `continuity-test-failed-without-action`: a failed continuity test that led to nothing.

use super::facts::{current, filled, named, not_met};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "continuity-test-failed-without-action",
    summary: "a continuity test missed its target and nothing follows",
    docs: include_str!("continuity_test_failed_without_action.md"),
    level: ERROR,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for test in current(ctx.ws, "continuity-test") {
        let Some(objective) = not_met(test.node(), "objectives").next() else { continue };
        let acts = |d: &crate::document::Node| filled(d, "action") || filled(d, "action_ref");
        if test.node().list("deficiencies").iter().any(acts) {
            continue;
        }
        let what = objective.str("text").unwrap_or("a target");
        let message = format!("{} did not reach `{what}`, and no action follows", named(test));
        let problem = RULE.problem(objective.span_of("met"), message).subject(test.id());
        out.report(problem.help(
            "Write what did not work into `deficiencies`, with the action, its owner and a day, or with the id of the \
             improvement or nonconformity.",
        ));
    }
}
