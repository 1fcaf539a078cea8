//! `obligation-review-overdue`: an obligation whose review date has gone by.

use super::facts::days_between;
use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "obligation-review-overdue",
    summary: "the review date of an obligation has gone by",
    docs: include_str!("obligation_review_overdue.md"),
    level: WARNING,
    clauses: &["4.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[70],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for obligation in ctx.ws.of_type("obligation").filter(|o| !o.is_retired()) {
        let Some(due) = obligation.date("next_review_on").filter(|due| *due < ctx.today) else { continue };
        let late = count(usize::try_from(days_between(due, ctx.today)).unwrap_or(0), "day");
        let message = format!("the review of {} was due on {due}, {late} ago", obligation.id());
        let problem = RULE.problem(obligation.span_of("next_review_on"), message).subject(obligation.id());
        out.report(problem.help(
            "Check that the requirement is still as described and still met, renew its evidence, and set the \
             next date.",
        ));
    }
}
