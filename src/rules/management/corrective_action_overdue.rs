//! `corrective-action-overdue`: a corrective action past its day.

use super::facts::{current, is_open, late, open_actions};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "corrective-action-overdue",
    summary: "a correction or corrective action is past its day",
    docs: include_str!("corrective_action_overdue.md"),
    level: WARNING,
    clauses: &["10.1.1", "10.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for case in current(ctx.ws, "nonconformity").filter(|n| n.str("status") != Some("closed")) {
        let correction = case.node().get("correction").filter(|action| is_open(action));
        for action in correction.into_iter().chain(open_actions(case, "corrective_actions")) {
            if let Some(problem) = late(&RULE, case, action, ctx.today) {
                out.report(problem.help(
                    "Enter the day on which it was done into `done_on`, or let whoever answers for the case agree to \
                     another day.",
                ));
            }
        }
    }
}
