//! `publication-missing`: a policy in force whose publication nobody recorded.

use super::facts::{current_communication, policy_in_force};
use crate::rules::registers::{Held, held};
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "publication-missing",
    summary: "the version of the policy in force has no record of its publication",
    docs: include_str!("publication_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.2", "7.4"],
    since: "0.1.0",
    requirements: &[75],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = policy_in_force(ctx).filter(|p| !is_published(*p)) else { return };
    let first = match held(ctx, "communication-evidence", out) {
        Held::Yes => "Add",
        Held::No => "Write the register with `smsctl new register communication-evidence`, then add",
        Held::Unknown => return,
    };
    let message = format!("version {} of the policy has no publication record", policy.version());
    let problem = RULE.problem(policy.span_of("version"), message).subject(policy.id());
    out.report(problem.help(format!(
        "{first} an entry of type `publication` with the version, the day, who did it and where the policy stands."
    )));
}

/// Whether the current version has a publication record.
pub(super) fn is_published(policy: ArtifactView<'_>) -> bool {
    current_communication(policy).any(|e| e.str("type") == Some("publication"))
}
