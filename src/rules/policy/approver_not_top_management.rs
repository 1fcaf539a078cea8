//! `approver-not-top-management`: somebody below top management approves the policy.

use super::leadership::only_grc;
use super::text::is_policy;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approver-not-top-management",
    summary: "an approver of the service management policy is not top management",
    docs: include_str!("approver_not_top_management.md"),
    level: ERROR,
    clauses: &["5.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[26],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) || only_grc(policy) {
        return;
    }
    for reference in policy.entity().into_iter().flat_map(EntityView::references).filter(|r| &*r.field == "approvers") {
        let Some(role) = reference.target.map(|ix| policy.ws.entity_at(ix)).filter(|e| e.is("role")) else { continue };
        if role.node().bool("top_management") != Some(false) {
            continue;
        }
        let message = format!("{} approves the policy and is not marked as top management", role.label());
        let problem = RULE.problem(reference.span, message).subject(policy.id());
        let problem = problem.related(role.span_of("top_management"), "the role in the register");
        out.report(problem.help(
            "Name a role that directs the organization in scope at the highest level, or correct `top_management` in the roles register.",
        ));
    }
}
