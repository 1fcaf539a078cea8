//! `management-review-skips-policy`: the last management review did not look at the policy.

use super::management_review_missing::last;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::{ArtifactView, EntityView, Reference};

/// The rule.
pub static RULE: Rule = Rule {
    name: "management-review-skips-policy",
    summary: "the last management review did not cover adherence to the policy and its fit",
    docs: include_str!("management_review_skips_policy.md"),
    level: WARNING,
    clauses: &["9.3", "5.2.1"],
    since: "0.1.0",
    requirements: &[87],
    options: &[],
    check: Check::Workspace(check),
};

const INPUT: &str = "policy-adherence-and-suitability";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(review) = last(ctx) else { return };
    let Some((span, what)) = gap(review, ctx.ws.policy()) else { return };
    let on = review.date("held_on").map_or_else(String::new, |on| format!(" of {on}"));
    let problem = RULE.problem(span, format!("the management review{on} {what}")).subject(review.id());
    out.report(problem.help(
        "Put the policy on the agenda of the next review: is it kept, does it still fit? Name it in the \
         `subject_refs` of `policy-adherence-and-suitability`.",
    ));
}

fn gap(review: EntityView<'_>, policy: Option<ArtifactView<'_>>) -> Option<(Span, String)> {
    let inputs = review.node().get("inputs").filter(|inputs| inputs.as_str().is_none())?;
    let Some(input) = inputs.get(INPUT) else {
        return Some((review.span_of("held_on"), format!("has no input `{INPUT}`")));
    };
    let status = input.str("status")?;
    if status != "covered" && !is_to_do(status) {
        return Some((input.span_of("status"), format!("did not cover `{INPUT}`")));
    }
    let policy = policy.filter(|_| input.texts("subject_refs").next().is_some())?;
    let field = format!("inputs.{INPUT}.subject_refs");
    let artifact_of = |ix| review.ws.entity_at(ix).artifact().ix;
    let looked_at = |r: &Reference| r.target.map(artifact_of) == Some(policy.ix);
    let covered = review.references().filter(|r| r.field.contains(&field)).any(looked_at);
    (!covered).then(|| (input.span_of("subject_refs"), format!("looked at other policies, not at {}", policy.id())))
}
