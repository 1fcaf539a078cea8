//! `obligations-register-missing`: requirements are promised to be met, but nobody can see which.

use super::facts::mentions;
use crate::finding::Problem;
use crate::rules::registers::{Held, has_register, held};
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::source::Span;
use crate::workspace::{ArtifactView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "obligations-register-missing",
    summary: "there is no obligations register, or the policy does not lead to it",
    docs: include_str!("obligations_register_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1", "4.2"],
    since: "0.1.0",
    requirements: &[65],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let policy = ctx.ws.policy();
    let span = policy.map_or(ctx.ws.root_span(), promise);
    let about = |problem: Problem| match policy {
        Some(policy) => problem.subject(policy.id()),
        None => problem,
    };
    match held(ctx, "obligations", out) {
        Held::No if !ctx.ws.artifacts.is_empty() => {
            let problem = about(RULE.problem(span, "no register says which requirements apply"));
            out.report(problem.help(
                "Write one with `smsctl new register obligations`, fill it from contracts, SLAs, laws and your own \
                 policies, and link it from the policy.",
            ));
        }
        Held::Yes if policy.is_some_and(|p| !is_linked(ctx.ws, p)) => {
            let message = "the policy promises to meet requirements but does not lead to the obligations register";
            let help = "Link the register where the policy speaks of applicable requirements.";
            out.report(about(RULE.problem(span, message)).help(help));
        }
        _ => {}
    }
}

/// Where the policy promises to meet requirements; its id when no commitment does.
fn promise(policy: ArtifactView<'_>) -> Span {
    let carries = policy.commitments().find(|c| c.entity.str("element") == Some("applicable-requirements"));
    carries.map_or(policy.span(), |c| c.block.and_then(|b| b.lead).unwrap_or(c.entity.span()))
}

fn is_linked(ws: &Workspace, policy: ArtifactView<'_>) -> bool {
    ws.register("obligations").any(|register| mentions(policy, register))
}

/// Whether there is a register and the policy leads to it.
pub(super) fn is_in_place(ws: &Workspace, policy: ArtifactView<'_>) -> bool {
    has_register(ws, "obligations") && is_linked(ws, policy)
}
