//! `competence-action-overdue`: an action on competence past its day.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "competence-action-overdue",
    summary: "a training or other action to close a gap is past its day",
    docs: include_str!("competence_action_overdue.md"),
    level: WARNING,
    clauses: &["7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for row in current(ctx.ws, "competence").filter(|row| !filled(row.node(), "action_done_on")) {
        let Some(due) = row.date("action_due_on").filter(|due| *due < ctx.today) else { continue };
        let message = format!("the {} of {} was due on {due}", row.str("action").unwrap_or("action"), row.id());
        let problem = RULE.problem(row.span_of("action_due_on"), message).subject(row.id());
        out.report(problem.help(
            "Write the day into `action_done_on` when it is done, or agree on a new day with the holder and the head \
             of the team.",
        ));
    }
}
