//! `agreement-without-obligation`: an SLA or contract in force that the obligations register does not name.

use super::facts::active_suppliers;
use crate::finding::Problem;
use crate::rules::registers::has_register;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "agreement-without-obligation",
    summary: "an SLA or supplier contract in force is the source of no obligation",
    docs: include_str!("agreement_without_obligation.md"),
    level: WARNING,
    clauses: &["4.2", "8.3.3", "8.3.4.1"],
    since: "0.1.0",
    requirements: &[68],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !has_register(ctx.ws, "obligations") {
        return;
    }
    let in_force = |s: &EntityView<'_>| s.str("status") == Some("in-force") && !s.is_retired();
    for sla in ctx.ws.of_type("sla").filter(in_force).filter(|s| !is_source(*s)) {
        out.report(problem(sla, format!("the SLA {} is the source of no obligation", sla.id())));
    }
    for supplier in active_suppliers(ctx.ws).filter(|s| runs(ctx, *s) && !is_source(*s) && !document_is_source(*s)) {
        let name = format!("{} ({})", supplier.label(), supplier.id());
        let message = format!("the contract with {name} is the source of no obligation");
        out.report(problem(supplier, message));
    }
}

fn problem(agreement: EntityView<'_>, message: String) -> Problem {
    RULE.problem(agreement.span(), message).subject(agreement.id()).help(format!(
        "Read the agreement for duties, and enter them in the obligations register with `source_ref: {}`.",
        agreement.id()
    ))
}

/// There is a contract and it has not ended.
fn runs(ctx: &Ctx<'_>, supplier: EntityView<'_>) -> bool {
    let contract = supplier.node().get("contract");
    contract.is_some_and(|c| c.date("ends_on").is_none_or(|end| end >= ctx.today))
}

fn is_source(agreement: EntityView<'_>) -> bool {
    agreement.referrers_by("obligation", "source_ref").any(|o| !o.is_retired())
}

/// The contract is a document of the SMS, named by its id in `contract.reference`.
fn document_is_source(supplier: EntityView<'_>) -> bool {
    let reference = supplier.node().get("contract").and_then(|c| c.str("reference"));
    reference.and_then(|id| supplier.ws.entity(id)).is_some_and(is_source)
}
