//! `internal-supplier-without-agreement`: an internal supplier without an agreement in force.

use super::facts::{active_suppliers, current, in_use, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "internal-supplier-without-agreement",
    summary: "an internal supplier or a customer acting as a supplier works without an agreement",
    docs: include_str!("internal_supplier_without_agreement.md"),
    level: ERROR,
    clauses: &["8.3.4.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "agreements") {
        return;
    }
    let in_force = current(ctx.ws, "agreement").filter(|a| a.str("status") == Some("in-force"));
    let bound: Vec<_> = in_force.flat_map(|a| a.refs("supplier_ref")).collect();
    for supplier in active_suppliers(ctx.ws).filter(|s| !bound.contains(s)) {
        let kind = match supplier.str("type") {
            Some("internal-supplier") => "an internal supplier",
            Some("customer-as-supplier") => "a customer acting as a supplier",
            _ => continue,
        };
        let message = format!("{} is {kind} without an agreement in force", named(supplier));
        let problem = RULE.problem(supplier.span_of("type"), message).subject(supplier.id());
        out.report(problem.help(
            "Agree on activities, targets and interfaces, and enter the agreement in the register of internal \
             agreements with `supplier_ref` and the status `in-force`.",
        ));
    }
}
