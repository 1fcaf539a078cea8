//! `critical-service-without-continuity-plan`: a critical service whose plan is not in force.

use super::facts::{in_use, live_services, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "critical-service-without-continuity-plan",
    summary: "the continuity plan of a critical live service is not approved",
    docs: include_str!("critical_service_without_continuity_plan.md"),
    level: ERROR,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "services") {
        return;
    }
    for service in live_services(ctx.ws).filter(|s| s.str("criticality") == Some("critical")) {
        // What is out of force is told by reference-retired, an empty field by the schema.
        let Some(plan) = service.refs("continuity_plan_ref").find(waits_for_approval) else { continue };
        let message = format!("{} is critical, and its continuity plan {} is not approved", named(service), plan.id());
        let problem = RULE.problem(service.span_of("continuity_plan_ref"), message).subject(service.id());
        out.report(problem.related(plan.artifact().span(), "the plan").help(
            "Finish the plan for the service and have it approved: what invokes it, steps, recovery targets and the way \
             back to normal.",
        ));
    }
}

fn waits_for_approval(plan: &EntityView<'_>) -> bool {
    plan.artifact().is_current() && !plan.artifact().is_approved()
}
