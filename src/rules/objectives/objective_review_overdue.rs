//! `objective-review-overdue`: the forum of an objective has not looked at it in time.

use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::EntityView;

use super::objective::{active, forum_interval, last_review};
use crate::rules::period::after;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-review-overdue",
    summary: "an objective was not reviewed within the interval of its forum",
    docs: include_str!("objective_review_overdue.md"),
    level: WARNING,
    clauses: &["9.1", "9.3", "6.2.1"],
    since: "0.1.0",
    requirements: &[59],
    options: &[RuleOption {
        name: "grace-days",
        default: 14,
        about: "days a review may slip, since meetings do not fall on the same day",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in active(ctx) {
        let Some(forum) = objective.refs("review_forum").next() else { continue };
        let Some((interval, (span, message))) = forum_interval(objective).zip(overdue(ctx, objective)) else {
            continue;
        };
        let problem = RULE.problem(span, message).subject(objective.id());
        let problem = problem.related(forum.span_of("interval"), format!("{} meets every {interval}", forum.id()));
        out.report(problem.help(format!(
            "Put {} on the agenda of {}, and write the day of the review into `last_reviewed_on`.",
            objective.id(),
            forum.id()
        )));
    }
}

fn overdue(ctx: &Ctx<'_>, objective: EntityView<'_>) -> Option<(Span, String)> {
    let interval = forum_interval(objective)?;
    let late = |on| after(on, interval, ctx.number(&RULE, "grace-days")).is_some_and(|late| late < ctx.today);
    let id = objective.id();
    if let Some((on, span)) = last_review(objective, ctx.today) {
        let due = after(on, interval, 0).filter(|_| late(on))?;
        return Some((span, format!("{id} was last reviewed on {on}; the next review was due on {due}")));
    }
    // The clock of a new objective starts at its baseline.
    let started = objective.node().get("baseline").and_then(|b| b.date("on")).filter(|on| *on <= ctx.today);
    let is_open = objective.str("last_reviewed_on").is_some_and(is_to_do) || started.is_some_and(|on| !late(on));
    (!is_open).then(|| (objective.span_of("last_reviewed_on"), format!("no review of {id} is on record")))
}
