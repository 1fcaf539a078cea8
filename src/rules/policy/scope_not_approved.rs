//! `scope-not-approved`: the policy rests on a scope that is not settled.

use super::text::is_policy;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "scope-not-approved",
    summary: "the scope statement of the service management policy is not approved",
    docs: include_str!("scope_not_approved.md"),
    level: ERROR,
    clauses: &["4.3", "5.2.1"],
    since: "0.1.0",
    requirements: &[71],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    // While the policy itself is a draft, both may be written together.
    if !is_policy(policy) || policy.status() == "draft" {
        return;
    }
    let Some(scope) = policy.entity().and_then(|p| p.refs("scope_ref").next()).map(EntityView::artifact) else {
        return;
    };
    // One that is out of use is told as a reference to something retired.
    if !matches!(scope.status(), "draft" | "in-review") {
        return;
    }
    let message = format!("the scope statement {} is not approved, its status is {}", scope.id(), scope.status());
    let problem = RULE.problem(policy.span_of("scope_ref"), message).subject(policy.id());
    let problem = problem.related(scope.span_of("status"), "the status of the scope statement");
    out.report(
        problem
            .help("Have the scope statement approved first: a policy gives direction within a scope that is settled."),
    );
}
