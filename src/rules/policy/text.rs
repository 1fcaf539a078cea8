//! What the rules of this group ask of a policy and its text. Each question stands once.

use std::ops::Range;

use crate::catalog::Lexicon;
use crate::document::{Block, BlockKind, Node, Prose};
use crate::rules::words::lexicon;
use crate::rules::{Ctx, Rule, Sink};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::{ArtifactView, Commitment};

/// The four things clause 5.2.1 wants in the policy, with the words people use for them.
pub(super) const ELEMENTS: [(&str, &str); 4] = [
    ("purpose-fit", "the purpose it serves"),
    ("objectives-framework", "the frame for objectives"),
    ("applicable-requirements", "the promise to meet applicable requirements"),
    ("continual-improvement", "the promise of continual improvement"),
];

/// A service management policy in use: current, and it claims clause 5.2.1.
pub(super) fn is_policy(artifact: ArtifactView<'_>) -> bool {
    artifact.kind() == "policy" && artifact.is_current() && artifact.claims("5.2.1")
}

/// A document that approvers put in force; records, reports and the like are not.
pub(super) fn needs_approval(artifact: ArtifactView<'_>) -> bool {
    let without = matches!(artifact.kind(), "record" | "report" | "form" | "log" | "agenda" | "presentation");
    !without && artifact.front().get("approvers").is_some()
}

/// A setting that is a count or a limit.
pub(super) fn limit(ctx: &Ctx<'_>, rule: &Rule, option: &str) -> usize {
    usize::try_from(ctx.number(rule, option)).unwrap_or(0)
}

/// A paragraph, list item or cell with its words.
pub(super) struct Passage {
    /// Where it stands.
    pub span: Span,
    /// Its words without markup; those of links and code included.
    pub prose: Prose,
}

impl Passage {
    fn of(artifact: ArtifactView<'_>, block: &Block) -> Self {
        Self { span: block.span, prose: artifact.plain(block.span, false) }
    }

    /// Its words.
    pub fn text(&self) -> &str {
        &self.prose.text
    }
}

/// Whether a placeholder stands in any of them: a rule of its own, so wording rules keep silent.
pub(super) fn unfinished(passages: &[Passage]) -> bool {
    passages.iter().any(|p| is_to_do(p.text()))
}

/// Their words in one string, a line each.
pub(super) fn joined(passages: &[Passage]) -> String {
    passages.iter().map(Passage::text).collect::<Vec<_>>().join("\n")
}

fn is_text(block: &Block) -> bool {
    !block.quoted && matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Cell)
}

/// The text of the whole body, without headings, code and quotations.
pub(super) fn body(artifact: ArtifactView<'_>) -> Vec<Passage> {
    let blocks = artifact.document().body.blocks.iter();
    blocks.filter(|b| is_text(b)).map(|b| Passage::of(artifact, b)).collect()
}

/// The text below a heading.
pub(super) fn below(artifact: ArtifactView<'_>, heading: usize) -> Vec<Passage> {
    let blocks = artifact.document().body.section(heading).iter();
    blocks.filter(|b| is_text(b)).map(|b| Passage::of(artifact, b)).collect()
}

/// The entries of the lists below a heading.
pub(super) fn bullets(artifact: ArtifactView<'_>, heading: usize) -> Vec<Passage> {
    let blocks = artifact.document().body.section(heading).iter();
    let items = blocks.filter(|b| !b.quoted && matches!(b.kind, BlockKind::Item { .. }));
    items.map(|b| Passage::of(artifact, b)).collect()
}

/// The text of the section that holds a place, its subsections included.
pub(super) fn around(artifact: ArtifactView<'_>, place: Span) -> Vec<Passage> {
    let headings = &artifact.document().body.headings;
    let heading = headings.iter().rposition(|h| h.level <= 2 && h.span.start <= place.start);
    heading.map_or_else(|| body(artifact), |index| below(artifact, index))
}

/// The title line of the body, else the artifact's id: where something is said of the text as a whole.
pub(super) fn title(artifact: ArtifactView<'_>) -> Span {
    artifact.document().body.headings.first().map_or(artifact.span(), |h| h.span)
}

/// The first heading with a word of a list; the title of the document does not count.
pub(super) fn heading_about(artifact: ArtifactView<'_>, words: &Lexicon, list: &str) -> Option<usize> {
    let headings = &artifact.document().body.headings;
    let is_title = |index: usize, level: u8| index == 0 && level == 1;
    headings.iter().enumerate().position(|(i, h)| !is_title(i, h.level) && words.has(list, &h.text))
}

/// The heading that `elements` names for an element of 5.2.1.
pub(super) fn element_heading(policy: ArtifactView<'_>, element: &str) -> Option<usize> {
    let anchor = policy.front().get("elements")?.str(element)?.strip_prefix('#')?;
    policy.document().body.headings.iter().position(|h| h.slug == anchor)
}

