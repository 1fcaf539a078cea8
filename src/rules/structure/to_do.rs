//! `to-do`: a placeholder `TODO(…)` that the organization still has to fill in.

use crate::finding::Problem;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::{FileId, Span};

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
    check: Check::Workspace(check),
};

const OPEN: &str = "TODO(";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let config = ctx.ws.config.file;
    for problem in open(config, &ctx.ws.sources.file(config).text) {
        out.report(problem);
    }
    for artifact in ctx.ws.artifacts() {
        // The standard's order of clauses is the order to work in.
        for problem in open(artifact.document().file, artifact.text()) {
            out.report(problem.subject(artifact.id()).clauses(artifact.clauses()));
        }
    }
}

fn open(file: FileId, text: &str) -> impl Iterator<Item = Problem> {
    text.match_indices(OPEN).map(move |(start, _)| {
        let rest = text.get(start + OPEN.len()..).unwrap_or_default();
        let what = rest.split([')', '\n']).next().unwrap_or_default();
        let closed = usize::from(rest.as_bytes().get(what.len()) == Some(&b')'));
        let span = Span::new(file, start, start + OPEN.len() + what.len() + closed);
        RULE.problem(span, format!("to fill in: {}", what.trim()))
            .help("Put what is true for your organization in the place of `TODO(…)`.")
    })
}
