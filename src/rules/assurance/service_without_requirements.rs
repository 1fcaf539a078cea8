//! `service-without-requirements`: a live service nobody wrote requirements for.

use super::facts::{current, in_use, live_services, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-without-requirements",
    summary: "a live service has no agreed requirement",
    docs: include_str!("service_without_requirements.md"),
    level: ERROR,
    clauses: &["8.2.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "service-requirements") {
        return;
    }
    let agreed = |r: &crate::workspace::EntityView<'_>| matches!(r.str("status"), Some("agreed" | "implemented"));
    let served: Vec<_> =
        current(ctx.ws, "service-requirement").filter(agreed).flat_map(|r| r.refs("service_ref")).collect();
    for service in live_services(ctx.ws).filter(|s| !served.contains(s)) {
        let message = format!("{} is live and has no agreed requirement", named(service));
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(
            "Write down what customers, users and laws ask of the service in the register of service requirements, \
             agree it with them, and set the status to `agreed` or `implemented`.",
        ));
    }
}
