//! `service-without-customer`: a live service nobody is known to receive.

use super::facts::{current, filled, in_use, live_services, named, slas_in_force};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-without-customer",
    summary: "a live service names no customer",
    docs: include_str!("service_without_customer.md"),
    level: WARNING,
    clauses: &["8.2.4", "8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "interested-parties") {
        return;
    }
    let customers = current(ctx.ws, "interested-party").filter(|p| p.str("type") == Some("customer"));
    let received = customers.chain(slas_in_force(ctx.ws)).flat_map(|e| e.refs("service_refs"));
    let received: Vec<_> = received.collect();
    let unknown = |s: &crate::workspace::EntityView<'_>| !filled(s.node(), "customer_refs") && !received.contains(s);
    for service in live_services(ctx.ws).filter(unknown) {
        let message = format!("{} is live and no customer is known to receive it", named(service));
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(
            "Write the ids of its customers into `customer_refs`. When nobody receives it any more, plan its end and \
             change `lifecycle`.",
        ));
    }
}
