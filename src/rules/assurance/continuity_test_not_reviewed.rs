//! `continuity-test-not-reviewed`: a continuity test nobody reviewed.

use super::facts::{current, days_after, filled, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "continuity-test-not-reviewed",
    summary: "a continuity test or an invocation was held and nobody looked back",
    docs: include_str!("continuity_test_not_reviewed.md"),
    level: WARNING,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 60,
        about: "days after a test by which it must have been reviewed",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for test in current(ctx.ws, "continuity-test").filter(|t| !filled(t.node(), "review")) {
        let held = test.date("held_on");
        let Some(held) = held.filter(|on| days_after(*on, days) < ctx.today) else { continue };
        let message = format!("{} was held on {held} and never reviewed", named(test));
        let problem = RULE.problem(test.span_of("held_on"), message).subject(test.id());
        out.report(
            problem.help(
                "Look back with those who took part, decide whether the plan has to change, and fill in `review`.",
            ),
        );
    }
}
