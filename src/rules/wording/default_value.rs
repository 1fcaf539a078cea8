//! `default-value`: a field of the front matter has a value that nobody chose.

use crate::document::Node;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "default-value",
    summary: "a field still has the value a template or program put there",
    docs: include_str!("default_value.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[97],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if !artifact.is_current() {
        return;
    }
    let entries = ctx.words.words("default-values").iter();
    let defaults: Vec<(&str, &str)> = entries.filter_map(|e| e.split_once(": ")).collect();
    visit(artifact, &defaults, "", artifact.front(), out);
}

fn visit(artifact: ArtifactView<'_>, defaults: &[(&str, &str)], field: &str, node: &Node, out: &mut Sink) {
    if let Some(text) = node.as_str()
        && defaults.iter().any(|(name, value)| *value == text && fits(name, field))
    {
        let problem = RULE.problem(node.span, format!("`{field}` still has its default \"{text}\""));
        let help = format!("Write the real value of `{field}`, or leave the field out.");
        out.report(problem.subject(artifact.id()).help(help));
    }
    for part in node.items() {
        visit(artifact, defaults, field, part, out);
    }
    for part in node.fields() {
        visit(artifact, defaults, &part.key, &part.value, out);
    }
}

fn fits(name: &str, field: &str) -> bool {
    name.strip_prefix('*').map_or(name == field, |end| field.ends_with(end))
}
