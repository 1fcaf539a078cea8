//! `service-without-obligation`: a live service for which no requirement is on record.

use super::facts::live_services;
use crate::rules::registers::has_register;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-without-obligation",
    summary: "no obligation concerns a live service",
    docs: include_str!("service_without_obligation.md"),
    level: WARNING,
    clauses: &["8.2.2", "4.2"],
    since: "0.1.0",
    requirements: &[68],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !has_register(ctx.ws, "obligations") {
        return;
    }
    for service in live_services(ctx.ws) {
        if service.referrers_by("obligation", "service_refs").any(|o| !o.is_retired()) {
            continue;
        }
        let message = format!("no obligation concerns the live service {} ({})", service.label(), service.id());
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(format!(
            "Name {} in the `service_refs` of the obligations it has to meet, or add the one that is missing.",
            service.id()
        )));
    }
}
