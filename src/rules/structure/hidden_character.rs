//! `hidden-character`: a character that nobody sees changes what a name is or how it reads.

use crate::document::{Data, Node};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::{Span, hidden};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "hidden-character",
    summary: "a character that nobody sees stands in a name, title, field or commitment",
    docs: include_str!("hidden_character.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if let Some((_, c)) = hidden::first(artifact.path()) {
        report(artifact, artifact.span(), format!("the name of the file holds {}", hidden::name(c)), out);
    }
    let mut values = Vec::new();
    scalars(artifact.front(), &mut values);
    // Rows of a CSV file beside it.
    let beside = artifact.children().filter(|e| e.span().file != artifact.document().file);
    beside.for_each(|row| scalars(row.node(), &mut values));
    for (value, span) in values {
        if let Some((_, c)) = hidden::first(value) {
            report(artifact, span, format!("a field holds {}", hidden::name(c)), out);
        }
    }
    let headings = artifact.document().body.headings.iter().map(|h| h.span);
    let commitments = artifact.commitments().filter_map(|c| Some(c.block?.span));
    for span in headings.chain(commitments) {
        let text = artifact.text().get(span.range()).unwrap_or_default();
        if let Some((at, c)) = hidden::first(text) {
            let start = span.start as usize + at;
            let place = Span::new(span.file, start, start + c.len_utf8());
            report(artifact, place, format!("the text holds {}", hidden::name(c)), out);
        }
    }
}

fn report(artifact: ArtifactView<'_>, span: Span, message: String, out: &mut Sink) {
    let help =
        "Delete it: what is read must be what is written. The character is often pasted with text from elsewhere.";
    out.report(RULE.problem(span, message).subject(artifact.id()).help(help));
}

/// All texts of a front matter with their places, names of fields among them.
fn scalars<'n>(node: &'n Node, out: &mut Vec<(&'n str, Span)>) {
    match &node.data {
        Data::Null => {}
        Data::Scalar { text, .. } => out.push((text, node.span)),
        Data::List(items) => items.iter().for_each(|item| scalars(item, out)),
        Data::Map(fields) => fields.iter().for_each(|field| {
            out.push((&field.key, field.key_span));
            scalars(&field.value, out);
        }),
    }
}
