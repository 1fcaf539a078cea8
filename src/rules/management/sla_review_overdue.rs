//! `sla-review-overdue`: an agreement with a customer past its review.

use super::facts::{due, named, slas_in_force};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sla-review-overdue",
    summary: "an SLA in force was not reviewed with the customer in time",
    docs: include_str!("sla_review_overdue.md"),
    level: WARNING,
    clauses: &["8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two reviews of an SLA that names no interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    for sla in slas_in_force(ctx.ws) {
        let start = ["last_review_on", "customer_agreed_on"].into_iter().find_map(|f| Some((sla.date(f)?, f)));
        let computed = start.map(|(on, field)| (due(on, sla.str("review_interval"), months), field));
        let planned = sla.date("next_review_on").map(|on| (on, "next_review_on"));
        let first = planned.into_iter().chain(computed).min_by_key(|(on, _)| *on);
        let Some((on, field)) = first.filter(|(on, _)| *on < ctx.today) else { continue };
        let message = format!("the review of {} with the customer was due on {on}", named(sla));
        let problem = RULE.problem(sla.span_of(field), message).subject(sla.id());
        out.report(problem.help(
            "Go through results, workload and targets with the customer, and write the days into `last_review_on` and \
             `next_review_on`.",
        ));
    }
}
