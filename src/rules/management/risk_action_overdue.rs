//! `risk-action-overdue`: an action on a risk past its day.

use super::facts::{late, open_actions, open_risks};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "risk-action-overdue",
    summary: "an action on a risk or opportunity is past its day",
    docs: include_str!("risk_action_overdue.md"),
    level: WARNING,
    clauses: &["6.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for risk in open_risks(ctx.ws) {
        for problem in open_actions(risk, "actions").filter_map(|action| late(&RULE, risk, action, ctx.today)) {
            out.report(problem.help(
                "Enter the day on which it was done into `done_on` and set its status to `done`, or let the owner of the \
                 risk agree to another day.",
            ));
        }
    }
}
