//! `section-missing`: a document lacks sections its kind asks for.

use super::sections;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "section-missing",
    summary: "a document lacks a section that its kind asks for",
    docs: include_str!("section_missing.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let wanted = sections::wanted(ctx, artifact, out);
    let missing: Vec<&[&str]> = wanted.iter().filter(|s| s.headings.is_empty()).map(|s| s.titles.as_slice()).collect();
    let Some([usual, others @ ..]) = missing.first().copied() else { return };
    let names: Vec<String> = missing.iter().filter_map(|t| t.first()).map(|t| format!("`{t}`")).collect();
    let message = match names.as_slice() {
        [name] => format!("the section {name} is missing"),
        _ => format!("the sections {} are missing", listed(&names)),
    };
    let others: Vec<String> = others.iter().map(|t| format!("`{t}`")).collect();
    let also = match others.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} counts as well"),
        more => format!("; {} count as well", listed(more)),
    };
    let problem = RULE.problem(sections::place(artifact), message).subject(artifact.id());
    out.report(problem.help(format!("Add a heading such as `## {usual}` with what holds in your organization{also}.")));
}
