//! `audit-not-reported`: an internal audit whose result no manager got.

use super::facts::{current, days_after, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "audit-not-reported",
    summary: "the result of an internal audit was not reported to management",
    docs: include_str!("audit_not_reported.md"),
    level: ERROR,
    clauses: &["9.2.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 30, about: "days the report of an audit may take" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for audit in current(ctx.ws, "audit") {
        let held = audit.date("held_on").filter(|on| days_after(*on, days) < ctx.today);
        let (Some(held), Some(field)) = (held, missing(audit.node())) else { continue };
        let said = if field == "reported_on" {
            "nothing says when its result was reported"
        } else {
            "no manager got its result"
        };
        let problem = RULE.problem(audit.span_of("held_on"), format!("{} was held on {held} and {said}", named(audit)));
        out.report(problem.subject(audit.id()).help(
            "Give the report to the managers of the areas audited, and enter their roles into `reported_to` and the day \
             into `reported_on`.",
        ));
    }
}

fn missing(audit: &crate::document::Node) -> Option<&'static str> {
    ["reported_to", "reported_on"].into_iter().find(|field| !filled(audit, field))
}
