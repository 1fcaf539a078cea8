//! `audit-overdue`: a planned internal audit that was not held.

use super::facts::{current, days_after, filled, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "audit-overdue",
    summary: "an internal audit was not held when it was planned",
    docs: include_str!("audit_overdue.md"),
    level: WARNING,
    clauses: &["9.2.1", "9.2.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 30, about: "days an audit may be late" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    let planned = |a: &crate::workspace::EntityView<'_>| matches!(a.str("status"), Some("planned" | "in-progress"));
    for audit in current(ctx.ws, "audit").filter(planned).filter(|a| !filled(a.node(), "held_on")) {
        let day = audit.date("planned_on").filter(|on| days_after(*on, days) < ctx.today);
        let Some(day) = day else { continue };
        let message = format!("{} was planned for {day} and is not held", named(audit));
        let problem = RULE.problem(audit.span_of("planned_on"), message).subject(audit.id());
        out.report(problem.help(
            "Hold the audit and enter `held_on`, or agree on another day with those who are audited and enter it into \
             `planned_on`. An audit that is given up gets the status `cancelled`.",
        ));
    }
}
