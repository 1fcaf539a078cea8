//! `foreign-text`: words of another trade, copied with a document of another management system.

use super::leftovers::leftovers;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "foreign-text",
    summary: "a text speaks of another trade or another management system",
    docs: include_str!("foreign_text.md"),
    level: NOTE,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[96],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    // A document that serves several standards may speak of all of them.
    if !artifact.front().list("standards").is_empty() {
        return;
    }
    for left in leftovers(ctx, artifact, "foreign-text") {
        let problem = RULE.problem(left.span, format!("\"{}\" looks copied from another kind of document", left.text));
        let help = "Check that the passage is true for your services; rewrite or delete it if it came from elsewhere.";
        out.report(problem.subject(artifact.id()).help(help));
    }
}
