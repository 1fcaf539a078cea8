//! `improvement-done-without-result`: an improvement closed on the word of its owner.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-done-without-result",
    summary: "an improvement is done and nothing says what came of it",
    docs: include_str!("improvement_done_without_result.md"),
    level: ERROR,
    clauses: &["10.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for improvement in current(ctx.ws, "improvement").filter(|i| i.str("status") == Some("done")) {
        let result = improvement.node().get("result");
        if result.is_some_and(|r| filled(r, "value") || filled(r, "reached")) {
            continue;
        }
        let message = format!("{} is done, and nothing says whether it reached its target", named(improvement));
        let problem = RULE.problem(improvement.span_of("status"), message).subject(improvement.id());
        out.report(problem.help(
            "Measure it against its target and write value, day, whether the target was reached and the proof into \
             `result`.",
        ));
    }
}
