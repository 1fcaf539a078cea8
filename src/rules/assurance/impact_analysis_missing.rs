//! `impact-analysis-missing`: a critical service whose loss nobody thought through.

use super::facts::{critical_services, current, in_use, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "impact-analysis-missing",
    summary: "a critical service has no business impact analysis",
    docs: include_str!("impact_analysis_missing.md"),
    level: WARNING,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "business-impact") {
        return;
    }
    let analysed: Vec<_> = current(ctx.ws, "business-impact").flat_map(|a| a.refs("service_ref")).collect();
    for service in critical_services(ctx.ws).filter(|s| !analysed.contains(s)) {
        let message = format!("{} is critical and has no business impact analysis", named(service));
        let problem = RULE.problem(service.span_of("criticality"), message).subject(service.id());
        out.report(problem.help(
            "Judge with the customer what the loss of the service does hour by hour, and enter the result in the \
             business impact register.",
        ));
    }
}
