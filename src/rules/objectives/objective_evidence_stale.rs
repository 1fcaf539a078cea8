//! `objective-evidence-stale`: the newest evidence of an objective is older than its period.

use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use jiff::civil::Date;

use crate::finding::Problem;
use crate::source::Span;
use crate::workspace::{EntityView, duration};

use super::objective::{active, dated, frequency, is_milestone, metrics_of};
use crate::rules::period::after;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-evidence-stale",
    summary: "an objective that is pursued has no evidence of its last period",
    docs: include_str!("objective_evidence_stale.md"),
    level: WARNING,
    clauses: &["9.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[49],
    options: &[RuleOption { name: "grace-days", default: 31, about: "days a value may come in after its period" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let grace = ctx.number(&RULE, "grace-days");
    for objective in active(ctx).filter(|o| is_readable(*o) && has_period(*o)) {
        let newest = newest(objective, ctx.today);
        let fresh_until = |(on, _): (Date, Span)| after(on, period(objective)?, grace);
        match (newest, newest.and_then(fresh_until)) {
            (Some((on, span)), Some(until)) if until < ctx.today => {
                let message = format!("the newest evidence of {} is of {on}; newer was due by {until}", objective.id());
                out.report(problem(objective, message).related(span, "the newest evidence"));
            }
            (None, _) => out.report(problem(objective, format!("nothing with a date proves {} yet", objective.id()))),
            _ => {}
        }
    }
}

fn problem(objective: EntityView<'_>, message: String) -> Problem {
    let fields = ["metric_ref", "evidence_refs"];
    let field = fields.into_iter().find(|f| objective.has(f)).unwrap_or("id");
    let help = match metrics_of(objective).first() {
        Some(metric) => format!("Add the value of `{}` for the last period to the measurements register.", metric.id()),
        None => {
            "Name in `metric_ref` the metric it is measured by, or in `evidence_refs` the record that shows the last \
                 result."
                .to_owned()
        }
    };
    RULE.problem(objective.span_of(field), message).subject(objective.id()).help(help)
}

/// A metric that does not exist, or whose values cannot be read, is a finding of its own.
fn is_readable(objective: EntityView<'_>) -> bool {
    let metrics = metrics_of(objective);
    let unresolved = objective.has("metric_ref") && objective.refs("metric_ref").next().is_none();
    let lost = |m: &EntityView<'_>| {
        let front = m.artifact().front();
        front.get("entries_from").is_some() && front.field("entries").is_none()
    };
    !unresolved && !metrics.iter().any(lost)
}

/// The newest day anything proves the objective; its baseline counts as a start.
fn newest(objective: EntityView<'_>, today: Date) -> Option<(Date, Span)> {
    let measured = metrics_of(objective).into_iter().filter_map(dated);
    let shown = objective.refs("evidence_refs").filter_map(dated);
    let baseline = objective.node().get("baseline").and_then(|b| Some((b.date("on")?, b.span_of("on"))));
    measured.chain(shown).chain(baseline).filter(|(on, _)| *on <= today).max_by_key(|(on, _)| *on)
}

/// A milestone is reached once; it has results to show only when it says how often.
fn has_period(objective: EntityView<'_>) -> bool {
    !is_milestone(objective) || period(objective).is_some()
}

fn period(objective: EntityView<'_>) -> Option<jiff::Span> {
    let per = || objective.node().get("target").and_then(|t| t.str("per")).and_then(duration);
    frequency(objective).or_else(per)
}
