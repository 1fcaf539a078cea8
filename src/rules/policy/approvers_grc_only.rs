//! `approvers-grc-only`: compliance people wrote the policy for themselves.

use std::collections::BTreeSet;

use super::leadership::{approvers, only_grc, owner};
use super::text::is_policy;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approvers-grc-only",
    summary: "owner and approvers of the service management policy all check or advise",
    docs: include_str!("approvers_grc_only.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[25],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) || !only_grc(policy) {
        return;
    }
    let roles: BTreeSet<&str> = owner(policy).into_iter().chain(approvers(policy)).map(EntityView::label).collect();
    let roles: Vec<&str> = roles.into_iter().collect();
    let message = format!("owner and approvers are all from governance, compliance or audit: {}", listed(&roles));
    let problem = RULE.problem(policy.span_of("approvers"), message).subject(policy.id());
    out.report(problem.help(
        "Top management has to establish this policy. Name an executive as owner and a role with `top_management: true` as approver.",
    ));
}
