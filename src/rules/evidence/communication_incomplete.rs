//! `communication-incomplete`: a group of roles that nobody told about the policy in force.

use super::facts::{current_communication, policy_in_force};
use crate::rules::registers::has_register;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "communication-incomplete",
    summary: "the version of the policy in force has not reached every group of roles",
    docs: include_str!("communication_incomplete.md"),
    level: WARNING,
    clauses: &["5.2.2", "7.3", "7.4"],
    since: "0.1.0",
    requirements: &[76],
    options: &[],
    check: Check::Workspace(check),
};

/// Groups whose daily work the policy touches, as the roles register calls them.
pub(super) const GROUPS: [&str; 4] = ["service-desk", "operations", "engineering", "service-owners"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    // Without a register `publication-missing` speaks.
    let Some(policy) = policy_in_force(ctx).filter(|_| has_register(ctx.ws, "communication-evidence")) else { return };
    let missed = groups_missed(ctx.ws, policy);
    if missed.is_empty() {
        return;
    }
    let message = format!("version {} of the policy has not reached {}", policy.version(), listed(&missed));
    let problem = RULE.problem(policy.span_of("version"), message).subject(policy.id());
    out.report(problem.help(
        "Tell these teams what changed and what it means for their work, and record it as an announcement or \
         training whose `audience` names their roles.",
    ));
}

/// Groups in scope with no role in the audience of a communication about the current version.
pub(super) fn groups_missed(ws: &Workspace, policy: ArtifactView<'_>) -> Vec<&'static str> {
    let told: Vec<_> = current_communication(policy).filter(|e| speaks(*e)).flat_map(|e| e.refs("audience")).collect();
    let reached = |group: &str| told.iter().any(|role| role.str("group") == Some(group));
    groups_in_scope(ws).into_iter().filter(|group| !reached(group)).collect()
}

/// Putting it on a page reaches nobody, and asking a sample reaches a sample.
fn speaks(evidence: EntityView<'_>) -> bool {
    matches!(evidence.str("type"), Some("announcement" | "training" | "onboarding" | "acknowledgement"))
}

/// The groups that have a role in use.
pub(super) fn groups_in_scope(ws: &Workspace) -> Vec<&'static str> {
    let exists = |group: &str| ws.of_type("role").any(|r| !r.is_retired() && r.str("group") == Some(group));
    GROUPS.into_iter().filter(|group| exists(group)).collect()
}
