//! `target-not-measurable`: nobody could say whether the target of an objective is met.

use crate::document::Node;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::Span;
use crate::workspace::EntityView;

use super::objective::{kept, milder_for_draft};

/// The rule.
pub static RULE: Rule = Rule {
    name: "target-not-measurable",
    summary: "the target of an objective is neither a number nor a milestone with a day",
    docs: include_str!("target_not_measurable.md"),
    level: ERROR,
    clauses: &["6.2.1"],
    since: "0.1.0",
    requirements: &[54],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in kept(ctx) {
        if let Some((span, message)) = defect(objective) {
            let problem = RULE.problem(span, message).subject(objective.id()).help(
                "Give a number, such as `target: {comparator: \">=\", value: 95, unit: \"%\"}`, or a milestone that is \
                 reached or not, with `milestone` and the day in `by`.",
            );
            out.report(milder_for_draft(problem, objective));
        }
    }
}

/// What keeps the target from being measured, and where. A target of the wrong form is said elsewhere.
fn defect(objective: EntityView<'_>) -> Option<(Span, String)> {
    let id = objective.id();
    let Some(target) = objective.node().get("target") else {
        return Some((objective.span_of("target"), format!("{id} has no target")));
    };
    let has_milestone = target.get("milestone").is_some();
    if target.as_str().is_some() || (has_milestone && (target.get("by").is_some() || objective.has("due_on"))) {
        return None;
    }
    if has_milestone && target.get("value").is_none() {
        return Some((target.span_of("milestone"), format!("the milestone of {id} has no day")));
    }
    let missing = missing(objective, target);
    if missing.is_empty() { ends_below_start(id, target) } else { Some((target.span, lacks(id, &missing))) }
}

fn lacks(id: &str, missing: &[&str]) -> String {
    format!("the target of {id} cannot be measured: it lacks {}", missing.join(", "))
}

fn missing(objective: EntityView<'_>, target: &Node) -> Vec<&'static str> {
    let has_unit = target.get("unit").is_some()
        || objective.has("unit")
        || objective.refs("metric_ref").any(|m| m.has("unit"))
        || (objective.has("metric_ref") && objective.refs("metric_ref").next().is_none());
    let is_range = target.str("comparator") == Some("range");
    let parts = [
        ("`comparator`", target.get("comparator").is_some()),
        ("`value`", target.get("value").is_some()),
        ("`upper`", !is_range || target.get("upper").is_some()),
        ("`unit`", has_unit),
    ];
    parts.into_iter().filter(|(_, there)| !there).map(|(part, _)| part).collect()
}

fn ends_below_start(id: &str, target: &Node) -> Option<(Span, String)> {
    let (from, to) = target.number("value").zip(target.number("upper"))?;
    let reversed = target.str("comparator") == Some("range") && to < from;
    reversed.then(|| (target.span_of("upper"), format!("the range of {id} ends at {to}, below its start {from}")))
}
