//! `objective-on-retired-commitment`: an objective rests on a promise that is no longer made.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

use super::objective::{commitments_in_force, listed, open};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-on-retired-commitment",
    summary: "an objective names a commitment that is no longer in force",
    docs: include_str!("objective_on_retired_commitment.md"),
    level: ERROR,
    clauses: &["6.2.1", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[47],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in open(ctx) {
        for reference in objective.references().filter(|r| &*r.field == "commitment_refs") {
            let target = reference.target.map(|ix| ctx.ws.entity_at(ix));
            let Some(commitment) = target.filter(|c| c.is("commitment") && c.is_retired()) else { continue };
            let message = format!("{} names {}, which {}", objective.id(), commitment.id(), fate(commitment));
            let problem = RULE.problem(reference.span, message).subject(objective.id()).help(help(ctx, objective));
            out.report(problem.related(commitment.span(), format!("{} is declared here", commitment.id())));
        }
    }
}

fn fate(commitment: EntityView<'_>) -> String {
    let policy = commitment.artifact();
    match commitment.str("retired_in_version") {
        Some(version) => format!("version {version} of {} dropped", policy.id()),
        None => format!("went out of force with {} ({})", policy.id(), policy.status()),
    }
}

fn help(ctx: &Ctx<'_>, objective: EntityView<'_>) -> String {
    let left: Vec<_> = objective.refs("commitment_refs").filter(|c| !c.is_retired()).map(EntityView::id).collect();
    if !left.is_empty() {
        return format!("Delete the id; the objective still follows from {}.", left.join(", "));
    }
    format!(
        "Name the commitment that took its place (in force: {}), or set the objective to `status: cancelled`.",
        listed(&commitments_in_force(ctx))
    )
}
