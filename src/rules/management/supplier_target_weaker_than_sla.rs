//! `supplier-target-weaker-than-sla`: a target of a contract that cannot carry the target of an SLA.

use super::facts::{active_suppliers, named, slas_in_force};
use crate::document::Node;
use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "supplier-target-weaker-than-sla",
    summary: "a supplier promises less than the SLA that rests on it",
    docs: include_str!("supplier_target_weaker_than_sla.md"),
    level: WARNING,
    clauses: &["8.3.4.1", "8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let slas: Vec<_> = slas_in_force(ctx.ws).collect();
    for supplier in active_suppliers(ctx.ws).filter(|s| !is_accepted(*s)) {
        let own = supplier.node().get("contract").map_or(&[][..], |c| c.list("targets"));
        for sla in slas.iter().filter(|sla| rests_on(**sla, supplier)) {
            for (target, promise) in own.iter().flat_map(|t| sla.node().list("targets").iter().map(move |p| (t, p))) {
                if let Some(problem) = weaker(supplier, target, *sla, promise) {
                    out.report(problem);
                }
            }
        }
    }
}

/// A gap that was accepted, with a risk that keeps it in view.
fn is_accepted(supplier: EntityView<'_>) -> bool {
    let live = |risk: EntityView<'_>| !risk.is_retired() && risk.str("status") != Some("closed");
    supplier.str("sla_alignment") == Some("gap-accepted") && supplier.refs("risk_refs").any(live)
}

/// The agreement names the supplier, or one of its services is made with it.
fn rests_on(sla: EntityView<'_>, supplier: EntityView<'_>) -> bool {
    let made_with = |service: EntityView<'_>| {
        service.refs("other_parties").chain(service.refs("components")).any(|party| party == supplier)
            || supplier.refs("provides").any(|target| target == service)
    };
    sla.refs("supporting_refs").any(|party| party == supplier) || sla.refs("service_refs").any(made_with)
}

fn weaker(supplier: EntityView<'_>, target: &Node, sla: EntityView<'_>, promise: &Node) -> Option<Problem> {
    let (own, promised) = (target.number("value")?, promise.number("value")?);
    if !is_same(target, promise) || !falls_short(target.str("comparator")?, promise.str("comparator")?, own, promised) {
        return None;
    }
    let (metric, unit) = (target.str("metric")?, target.str("unit").unwrap_or_default());
    let message = format!(
        "{} promises {own} {unit} for {metric}, but {} promises the customer {promised}",
        named(supplier),
        sla.id()
    );
    let problem = RULE.problem(target.span_of("value"), message).subject(supplier.id());
    Some(problem.related(promise.span_of("value"), "the promise to the customer").help(
        "Agree on a stronger target with the supplier, or talk the SLA over with the customer. If the gap is accepted, \
         enter a risk, name it in `risk_refs` and set `sla_alignment` to `gap-accepted`.",
    ))
}

/// One metric in one unit; `%` in the window of a month is `% per month`.
fn is_same(target: &Node, promise: &Node) -> bool {
    let metric = |node: &Node| node.str("metric").map(|m| m.trim().to_lowercase());
    let unit = target.str("unit").map(str::trim);
    let theirs = promise.str("unit").map(str::trim);
    let with_window = theirs.zip(promise.str("window")).map(|(unit, window)| format!("{unit} per {window}"));
    metric(target).is_some() && metric(target) == metric(promise) && (unit == theirs || unit == with_window.as_deref())
}

/// Only targets of one direction can be compared.
fn falls_short(own: &str, theirs: &str, value: f64, promised: f64) -> bool {
    match (own, theirs) {
        (">=" | ">", ">=" | ">") => value < promised,
        ("<=" | "<", "<=" | "<") => value > promised,
        _ => false,
    }
}
