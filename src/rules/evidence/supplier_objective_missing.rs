//! `supplier-objective-missing`: suppliers carry services, and no objective measures them.

use super::facts::material_suppliers;
use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "supplier-objective-missing",
    summary: "important suppliers carry services, but no objective covers their performance",
    docs: include_str!("supplier_objective_missing.md"),
    level: WARNING,
    clauses: &["6.2.1", "8.2.3.2"],
    since: "0.1.0",
    requirements: &[101],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let objectives: Vec<_> = ctx.ws.of_type("objective").filter(|o| !o.is_retired()).collect();
    let suppliers = material_suppliers(ctx.ws);
    let Some(first) = objectives.first().filter(|_| !suppliers.is_empty()) else { return };
    if objectives.iter().any(|o| covers(*o)) {
        return;
    }
    let register = first.artifact();
    let carry = if suppliers.len() == 1 { "carries" } else { "carry" };
    let number = count(suppliers.len(), "important supplier");
    let message = format!("{number} {carry} services in scope, but no objective covers them");
    let problem = RULE.problem(register.span(), message).subject(register.id());
    out.report(problem.help(
        "Set an objective for what suppliers deliver, such as a share of contract targets met, and mark it with \
         `covers_other_parties: true`.",
    ));
}

/// By its own word, or because a supplier or the control of other parties makes it happen.
fn covers(objective: EntityView<'_>) -> bool {
    objective.node().bool("covers_other_parties") == Some(true)
        || objective.refs("control_refs").any(|control| control.is("supplier") || controls_others(control))
}

fn controls_others(control: EntityView<'_>) -> bool {
    let about_others = |clause: &str| {
        let parts: Vec<&str> = clause.splitn(4, '.').take(3).collect();
        matches!(parts.join(".").as_str(), "8.2.3" | "8.3.4")
    };
    let relevant = control.is("process") || control.is("artifact:policy") || control.is("artifact:process");
    relevant && control.node().texts("clauses").any(|(clause, _)| about_others(clause))
}
