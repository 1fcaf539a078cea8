//! `requirement-not-agreed`: an agreed requirement without party or day.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "requirement-not-agreed",
    summary: "a service requirement counts as agreed without saying with whom and when",
    docs: include_str!("requirement_not_agreed.md"),
    level: WARNING,
    clauses: &["8.2.2", "8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let agreed = |s: &str| matches!(s, "agreed" | "implemented");
    for requirement in current(ctx.ws, "service-requirement").filter(|r| r.str("status").is_some_and(agreed)) {
        let missing: Vec<_> =
            ["agreed_with", "agreed_on"].into_iter().filter(|f| !filled(requirement.node(), f)).collect();
        if !missing.is_empty() {
            let status = requirement.str("status").unwrap_or_default();
            let message = format!(
                "requirement {} is {status}, but `{}` is not filled in",
                requirement.id(),
                missing.join("` and `")
            );
            let problem = RULE.problem(requirement.span_of("status"), message).subject(requirement.id());
            out.report(problem.help(
                "Name the customer or role it was agreed with and the day, or set the status back to `proposed`.",
            ));
        }
    }
}
