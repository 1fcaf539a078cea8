//! `objective-overdue`: the day by which an objective was to be reached is past.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use jiff::civil::Date;

use crate::source::Span;
use crate::workspace::EntityView;

use super::objective::active;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-overdue",
    summary: "an objective is still pursued after its due date",
    docs: include_str!("objective_overdue.md"),
    level: WARNING,
    clauses: &["6.2.1", "6.2.2"],
    since: "0.1.0",
    requirements: &[61],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in active(ctx) {
        let Some((due, span)) = due(objective).filter(|(due, _)| *due < ctx.today) else { continue };
        let message = format!("{} was to be reached by {due} and is still `active`", objective.id());
        let problem = RULE.problem(span, message).subject(objective.id());
        out.report(problem.help(
            "Judge it in its forum: set `status` to `achieved` or `missed`, or decide on a new day and write it into \
             `due_on`.",
        ));
    }
}

fn due(objective: EntityView<'_>) -> Option<(Date, Span)> {
    if objective.has("due_on") {
        return Some((objective.date("due_on")?, objective.span_of("due_on")));
    }
    let target = objective.node().get("target")?;
    Some((target.date("by")?, target.span_of("by")))
}
