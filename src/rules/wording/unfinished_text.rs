//! `unfinished-text`: a mark of work that was left for later.

use super::leftovers::leftovers;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unfinished-text",
    summary: "a text still says that it is not finished",
    docs: include_str!("unfinished_text.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[92],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    for left in leftovers(ctx, artifact, "unfinished-text") {
        let problem = RULE.problem(left.span, format!("\"{}\" marks text that is not finished", left.text));
        let help = "Finish the text, or write `TODO(what is missing)`: then the open point is listed with the others.";
        out.report(problem.subject(artifact.id()).help(help));
    }
}
