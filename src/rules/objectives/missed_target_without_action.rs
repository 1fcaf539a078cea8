//! `missed-target-without-action`: a target is missed again and nobody does anything about it.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use jiff::civil::Date;

use crate::finding::Problem;
use crate::workspace::EntityView;

use super::figures::{Target, Value, values_of};
use super::objective::{active, metrics_of};

/// The rule.
pub static RULE: Rule = Rule {
    name: "missed-target-without-action",
    summary: "an objective missed its target in the last two periods and no action answers it",
    docs: include_str!("missed_target_without_action.md"),
    level: WARNING,
    clauses: &["6.2.2", "9.1", "10.1.1"],
    since: "0.1.0",
    requirements: &[60],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in active(ctx) {
        if let Some(problem) = metrics_of(objective).into_iter().find_map(|metric| missed(objective, metric)) {
            out.report(problem);
        }
    }
}

fn missed(objective: EntityView<'_>, metric: EntityView<'_>) -> Option<Problem> {
    let target = target(objective, metric)?;
    let (before, last) = last_two(metric)?;
    let both = target.missed_by(last.number) && target.missed_by(before.number);
    if !both || is_answered(objective, metric, [before, last]) {
        return None;
    }
    let id = objective.id();
    let message = format!(
        "{id} missed its target {target} in {} ({}) and {} ({}), and no action answers it",
        before.period, before.number, last.period, last.number
    );
    let problem = RULE.problem(objective.span_of("action_refs"), message).subject(id);
    let problem = problem
        .related(before.entity.span_of("value"), format!("{} in {}", before.number, before.period))
        .related(last.entity.span_of("value"), format!("{} in {}", last.number, last.period));
    Some(problem.help(format!(
        "Open an improvement or a nonconformity with `source_ref: {id}` and name it in `action_refs`; if the target is \
         wrong, have the forum change it."
    )))
}

/// The values of the last two periods; sums of a quarter or year beside the months do not count.
fn last_two(metric: EntityView<'_>) -> Option<(Value<'_>, Value<'_>)> {
    let mut values = values_of(metric);
    let last = values.pop()?;
    let before = values.into_iter().rfind(|v| v.period.months == last.period.months && v.period != last.period)?;
    Some((before, last))
}

/// The objective's own target is for the metric it names; other metrics bring theirs.
fn target<'a>(objective: EntityView<'a>, metric: EntityView<'a>) -> Option<Target<'a>> {
    let named = objective.refs("metric_ref").any(|m| m == metric);
    let own = if named { Target::of(objective.node()) } else { None };
    own.or_else(|| Target::of(metric.node()))
}

fn is_answered(objective: EntityView<'_>, metric: EntityView<'_>, missed: [Value<'_>; 2]) -> bool {
    let named = objective.node().texts("action_refs").count();
    let found: Vec<_> = objective.refs("action_refs").collect();
    // An id that leads nowhere is a finding of its own.
    if found.len() < named {
        return true;
    }
    let subjects = [objective, metric, missed[0].entity, missed[1].entity];
    let referring = subjects.into_iter().flat_map(|s| s.referrers().map(|(from, _)| from));
    let since = missed[0].period.first_day();
    found.into_iter().chain(referring).any(|action| answers(action, since))
}

/// An improvement or nonconformity that was not turned down and was not over before the target was missed.
fn answers(action: EntityView<'_>, since: Option<Date>) -> bool {
    let is_action = action.is("improvement") || action.is("nonconformity");
    let turned_down = matches!(action.str("status"), Some("rejected" | "deferred" | "cancelled"));
    let result = || action.node().get("result").and_then(|r| r.date("on"));
    let over = action.date("closed_on").or_else(result);
    is_action && !turned_down && over.zip(since).is_none_or(|(over, since)| over >= since)
}
