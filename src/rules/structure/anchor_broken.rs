//! `anchor-broken`: a link to a heading that is not there.

use crate::document::{Document, FrontMatter, Link};
use crate::finding::{Problem, nearest};
use crate::rules::links::{self, Target};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "anchor-broken",
    summary: "a link leads to a heading that its file does not have",
    docs: include_str!("anchor_broken.md"),
    level: WARNING,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[47],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for (from, document) in links::documents(ctx.ws) {
        for link in document.body.links.iter().filter(|l| !l.image && l.target.contains('#')) {
            let Target::Inside { path, anchor: Some(anchor) } = links::target(from, &link.target) else { continue };
            let Some(leads_to) = ctx.ws.document_at(&path).filter(|d| readable(d)) else { continue };
            if !anchor.is_empty() && anchor != "top" && !leads_to.body.has_anchor(&anchor) {
                let place = if path == from { "this file".to_owned() } else { format!("`{path}`") };
                let subject = ctx.ws.artifact_at(from).map(ArtifactView::id).unwrap_or_default();
                out.report(problem(ctx, link, &anchor, leads_to, &place).subject(subject));
            }
        }
    }
}

/// A front matter that never ends swallows the headings; that is the finding then.
fn readable(document: &Document) -> bool {
    !matches!(document.front, FrontMatter::Broken { .. })
}

fn problem(ctx: &Ctx<'_>, link: &Link, anchor: &str, leads_to: &Document, place: &str) -> Problem {
    let body = &leads_to.body;
    let known: Vec<&str> = body
        .headings
        .iter()
        .map(|h| h.slug.as_str())
        .chain(body.html_ids.iter().map(String::as_str))
        .take(500)
        .collect();
    let help = match nearest(anchor, known.iter().copied()) {
        Some(meant) => format!("Did you mean `#{meant}`?"),
        None if known.is_empty() => "That file has no headings; leave out the part from `#` on.".to_owned(),
        None => format!("It has: {}.", listed(&known)),
    };
    RULE.problem(anchor_span(ctx, link), format!("`#{anchor}` is no heading of {place}")).help(help)
}

fn listed(known: &[&str]) -> String {
    let first: Vec<String> = known.iter().take(8).map(|k| format!("`#{k}`")).collect();
    format!("{}{}", first.join(", "), if known.len() > 8 { ", …" } else { "" })
}

/// The part from `#` on, when the target stands there as written.
fn anchor_span(ctx: &Ctx<'_>, link: &Link) -> Span {
    let hash = ctx.ws.sources.text(link.span).find('#').filter(|_| ctx.ws.sources.text(link.span) == link.target);
    hash.map_or(link.span, |at| Span::new(link.span.file, link.span.start as usize + at, link.span.end as usize))
}
