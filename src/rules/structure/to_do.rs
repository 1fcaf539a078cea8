//! `to-do`: a placeholder `TODO(…)` that the organization still has to fill in.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "to-do",
    summary: "a placeholder still waits to be filled in",
    docs: include_str!("to_do.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[91, 92],
    options: &[],
    check: Check::Artifact(check),
};

const OPEN: &str = "TODO(";

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let text = artifact.text();
    for (start, _) in text.match_indices(OPEN) {
        let rest = text.get(start + OPEN.len()..).unwrap_or_default();
        let what = rest.split([')', '\n']).next().unwrap_or_default();
        let closed = usize::from(rest.as_bytes().get(what.len()) == Some(&b')'));
        let span = Span::new(artifact.document().file, start, start + OPEN.len() + what.len() + closed);
        let problem = RULE.problem(span, format!("to fill in: {}", what.trim())).subject(artifact.id());
        out.report(problem.help("Put what is true for your organization in the place of `TODO(…)`."));
    }
}
