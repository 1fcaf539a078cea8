//! `satisfaction-not-measured`: a customer whose satisfaction was not measured in time.

use super::facts::{current, due, header, in_use, live_services, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "satisfaction-not-measured",
    summary: "a customer was not asked in time how content it is",
    docs: include_str!("satisfaction_not_measured.md"),
    level: WARNING,
    clauses: &["8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two runs when the register names no interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "satisfaction") {
        return;
    }
    let interval = header(ctx.ws, "satisfaction", "interval");
    let live: Vec<_> = live_services(ctx.ws).collect();
    for customer in current(ctx.ws, "interested-party").filter(|p| p.str("type") == Some("customer")) {
        if !customer.refs("service_refs").any(|s| live.contains(&s)) {
            continue;
        }
        let runs = customer.referrers_by("satisfaction", "customer_refs").filter(|r| !r.is_retired());
        let last = runs.filter_map(|r| r.date("held_on")).filter(|on| *on <= ctx.today).max();
        let message = match last.map(|on| (on, due(on, interval, ctx.number(&RULE, "months")))) {
            Some((_, due)) if due >= ctx.today => continue,
            Some((on, due)) => format!("{} was last asked on {on}; the next run was due on {due}", named(customer)),
            None => format!("{} was never asked how content it is", named(customer)),
        };
        let problem = RULE.problem(customer.span(), message).subject(customer.id());
        out.report(problem.help(
            "Ask a sample of the customer's users, or hold an interview, and enter the run in the satisfaction register.",
        ));
    }
}
