//! `template-guidance`: advice to the author that a reader should never see.

use super::leftovers::{holds_blanks, leftovers};
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "template-guidance",
    summary: "advice of a template to its author was left in",
    docs: include_str!("template_guidance.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[93],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if holds_blanks(artifact) {
        return;
    }
    for left in leftovers(ctx, artifact, "template-guidance") {
        let problem = RULE.problem(left.span, format!("\"{}\" is advice to the author of the text", left.text));
        let help = "Write what it asks for, then delete the advice.";
        out.report(problem.subject(artifact.id()).help(help));
    }
}
