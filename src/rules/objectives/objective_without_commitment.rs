//! `objective-without-commitment`: an objective follows from no promise of a policy.

use super::objective::{commitments_in_force, kept, listed, milder_for_draft};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-without-commitment",
    summary: "an objective names no commitment of a policy",
    docs: include_str!("objective_without_commitment.md"),
    level: ERROR,
    clauses: &["6.2.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[46],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let commitments = commitments_in_force(ctx);
    // Without any commitment there is nothing to name; the policy's own rules say so.
    if commitments.is_empty() {
        return;
    }
    for objective in kept(ctx).filter(|o| o.node().texts("commitment_refs").next().is_none()) {
        let message = format!("{} follows from no commitment of a policy", objective.id());
        let help = format!(
            "Name the promise it makes good in `commitment_refs`. Commitments in force: {}. An objective that serves none \
             of them needs a new commitment, or is not one of this system.",
            listed(&commitments)
        );
        let problem = RULE.problem(objective.span_of("commitment_refs"), message).subject(objective.id()).help(help);
        out.report(milder_for_draft(problem, objective));
    }
}
