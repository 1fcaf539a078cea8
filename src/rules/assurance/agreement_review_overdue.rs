//! `agreement-review-overdue`: an internal agreement past its review.

use super::facts::{current, due, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "agreement-review-overdue",
    summary: "an internal agreement was not reviewed in time",
    docs: include_str!("agreement_review_overdue.md"),
    level: WARNING,
    clauses: &["8.3.4.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two reviews of an agreement that names no interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    for agreement in current(ctx.ws, "agreement").filter(|a| a.str("status") == Some("in-force")) {
        let last = agreement.date("last_review_on").or(agreement.date("agreed_on"));
        let computed = last.map(|on| (due(on, agreement.str("review_interval"), months), "last_review_on"));
        let planned = agreement.date("next_review_on").map(|on| (on, "next_review_on"));
        let Some((on, field)) = planned.into_iter().chain(computed).min().filter(|(on, _)| *on < ctx.today) else {
            continue;
        };
        let message = format!("the review of {} was due on {on}", named(agreement));
        let problem = RULE.problem(agreement.span_of(field), message).subject(agreement.id());
        out.report(problem.help(
            "Go through results, targets and interfaces with the other side, and write the days into \
             `last_review_on` and `next_review_on`.",
        ));
    }
}
