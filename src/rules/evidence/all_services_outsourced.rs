//! `all-services-outsourced`: other parties run everything, so nothing is left to manage.

use super::facts::live_services;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "all-services-outsourced",
    summary: "other parties run every service in scope and every process",
    docs: include_str!("all_services_outsourced.md"),
    level: ERROR,
    clauses: &["8.2.3.1"],
    since: "0.1.0",
    requirements: &[103],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let services: Vec<_> = live_services(ctx.ws).collect();
    let Some(first) = services.first().filter(|_| services.iter().all(|s| run_by_others(*s))) else { return };
    let processes: Vec<_> = ctx.ws.of_type("process").filter(|p| !p.is_retired()).collect();
    if processes.is_empty() {
        out.not_evaluated("other parties run every service in scope, and no register says who runs the processes");
        return;
    }
    if processes.iter().all(|p| run_by_others(*p)) {
        let register = first.artifact();
        let message = "other parties run every live service in scope and every process";
        let problem = RULE.problem(register.span(), message).subject(register.id());
        out.report(problem.help(
            "An organization must run part of its services or processes itself to conform. Say with \
             `operated_by: mixed` where you take part, or choose another scope.",
        ));
    }
}

fn run_by_others(entity: EntityView<'_>) -> bool {
    matches!(entity.str("operated_by"), Some("external-supplier" | "internal-supplier" | "customer"))
}
