//! `management-review-input-missing`: a subject the last management review left out.

use super::facts::last_review;
use crate::document::Node;
use crate::rules::words::a_few;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::schema::Shape;

/// The rule.
pub static RULE: Rule = Rule {
    name: "management-review-input-missing",
    summary: "the last management review left out one of its subjects",
    docs: include_str!("management_review_input_missing.md"),
    level: ERROR,
    clauses: &["9.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(review) = last_review(ctx).filter(|r| !r.is_retired()) else { return };
    let inputs = review.node().get("inputs");
    let said = |key: &str| inputs.and_then(|i| i.get(key)).is_some_and(is_answered);
    let schema = ctx.ws.schemas.entry("management-reviews").and_then(|s| s.shape.field("inputs"));
    let missing: Vec<&str> = schema.into_iter().flat_map(Shape::field_names).filter(|key| !said(key)).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("the management review {} says nothing on {}", review.id(), a_few(&missing));
    out.report(RULE.problem(review.span_of("inputs"), message).subject(review.id()).help(
        "Write down under `inputs` what was said on each subject. For one that was left out or does not arise, say why in \
         `discussion`, and take it up in the next review.",
    ));
}

/// Covered, or left out with the reason.
fn is_answered(input: &Node) -> bool {
    input.str("status").is_some_and(|s| s == "covered") || input.get("discussion").is_some()
}
