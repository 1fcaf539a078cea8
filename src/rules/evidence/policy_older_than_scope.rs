//! `policy-older-than-scope`: the scope changed and nobody looked at the policy since.

use super::facts::review_field;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::day;
use crate::workspace::ArtifactView;
use jiff::civil::Date;

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-older-than-scope",
    summary: "the scope changed after the last review of the policy",
    docs: include_str!("policy_older_than_scope.md"),
    level: WARNING,
    clauses: &["5.2.1", "4.3"],
    since: "0.1.0",
    requirements: &[74],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy() else { return };
    let Some(scope) = newer_scope(ctx, policy) else { return };
    let Some((reviewed, changed)) = looked_at(ctx, policy).zip(changed(ctx, scope)) else { return };
    let message = format!("the scope {} changed on {changed}; the policy was last looked at on {reviewed}", scope.id());
    let problem = RULE.problem(policy.span_of(review_field(policy)), message).subject(policy.id());
    let problem = problem.related(scope.span_of("effective_on"), "the scope as it is now applies from here");
    out.report(problem.help(
        "Hold the policy against the new scope. Change it, or write the day of the review into `reviewed_on` \
         when it still fits.",
    ));
}

/// The scope statement of the policy, when it took effect or was approved after the last review of the policy.
pub(super) fn newer_scope<'a>(ctx: &Ctx<'_>, policy: ArtifactView<'a>) -> Option<ArtifactView<'a>> {
    let scope = policy.entity()?.refs("scope_ref").next()?.artifact();
    (scope.is_approved() && changed(ctx, scope)? > looked_at(ctx, policy)?).then_some(scope)
}

/// The day from which the scope applies; where it was approved later, that day.
fn changed(ctx: &Ctx<'_>, scope: ArtifactView<'_>) -> Option<Date> {
    let effective = scope.front().date("effective_on").filter(|on| *on <= ctx.today);
    effective.into_iter().chain(approved(ctx, scope)).max()
}

/// The last review of the policy, or its approval when that was later.
fn looked_at(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> Option<Date> {
    policy.last_reviewed().into_iter().chain(approved(ctx, policy)).max()
}

/// The day the newest version was approved by signature.
fn approved(ctx: &Ctx<'_>, artifact: ArtifactView<'_>) -> Option<Date> {
    day(ctx.judged()?.newest(artifact.id())?.on).parse().ok()
}
