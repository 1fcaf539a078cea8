//! What templates leave behind: matches of a pattern list in the text of an artifact, outside code, comments and links.
//!
//! Every artifact is looked at, so the raw text is screened first, and only the blocks around a hit are read as prose.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::promise::overlap;
use crate::catalog::{Lexicon, Pattern, Suspect};
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

/// The lists that every artifact is searched with: one pass over a text shows which of their patterns may match.
const LISTS: [&str; 6] = [
    "organization-placeholder-patterns",
    "bracket-placeholder-patterns",
    "unfinished-text-patterns",
    "template-guidance-patterns",
    super::empty_control_field::LIST,
    "foreign-text-patterns",
];

/// For each artifact, which patterns of the lists may match in it, and where.
#[derive(Default)]
pub(in crate::rules) struct Suspects {
    /// By list, where its patterns stand among all of them.
    lists: Vec<Range<usize>>,
    artifacts: Vec<Vec<Suspect>>,
}

impl Suspects {
    pub(in crate::rules) fn of(ws: &Workspace, words: &Lexicon) -> Self {
        let screen = words.screen(&LISTS);
        let found = |ix| screen.suspects(ws.artifact(ix).text());
        let artifacts = (0..ws.artifacts.len()).into_par_iter().map(found).collect();
        let mut end = 0;
        let lists = LISTS.iter().map(|list| {
            let start = end;
            end += words.patterns(list).len();
            start..end
        });
        Self { lists: lists.collect(), artifacts }
    }
}

/// The patterns of one of the lists that may match in an artifact, with the places to look at.
pub(super) fn candidates<'c>(
    ctx: &'c Ctx<'_>,
    artifact: ArtifactView<'_>,
    list: &str,
) -> impl Iterator<Item = (&'c Pattern, &'c [usize])> + use<'c> {
    let known = LISTS.iter().position(|known| *known == list).and_then(|at| ctx.suspects.lists.get(at));
    let range = known.cloned().unwrap_or_default();
    let suspects = ctx.suspects.artifacts.get(artifact.ix).map_or(&[][..], Vec::as_slice).iter();
    let patterns = ctx.words.patterns(list);
    let of_list = suspects.filter(move |s| range.contains(&s.pattern)).map({
        let start = known.map_or(0, |r| r.start);
        move |s| (s.pattern - start, s.places.as_slice())
    });
    of_list.filter_map(|(at, places)| Some((patterns.get(at)?, places)))
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
    if !artifact.is_current() {
        return Vec::new();
    }
    let list = format!("{name}-patterns");
    let suspects: Vec<_> = candidates(ctx, artifact, &list).collect();
    let exceptions = ctx.words.patterns(&format!("{name}-exception-patterns"));
    // All patterns of the list: in prose, without its markup, others may match than in the raw text.
    let patterns = ctx.words.patterns(&list);
    let spans = places(artifact, &suspects).into_iter().flat_map(|p| confirm(artifact, p, patterns, exceptions));
    spans.filter_map(|span| leftover(artifact, span)).collect()
}

/// Where the patterns may match, in the order of the text.
fn places<'a>(artifact: ArtifactView<'a>, suspects: &[(&Pattern, &[usize])]) -> Vec<Place<'a>> {
    let mut found: BTreeMap<u32, (Span, Place<'_>)> = BTreeMap::new();
    for (pattern, offsets) in suspects {
        let mut judged = 0;
        for offset in *offsets {
            let Some((span, place)) = (*offset >= judged).then(|| place(artifact, *offset)).flatten() else { continue };
            judged = span.end as usize;
            let raw = artifact.text().get(span.range()).unwrap_or_default();
            if !found.contains_key(&span.start) && pattern.may_match_in(raw) {
                found.insert(span.start, (span, place));
            }
        }
    }
    found.into_values().map(|(_, place)| place).collect()
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

/// The scalar around a place. Fields and items stand in the order of the text, so that a long list is not walked.
fn scalar_at(node: &Node, at: Span) -> Option<&Node> {
    let within = |n: &&Node| n.span.file == at.file && n.span.start <= at.start && at.start < n.span.end;
    if node.as_str().is_some() {
        return Some(node).filter(within);
    }
    let items = node.items();
    let behind = items.partition_point(|n| n.span.start <= at.start);
    let item = behind.checked_sub(1).and_then(|ix| items.get(ix));
    let parts = node.fields().iter().map(|f| &f.value).chain(item);
    parts.filter(within).find_map(|part| scalar_at(part, at))
}

fn confirm(artifact: ArtifactView<'_>, place: Place<'_>, list: &[Pattern], exceptions: &[Pattern]) -> Vec<Span> {
    match place {
        Place::Block(block) => {
            let prose = artifact.plain(block.span, true);
            found(&prose.text, list, exceptions).into_iter().map(|r| prose.span(r)).collect()
        }
        Place::Scalar(node) => {
            let text = artifact.text().get(node.span.range()).unwrap_or_default();
            let (start, file) = (node.span.start as usize, node.span.file);
            let spans = found(text, list, exceptions).into_iter();
            spans.map(|r| Span::new(file, start + r.start, start + r.end)).collect()
        }
    }
}

/// Matches in a text, the longest of those that overlap, in the order they stand.
fn found(text: &str, list: &[Pattern], exceptions: &[Pattern]) -> Vec<Range<usize>> {
    let mut hits: Vec<_> = list.iter().flat_map(|p| p.find_iter(text)).collect();
    if hits.is_empty() {
        return hits;
    }
    let excepted: Vec<_> = exceptions.iter().flat_map(|p| p.find_iter(text)).collect();
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
