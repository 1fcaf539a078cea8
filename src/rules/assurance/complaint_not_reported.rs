//! `complaint-not-reported`: a complaint that no report tells of.

use super::facts::{current, days_after, filled, months_after, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "complaint-not-reported",
    summary: "a complaint appears in no report",
    docs: include_str!("complaint_not_reported.md"),
    level: WARNING,
    clauses: &["8.3.2", "9.4"],
    since: "0.1.0",
    requirements: &[],
    options: &[
        RuleOption { name: "days", default: 60, about: "days after which a complaint must have been told in a report" },
        RuleOption { name: "months", default: 24, about: "months after which nobody asks any more" },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let (days, months) = (ctx.number(&RULE, "days"), ctx.number(&RULE, "months"));
    for complaint in current(ctx.ws, "complaint").filter(|c| !filled(c.node(), "reported_in")) {
        let ripe = |on: &jiff::civil::Date| days_after(*on, days) < ctx.today && months_after(*on, months) >= ctx.today;
        let Some(received) = complaint.date("received_on").filter(ripe) else { continue };
        let message = format!("complaint {} of {received} is told in no report", named(complaint));
        let problem = RULE.problem(complaint.span_of("received_on"), message).subject(complaint.id());
        out.report(problem.help(
            "Tell it in the next service report or in the management review, and write the id of that into \
             `reported_in`.",
        ));
    }
}
