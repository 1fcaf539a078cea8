//! `measurement-without-comment`: a value misses its target and nobody says why.

use super::figures::{Target, Value, values_of};
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "measurement-without-comment",
    summary: "a value that misses the target of its metric has no comment",
    docs: include_str!("measurement_without_comment.md"),
    level: NOTE,
    clauses: &["9.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for metric in ctx.ws.of_type("metric").filter(|m| !m.is_retired()) {
        let Some(target) = Target::of(metric.node()) else { continue };
        let silent = |v: &Value<'_>| target.missed_by(v.number) && !v.entity.has("comment") && !v.entity.is_retired();
        for value in values_of(metric).into_iter().filter(silent) {
            let (id, period) = (metric.id(), value.period);
            let message =
                format!("{} in {period} misses the target {target} of `{id}` without a word on why", value.number);
            let problem = RULE.problem(value.entity.span_of("value"), message).subject(value.entity.id());
            out.report(
                problem.help("Say in `comment` what happened and what was done about it, while people still know."),
            );
        }
    }
}
