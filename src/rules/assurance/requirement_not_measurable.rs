//! `requirement-not-measurable`: a requirement without figure or criterion.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "requirement-not-measurable",
    summary: "a service requirement says nothing by which it could be judged",
    docs: include_str!("requirement_not_measurable.md"),
    level: WARNING,
    clauses: &["8.2.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for requirement in current(ctx.ws, "service-requirement") {
        if let Some(missing) = missing(requirement) {
            let message = format!("requirement {} {missing}", requirement.id());
            let problem = RULE.problem(requirement.span_of("text"), message).subject(requirement.id());
            out.report(problem.help(
                "Give a `measure` with a `target`; for continuity `recovery_time` and `data_loss` will do. Where no \
                 figure fits, write an `acceptance_criterion` that two people would judge alike.",
            ));
        }
    }
}

fn missing(requirement: EntityView<'_>) -> Option<&'static str> {
    let node = requirement.node();
    let figure = filled(node, "measure") && filled(node, "target");
    let recovery = filled(node, "recovery_time") || filled(node, "data_loss");
    match requirement.str("type")? {
        "continuity" if !figure && !recovery => Some("says neither a recovery time nor a measure with a target"),
        "service-level" | "availability" | "capacity" if !figure => Some("names no measure with a target"),
        "continuity" | "service-level" | "availability" | "capacity" => None,
        _ if figure || filled(node, "acceptance_criterion") => None,
        _ => Some("has neither a measure with a target nor an acceptance criterion"),
    }
}