/// The commitments in force that carry an element: by their own word, or because `elements` lists them.
pub(super) fn carriers<'a>(policy: ArtifactView<'a>, element: &str) -> Vec<Commitment<'a>> {
    let elements = policy.front().get("elements").and_then(|e| e.get(element));
    let listed: Vec<&str> = elements.into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
    let carries = |c: &Commitment<'_>| c.entity.str("element") == Some(element) || listed.contains(&c.id());
    policy.commitments().filter(|c| c.is_current() && carries(c)).collect()
}

/// The text where an element of 5.2.1 is located; empty when it is not, or when its commitments have no words.
pub(super) fn located(policy: ArtifactView<'_>, element: &str) -> Vec<Passage> {
    let words = |c: Commitment<'_>| c.words(false).map(|prose| Passage { span: c.span(), prose });
    let mut found: Vec<Passage> = carriers(policy, element).into_iter().filter_map(words).collect();
    for passage in element_heading(policy, element).map(|h| below(policy, h)).unwrap_or_default() {
        if !found.iter().any(|p| p.span == passage.span) {
            found.push(passage);
        }
    }
    found
}

/// What became of the search for a promise.
pub(super) enum Promise {
    /// Another rule speaks: not located, without words, or not finished.
    Open,
    /// The language of the policy has no patterns; where somebody has to read.
    Unreadable(Span),
    /// Nothing of the kind stands where it should.
    Missing(Span),
    /// These passages promise it.
    Given(Vec<Passage>),
}

/// Looks for a promise (patterns of a list) where an element is located.
pub(super) fn promise(ctx: &Ctx<'_>, policy: ArtifactView<'_>, element: &str, list: &str) -> Promise {
    let passages = located(policy, element);
    let Some(first) = passages.first().map(|p| p.span) else { return unwritten(policy, element) };
    let Some(words) = lexicon(ctx, policy, list, &mut Sink::default()) else { return Promise::Unreadable(first) };
    let open = unfinished(&passages);
    let given: Vec<_> = passages.into_iter().filter(|p| matches_any(words, list, p.text())).collect();
    match (given.is_empty(), open) {
        (false, _) => Promise::Given(given),
        (true, true) => Promise::Open,
        (true, false) => Promise::Missing(first),
    }
}

/// A commitment that is declared for the element while its sentence is gone; else nothing, which is another rule's finding.
fn unwritten(policy: ArtifactView<'_>, element: &str) -> Promise {
    let carries = |c: &Commitment<'_>| c.is_current() && c.entity.str("element") == Some(element) && c.block.is_none();
    policy.commitments().find(carries).map_or(Promise::Open, |c| Promise::Missing(c.entity.span()))
}

/// Whether a pattern of a list matches.
pub(super) fn matches_any(words: &Lexicon, list: &str, text: &str) -> bool {
    words.patterns(list).iter().any(|p| p.is_match(text))
}

/// How many patterns of a list match.
pub(super) fn kinds(words: &Lexicon, list: &str, text: &str) -> usize {
    words.patterns(list).iter().filter(|p| p.is_match(text)).count()
}

/// The sentences of a text as ranges; an abbreviation may cut one short.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?', ';', '\n']) {
        let end = at + mark.len();
        if text.get(end..).is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            out.push(start..end);
            start = end;
        }
    }
    out.push(start..text.len());
    out.retain(|r| text.get(r.clone()).is_some_and(|s| !s.trim().is_empty()));
    out
}

/// Names in a text, as written and as whole words; a name inside a longer one does not count.
pub(super) fn names_in(text: &str, names: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(names.get(*i).map_or(0, |n| n.len())));
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for index in order {
        let name = names.get(index).copied().filter(|n| !n.is_empty()).unwrap_or("\0");
        for (start, _) in text.match_indices(name) {
            let range = start..start + name.len();
            let taken = found.iter().any(|(_, r)| r.start < range.end && range.start < r.end);
            if !taken && stands_alone(text, &range) {
                found.push((index, range));
            }
        }
    }
    found.sort_by_key(|(_, r)| r.start);
    found
}

/// Neither letter nor digit touches it.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_and_not_inside_numbers() {
        let text = "Version 1.2 applies. It is short; really!";
        let found: Vec<_> = sentences(text).into_iter().map(|r| text[r].trim()).collect();
        assert_eq!(found, ["Version 1.2 applies.", "It is short;", "really!"]);
    }

    #[test]
    fn the_longest_name_wins() {
        let found = names_in("Cloud Backup and Backups, Backup", &["Backup", "Cloud Backup"]);
        assert_eq!(found, [(1, 0..12), (0, 26..32)]);
        assert!(names_in("anything", &[""]).is_empty());
    }
}
