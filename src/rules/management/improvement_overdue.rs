//! `improvement-overdue`: an approved improvement past its day.

use super::facts::{current, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-overdue",
    summary: "an approved improvement is past its day",
    docs: include_str!("improvement_overdue.md"),
    level: WARNING,
    clauses: &["10.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

const OVER: [&str; 4] = ["done", "rejected", "deferred", "cancelled"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let running = |i: &crate::workspace::EntityView<'_>| {
        i.str("decision") == Some("approved") && i.str("status").is_some_and(|s| !OVER.contains(&s))
    };
    for improvement in current(ctx.ws, "improvement").filter(running) {
        let Some(due) = improvement.date("due_on").filter(|on| *on < ctx.today) else { continue };
        let message = format!("{} was due on {due} and is not done", named(improvement));
        let problem = RULE.problem(improvement.span_of("due_on"), message).subject(improvement.id());
        out.report(problem.help(
            "Enter what came of it into `result` and set the status to `done`, or let whoever approved it decide on \
             another day or give it up.",
        ));
    }
}
