//! `agreement-weaker-than-sla`: an internal target that cannot carry the target of the SLA.

use super::facts::{current, named};
use crate::document::Node;
use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "agreement-weaker-than-sla",
    summary: "an internal agreement promises less than the SLA that rests on it",
    docs: include_str!("agreement_weaker_than_sla.md"),
    level: WARNING,
    clauses: &["8.3.4.2", "8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for agreement in current(ctx.ws, "agreement") {
        for target in agreement.node().list("targets") {
            let sla = target.str("sla_ref").and_then(|id| ctx.ws.entity(id)).filter(|e| e.is("sla"));
            let pair = sla.zip(target.str("sla_target"));
            if let Some(problem) = pair.and_then(|(sla, wanted)| out_of_line(agreement, target, sla, wanted)) {
                out.report(problem);
            }
        }
    }
}

fn out_of_line(agreement: EntityView<'_>, target: &Node, sla: EntityView<'_>, wanted: &str) -> Option<Problem> {
    let Some(promise) = sla.node().list("targets").iter().find(|t| t.str("id") == Some(wanted)) else {
        let message = format!("{} has no target `{wanted}`", named(sla));
        return Some(
            RULE.problem(target.span_of("sla_target"), message)
                .subject(agreement.id())
                .help("Write the id of the target of the SLA that this one carries."),
        );
    };
    let (own, theirs) = (target.number("value")?, promise.number("value")?);
    if target.str("unit") != promise.str("unit")
        || !is_weaker(target.str("comparator")?, promise.str("comparator")?, own, theirs)
    {
        return None;
    }
    let unit = target.str("unit").unwrap_or_default();
    let message = format!(
        "{} promises {own} {unit}, but target {wanted} of {} promises the customer {theirs}",
        named(agreement),
        sla.id()
    );
    let problem = RULE.problem(target.span_of("value"), message).subject(agreement.id());
    Some(problem.related(promise.span_of("value"), "the promise to the customer").help(
        "Agree on a stronger target with the other side, or talk the SLA over with the customer. Until then keep the \
         gap as a risk.",
    ))
}

/// Only targets of one direction can be compared.
fn is_weaker(own: &str, theirs: &str, value: f64, promised: f64) -> bool {
    match (own, theirs) {
        (">=" | ">", ">=" | ">") => value < promised,
        ("<=" | "<", "<=" | "<") => value > promised,
        _ => false,
    }
}
