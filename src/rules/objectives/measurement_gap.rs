//! `measurement-gap`: a metric has no value for a period between others.

use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{EntityView, duration};

use super::figures::{Value, values_of};
use crate::rules::period::{Period, months};

/// The rule.
pub static RULE: Rule = Rule {
    name: "measurement-gap",
    summary: "a metric has no value for a period between its first and its last",
    docs: include_str!("measurement_gap.md"),
    level: WARNING,
    clauses: &["9.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for metric in ctx.ws.of_type("metric").filter(|m| !m.is_retired()) {
        let Some(every) = metric.str("frequency").and_then(duration) else { continue };
        let mut values = values_of(metric);
        // A metric that went from quarters to months has two series.
        values.sort_by_key(|v| (v.period.months, v.period.number));
        for pair in values.windows(2) {
            let [before, next] = pair else { continue };
            if before.period.months != next.period.months {
                continue;
            }
            let missing = before.period.missing_until(next.period, months(every));
            if !missing.is_empty() {
                out.report(problem(metric, *before, *next, &missing));
            }
        }
    }
}

fn problem(metric: EntityView<'_>, before: Value<'_>, next: Value<'_>, missing: &[Period]) -> Problem {
    let message = format!("`{}` has no value for {}", metric.id(), named(missing));
    let problem = RULE.problem(next.entity.span_of("period"), message).subject(metric.id());
    problem.related(before.entity.span_of("period"), "the value before").help(
        "Add the value. If it was never taken, say so in the `comment` of the next one and waive this finding in \
         smsctl.toml with the reason.",
    )
}

/// The periods one by one, or the first and the last of many.
fn named(missing: &[Period]) -> String {
    match missing {
        [first, .., last] if missing.len() > 3 => format!("{} periods from {first} to {last}", missing.len()),
        few => few.iter().map(Period::to_string).collect::<Vec<_>>().join(", "),
    }
}
