//! `commitment-without-objective`: no objective makes good a promise of a policy.

use crate::finding::Problem;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::{Commitment, EntityView};

use super::objective::{are_known, registers};

/// The rule.
pub static RULE: Rule = Rule {
    name: "commitment-without-objective",
    summary: "a commitment of a policy has no objective",
    docs: include_str!("commitment_without_objective.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[45, 51],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !are_known(ctx) {
        return;
    }
    for policy in ctx.ws.of_kind("policy").filter(|p| p.is_current()) {
        for commitment in policy.commitments().filter(|c| c.is_current()) {
            let objectives: Vec<_> = commitment.entity.referrers_by("objective", "commitment_refs").collect();
            if objectives.iter().all(|o| o.is_retired()) {
                out.report(problem(ctx, commitment, &objectives));
            }
        }
    }
}

fn problem(ctx: &Ctx<'_>, commitment: Commitment<'_>, given_up: &[EntityView<'_>]) -> Problem {
    let id = commitment.id();
    let ids: Vec<_> = given_up.iter().map(|o| o.id()).collect();
    let message = match ids.as_slice() {
        [] => format!("no objective follows from the commitment {id}"),
        ids => format!("the commitment {id} is left without an objective: {} is out of use", ids.join(", ")),
    };
    let register = registers(ctx).next().map_or("the objectives register", |r| r.path());
    let help = format!(
        "Write `commitment_refs: [{id}]` into the objective that makes it good, or add one to {register}. If the promise \
         is no longer made, give {id} a `retired_in_version` and take its words out of the policy."
    );
    let mut problem = RULE.problem(commitment.entity.span(), message).subject(id).help(help);
    if let Some(block) = commitment.block {
        problem = problem.related(block.span, "the promise is made here");
    }
    for objective in given_up {
        problem = problem.related(objective.span(), format!("{} named it", objective.id()));
    }
    problem
}
