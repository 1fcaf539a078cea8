//! `budget-missing`: a live service without a budget now.

use super::facts::{current, in_use, live_services, named};
use crate::rules::period::Period;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "budget-missing",
    summary: "a live service has no budget for the current period",
    docs: include_str!("budget_missing.md"),
    level: WARNING,
    clauses: &["8.4.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "budgets") {
        return;
    }
    let now = |b: &EntityView<'_>| b.str("period").and_then(Period::parse).is_some_and(|p| p.holds(ctx.today));
    let lines: Vec<_> = current(ctx.ws, "budget").filter(now).collect();
    for service in live_services(ctx.ws) {
        let of_group = |b: &EntityView<'_>| b.str("group").is_some() && b.str("group") == service.str("group");
        if lines.iter().any(|b| of_group(b) || b.refs("service_ref").any(|s| s == service)) {
            continue;
        }
        let message = format!("{} has no budget for a period that holds {}", named(service), ctx.today);
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(
            "Enter a budget line for the service, or for its group in the words of the service register, for the \
             current period.",
        ));
    }
}
