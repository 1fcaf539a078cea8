//! What templates leave behind: matches of a pattern list in the text of an artifact, outside code, comments and links.
//!
//! Every artifact is looked at, so the raw text is screened first, and only the blocks around a hit are read as prose.

use std::ops::Range;

use rayon::prelude::*;

use super::promise::overlap;
use crate::catalog::Lexicon;
use crate::document::{Block, BlockKind, Node};
use crate::rules::Ctx;
use crate::source::Span;
use crate::workspace::{ArtifactView, Workspace};

/// A match with its place.
pub(super) struct Leftover {
    pub(super) span: Span,
    /// Its words on one line.
    pub(super) text: String,
}

/// Lists that seldom match anything: one pass over a text tells for all of them. Brackets are no such list, because
/// every link has them.
const RARE: [&str; 5] = [
    "organization-placeholder-patterns",
    "unfinished-text-patterns",
    "template-guidance-patterns",
    super::empty_control_field::LIST,
    "foreign-text-patterns",
];

/// For each artifact whether a rare list may match in it.
pub(in crate::rules) fn suspects(ws: &Workspace, words: &Lexicon) -> Vec<bool> {
    match words.joint_screen(&RARE) {
        Some(screen) => {
            (0..ws.artifacts.len()).into_par_iter().map(|ix| screen.is_match(ws.artifact(ix).text())).collect()
        }
        None => vec![true; ws.artifacts.len()],
    }
}

/// Whether a list may match in an artifact at all.
pub(super) fn may_match(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, list: &str) -> bool {
    !RARE.contains(&list) || ctx.suspects.get(artifact.ix).is_none_or(|s| *s)
}

/// Documents that hold blanks on purpose: they are filled in each time they are used.
pub(super) fn holds_blanks(artifact: ArtifactView<'_>) -> bool {
    matches!(artifact.kind(), "checklist" | "form" | "template")
}

/// Where something of a text may stand.
#[derive(Clone, Copy)]
enum Place<'a> {
    Block(&'a Block),
    Scalar(&'a Node),
}

/// Matches of the list `<name>-patterns` in the prose and the front matter of a current artifact, without those inside a
/// match of `<name>-exception-patterns` or inside a `TODO(…)`.
pub(super) fn leftovers(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, name: &str) -> Vec<Leftover> {
    let list = format!("{name}-patterns");
    let judged = artifact.is_current() && may_match(ctx, artifact, &list);
    let Some(screen) = ctx.words.screen(&list).filter(|_| judged) else { return Vec::new() };
    let mut places: Vec<(Span, Place<'_>)> = Vec::new();
    for hit in screen.find_iter(artifact.text()) {
        if let Some((span, place)) = place(artifact, hit.start())
            && places.last().is_none_or(|(last, _)| *last != span)
        {
            places.push((span, place));
        }
    }
    let exceptions = format!("{name}-exception-patterns");
    let spans = places.into_iter().flat_map(|(_, place)| confirm(ctx, artifact, place, &list, &exceptions));
    spans.filter_map(|span| leftover(artifact, span)).collect()
}

/// A match, unless it lies inside a `TODO(…)`, which the rule `to-do` reports.
pub(super) fn leftover(artifact: ArtifactView<'_>, span: Span) -> Option<Leftover> {
    let text = artifact.text();
    let line = text.get(..span.start as usize)?.rsplit('\n').next().unwrap_or_default();
    let open = line.rfind("TODO(").is_some_and(|at| !line.get(at..).unwrap_or_default().contains(')'));
    let found = text.get(span.range())?.split_whitespace().collect::<Vec<_>>().join(" ");
    let opens = text.get(span.start as usize..)?.starts_with("TODO(");
    (!open && !opens).then_some(Leftover { span, text: found })
}

fn place(artifact: ArtifactView<'_>, offset: usize) -> Option<(Span, Place<'_>)> {
    let document = artifact.document();
    if offset < document.front.body_start() {
        let scalar = scalar_at(artifact.front(), Span::new(document.file, offset, offset + 1))?;
        return Some((scalar.span, Place::Scalar(scalar)));
    }
    let block = block_at(artifact, offset)?;
    Some((block.span, Place::Block(block)))
}

/// The block of text around an offset; none in code.
pub(super) fn block_at(artifact: ArtifactView<'_>, offset: usize) -> Option<&Block> {
    let blocks = &artifact.document().body.blocks;
    let behind = blocks.partition_point(|b| b.span.start as usize <= offset);
    let block = blocks.get(behind.checked_sub(1)?)?;
    (offset < block.span.end as usize && block.kind != BlockKind::Code).then_some(block)
}

fn scalar_at(node: &Node, at: Span) -> Option<&Node> {
    let within = |n: &Node| n.span.file == at.file && n.span.start <= at.start && at.start < n.span.end;
    if node.as_str().is_some() {
        return within(node).then_some(node);
    }
    let parts = node.fields().iter().map(|f| &f.value).chain(node.items());
    parts.filter(|n| n.as_str().is_none() || within(n)).find_map(|n| scalar_at(n, at))
}

fn confirm(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, place: Place<'_>, list: &str, exceptions: &str) -> Vec<Span> {
    match place {
        Place::Block(block) => {
            let prose = artifact.plain(block.span, true);
            found(ctx, &prose.text, list, exceptions).into_iter().map(|r| prose.span(r)).collect()
        }
        Place::Scalar(node) => {
            let text = artifact.text().get(node.span.range()).unwrap_or_default();
            let (start, file) = (node.span.start as usize, node.span.file);
            let spans = found(ctx, text, list, exceptions).into_iter();
            spans.map(|r| Span::new(file, start + r.start, start + r.end)).collect()
        }
    }
}

/// Matches in a text, the longest of those that overlap, in the order they stand.
fn found(ctx: &Ctx<'_>, text: &str, list: &str, exceptions: &str) -> Vec<Range<usize>> {
    let matches =
        |list: &str| ctx.words.patterns(list).iter().flat_map(|p| p.find_iter(text)).map(|m| m.range()).collect();
    let (mut hits, excepted): (Vec<_>, Vec<Range<usize>>) = (matches(list), matches(exceptions));
    hits.retain(|h| !h.is_empty() && !excepted.iter().any(|e| overlap(h, e)));
    hits.sort_by_key(|h| (h.start, std::cmp::Reverse(h.end)));
    let mut end = 0;
    hits.retain(|h| {
        let first = h.start >= end;
        end = end.max(h.end);
        first
    });
    hits
}
