//! `bracket-placeholder`: a blank in brackets, braces, underscores or date letters.

use super::leftovers::{Leftover, block_at, holds_blanks, leftover, leftovers};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "bracket-placeholder",
    summary: "a blank of a template was not filled in",
    docs: include_str!("bracket_placeholder.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[91],
    options: &[],
    check: Check::Artifact(check),
};

const NAME: &str = "bracket-placeholder";

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if holds_blanks(artifact) {
        return;
    }
    let prose = leftovers(ctx, artifact, NAME).into_iter();
    let prose = prose.filter(|left| !is_link(artifact, left.span) && !is_said_elsewhere(ctx, &left.text));
    for left in prose.chain(tags(ctx, artifact)) {
        let problem = RULE.problem(left.span, format!("\"{}\" was not filled in", left.text));
        let help = "Put what is true for your organization in its place. If the characters are meant as they \
                    stand, write them as code between backticks.";
        out.report(problem.subject(artifact.id()).help(help));
    }
}

/// Reference links such as `[policy]` with their target further down.
fn is_link(artifact: ArtifactView<'_>, span: Span) -> bool {
    artifact.document().body.links.iter().any(|l| l.span.start < span.end && span.start < l.span.end)
}

/// `[TBD]` and `[Company Name]` are findings of other rules.
fn is_said_elsewhere(ctx: &Ctx<'_>, text: &str) -> bool {
    let lists = ["organization-placeholder-patterns", "unfinished-text-patterns"];
    lists.iter().flat_map(|l| ctx.words.patterns(l)).any(|p| p.is_match(text))
}

/// `<Name of service>` reads as an HTML element and so never reaches the prose.
fn tags(ctx: &Ctx<'_>, artifact: ArtifactView<'_>) -> Vec<Leftover> {
    let text = artifact.text();
    let body = artifact.document().front.body_start();
    let Some(rest) = text.get(body..).filter(|t| artifact.is_current() && t.contains('<')) else { return Vec::new() };
    let angles = ctx.words.patterns("bracket-placeholder-patterns").iter().filter(|p| p.as_str().contains('<'));
    let found =
        angles.flat_map(|p| p.find_iter(rest)).filter(|m| rest.get(m.start..).is_some_and(|t| t.starts_with('<')));
    let file = artifact.document().file;
    let spans = found.map(|m| Span::new(file, body + m.start, body + m.end));
    spans.filter(|s| is_unknown_tag(ctx, artifact, *s)).filter_map(|s| leftover(artifact, s)).collect()
}

fn is_unknown_tag(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, span: Span) -> bool {
    let inner = artifact.text().get(span.range()).unwrap_or_default().trim_matches(['<', '>']);
    let name = inner.split(' ').next().unwrap_or_default();
    let known = ctx.words.words("html-tags").iter().any(|t| t.eq_ignore_ascii_case(name));
    let document = artifact.document();
    let hidden = document.body.comments.iter().any(|c| c.start <= span.start && span.end <= c.end);
    !known && !hidden && is_html(artifact, span)
}

/// Whether characters of the body are neither code nor prose.
fn is_html(artifact: ArtifactView<'_>, span: Span) -> bool {
    let inside = |b: &&crate::document::Block| b.span.start <= span.start && span.end <= b.span.end;
    match block_at(artifact, span.start as usize) {
        Some(block) => {
            let written = artifact.text().get(span.range()).unwrap_or_default();
            let plain = artifact.plain(block.span, false);
            !plain.text.match_indices(written).any(|(at, m)| plain.span(at..at + m.len()) == span)
        }
        None => !artifact.document().body.blocks.iter().any(|b| inside(&b)),
    }
}
