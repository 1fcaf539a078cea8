//! `complaint-overdue`: an old complaint that nobody took a step up.

use super::facts::{current, days_after, filled, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "complaint-overdue",
    summary: "a complaint is open beyond the limit and was not escalated",
    docs: include_str!("complaint_overdue.md"),
    level: WARNING,
    clauses: &["8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 30, about: "days a complaint may be open without a step up" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    let open = current(ctx.ws, "complaint").filter(|c| c.str("status") != Some("closed"));
    for complaint in open.filter(|c| !filled(c.node(), "escalation")) {
        let received = complaint.date("received_on");
        let Some(received) = received.filter(|on| days_after(*on, days) < ctx.today) else { continue };
        let message =
            format!("complaint {} was received on {received}, is still open and was not escalated", named(complaint));
        let problem = RULE.problem(complaint.span_of("status"), message).subject(complaint.id());
        out.report(problem.help(
            "Answer the customer and close it, or take it a step up and write day, role and reason into `escalation`.",
        ));
    }
}
