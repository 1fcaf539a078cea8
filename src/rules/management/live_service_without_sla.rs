//! `live-service-without-sla`: a service customers use without an agreement on its level.

use super::facts::{in_use, live_services, named, slas_in_force};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "live-service-without-sla",
    summary: "a live service has no SLA in force",
    docs: include_str!("live_service_without_sla.md"),
    level: ERROR,
    clauses: &["8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "slas") {
        return;
    }
    let over = |sla: &crate::workspace::EntityView<'_>| sla.date("ends_on").is_some_and(|on| on < ctx.today);
    let covered: Vec<_> = slas_in_force(ctx.ws).filter(|s| !over(s)).flat_map(|s| s.refs("service_refs")).collect();
    for service in live_services(ctx.ws).filter(|s| !covered.contains(s)) {
        let message = format!("{} is live and no SLA in force covers it", named(service));
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(
            "Agree with a customer on targets, workload limits and exceptions, and name the service in `service_refs` of \
             an SLA with the status `in-force` whose last day has not passed.",
        ));
    }
}
