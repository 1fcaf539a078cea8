//! `objective-plan-incomplete`: nothing says how an objective will be reached.

use crate::document::Node;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

use super::objective::open;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-plan-incomplete",
    summary: "the plan of an objective lacks actions, resources, responsible role, due date or evaluation",
    docs: include_str!("objective_plan_incomplete.md"),
    level: WARNING,
    clauses: &["6.2.2"],
    since: "0.1.0",
    requirements: &[58],
    options: &[],
    check: Check::Workspace(check),
};

const FIELDS: [&str; 5] = ["actions", "resources", "responsible", "due_on", "evaluation"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in open(ctx) {
        let Some(message) = defect(objective) else { continue };
        let problem = RULE.problem(objective.span_of("plan"), message).subject(objective.id());
        out.report(problem.help(
            "A plan says what will be done (`actions`), with what (`resources`), by whom (`responsible`), until when \
             (`due_on`) and how the result is judged (`evaluation`).",
        ));
    }
}

fn defect(objective: EntityView<'_>) -> Option<String> {
    let Some(plan) = objective.node().get("plan") else {
        return Some(format!("{} has no plan", objective.id()));
    };
    // Of the wrong form, or still to do: said elsewhere.
    if plan.as_str().is_some() {
        return None;
    }
    let missing: Vec<_> = FIELDS.into_iter().filter(|f| !is_filled(plan, f)).map(|f| format!("`{f}`")).collect();
    (!missing.is_empty()).then(|| format!("the plan of {} lacks {}", objective.id(), missing.join(", ")))
}

fn is_filled(plan: &Node, field: &str) -> bool {
    plan.get(field).is_some_and(|value| value.as_str().is_some() || !value.items().is_empty())
}
