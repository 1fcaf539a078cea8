//! `measurement-duplicate`: a metric has two values for one period.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::{EntityView, duration};

use super::figures::values_of;
use crate::rules::period::months;

/// The rule.
pub static RULE: Rule = Rule {
    name: "measurement-duplicate",
    summary: "a metric has two values for one period",
    docs: include_str!("measurement_duplicate.md"),
    level: ERROR,
    clauses: &["9.1", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for metric in ctx.ws.of_type("metric").filter(|m| !m.is_retired() && !is_finer_than_periods(*m)) {
        let values: Vec<_> = values_of(metric).into_iter().filter(|v| !v.entity.is_retired()).collect();
        for pair in values.windows(2) {
            let [first, second] = pair else { continue };
            if first.period != second.period {
                continue;
            }
            let message = format!(
                "`{}` has two values for {}: {} and {}",
                metric.id(),
                first.period,
                first.number,
                second.number
            );
            let problem = RULE.problem(second.entity.span_of("period"), message).subject(second.entity.id());
            let problem = problem.related(first.entity.span_of("period"), format!("{} stands here", first.entity.id()));
            out.report(
                problem.help(
                    "Keep the value that is right and delete the other; a correction belongs into its `comment`.",
                ),
            );
        }
    }
}

/// Measured more often than once a month: a period then holds several values.
fn is_finer_than_periods(metric: EntityView<'_>) -> bool {
    metric.str("frequency").and_then(duration).is_some_and(|every| months(every) == 0)
}
