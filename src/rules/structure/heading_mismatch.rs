//! `heading-mismatch`: the first heading says something else than the title.

use super::{empty_document, sections};
use crate::document::Heading;
use crate::finding::Problem;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "heading-mismatch",
    summary: "the first heading of a document is not its title",
    docs: include_str!("heading_mismatch.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let title = artifact.title();
    if artifact.kind() == "presentation" || title.is_empty() || is_to_do(title) {
        return;
    }
    let first = artifact.document().body.headings.iter().find(|h| h.level == 1);
    let problem = match first {
        Some(heading) if sections::same(&heading.text, title) => return,
        Some(heading) => differs(artifact, heading, title),
        None if empty_document::is_empty(ctx, artifact) => return,
        None => RULE
            .problem(artifact.span_of("title"), format!("no heading of level 1 says the title `{title}`"))
            .help(format!("Write `# {title}` below the front matter, before the text.")),
    };
    out.report(problem.subject(artifact.id()));
}

fn differs(artifact: ArtifactView<'_>, heading: &Heading, title: &str) -> Problem {
    let message = format!("the first heading is `{}`, but the title is `{title}`", heading.text);
    let problem = RULE.problem(words(artifact, heading), message);
    problem
        .related(artifact.span_of("title"), "the title stands here")
        .help("Use the same words in both; people find the document by either of them.")
}

/// The words of a heading without its `#`.
fn words(artifact: ArtifactView<'_>, heading: &Heading) -> Span {
    let line = artifact.text().get(heading.span.range()).unwrap_or_default();
    let start = heading.span.start as usize;
    let at = line.find(heading.text.as_str()).filter(|_| !heading.text.is_empty());
    at.map_or(heading.span, |at| Span::new(heading.span.file, start + at, start + at + heading.text.len()))
}
