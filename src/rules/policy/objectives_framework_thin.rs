//! `objectives-framework-thin`: the policy gives little from which objectives could follow.

use super::text::{carriers, is_policy, limit};
use crate::finding::{Problem, Severity};
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objectives-framework-thin",
    summary: "too few commitments of the policy can carry objectives",
    docs: include_str!("objectives_framework_thin.md"),
    level: ERROR,
    clauses: &["5.2.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[16],
    options: &[RuleOption { name: "commitments", default: 3, about: "fewer commitments than this give a warning" }],
    check: Check::Artifact(check),
};

const ELEMENT: &str = "objectives-framework";

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let found = carriers(policy, ELEMENT);
    // Where the element is not located at all another rule speaks.
    let place = policy.front().get("elements").and_then(|e| e.get(ELEMENT));
    let anchored = place.and_then(|p| p.as_str()).is_some_and(|a| !is_to_do(a));
    let wanted = limit(ctx, &RULE, "commitments");
    match found.as_slice() {
        [] if anchored => {
            let span = place.map_or(policy.span(), |p| p.span);
            out.report(problem(policy, span, "no commitment of the policy can carry an objective", wanted));
        }
        [first, ..] if found.len() < wanted => {
            let message = format!("only {} of the commitments can carry objectives", found.len());
            out.report(problem(policy, first.entity.span(), &message, wanted).severity(Severity::Warning));
        }
        _ => {}
    }
}

fn problem(policy: ArtifactView<'_>, span: Span, message: &str, wanted: usize) -> Problem {
    RULE.problem(span, message).subject(policy.id()).help(format!(
        "Write at least {wanted} commitments with `element: {ELEMENT}`, each with a verb and an object that a figure \
         can be put to: we restore, we agree, we test.",
    ))
}
