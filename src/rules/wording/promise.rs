//! A commitment as the wording rules see it: its words, its sentences, and what lends a vague word a meaning.

use std::cmp::Reverse;
use std::ops::Range;

use super::forms::{Token, inflected, tokens};
use super::sentences::sentences;
use crate::document::Prose;
use crate::finding::Problem;
use crate::rules::{Ctx, Rule, Sink};
use crate::source::resolve;
use crate::workspace::{ArtifactView, Commitment, EntityView};

/// The lists a commitment is judged by. Where hits overlap the longer one counts, then the earlier list.
const JUDGED: [&str; 4] = ["escape-clauses", "absolutes", "weak-verbs", "vague-terms"];

/// Kinds of documents that hold targets and dates.
const HOLDS_TARGETS: [&str; 3] = ["agreement", "plan", "register"];

/// A commitment with its words.
pub(super) struct Promise<'a> {
    pub(super) commitment: Commitment<'a>,
    pub(super) prose: Prose,
}

/// A word that weakens a commitment.
pub(super) struct Blemish {
    pub(super) list: &'static str,
    pub(super) range: Range<usize>,
}

/// The current commitments of a policy whose words can be judged with these lists. Passed over: commitments without
/// words in the body, and those that still hold a `TODO(…)`.
pub(super) fn promises<'a>(
    ctx: &Ctx<'_>,
    policy: ArtifactView<'a>,
    lists: &[&str],
    out: &mut Sink,
) -> Vec<Promise<'a>> {
    if policy.kind() != "policy" || !policy.is_current() {
        return Vec::new();
    }
    let found: Vec<_> = policy.commitments().filter(|c| c.is_current()).filter_map(promise).collect();
    match obstacle(ctx, policy, lists) {
        Some(reason) if !found.is_empty() => {
            out.not_evaluated(reason);
            Vec::new()
        }
        _ => found,
    }
}

fn promise(commitment: Commitment<'_>) -> Option<Promise<'_>> {
    let text = commitment.entity.artifact().text();
    let prose = commitment.words(true)?;
    let raw = text.get(commitment.block?.span.range())?;
    (!raw.contains("TODO(")).then_some(Promise { commitment, prose })
}

/// Why the words of a policy cannot be judged.
fn obstacle(ctx: &Ctx<'_>, policy: ArtifactView<'_>, lists: &[&str]) -> Option<String> {
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let own = &ctx.words.language;
    if let Some(language) = policy.front().str("language").filter(|l| base(l) != base(own)) {
        let id = policy.id();
        return Some(format!(
            "{id} is written in `{language}`, and words are judged in `{own}`, the language of the SMS"
        ));
    }
    let missing = lists.iter().find(|l| ctx.words.words(l).is_empty())?;
    Some(format!("the language `{own}` has no word list `{missing}`; smsctl.toml can give one under [words.{own}]"))
}

impl<'a> Promise<'a> {
    pub(super) fn id(&self) -> &'a str {
        self.commitment.id()
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        self.prose.text.get(range.clone()).unwrap_or_default()
    }

    /// All of its words.
    pub(super) fn whole(&self) -> Range<usize> {
        0..self.prose.text.trim_end().len()
    }

    /// A problem at some of its words.
    pub(super) fn problem(&self, rule: &Rule, range: &Range<usize>, message: String) -> Problem {
        rule.problem(self.prose.span(range.clone()), message).subject(self.id())
    }

    pub(super) fn sentences(&self, ctx: &Ctx<'_>) -> Vec<Range<usize>> {
        sentences(&self.prose.text, ctx.words.words("abbreviations"))
    }

    fn sentence_of(&self, ctx: &Ctx<'_>, range: &Range<usize>) -> Range<usize> {
        let found = self.sentences(ctx).into_iter().find(|s| s.start <= range.start && range.start < s.end);
        found.unwrap_or(0..self.prose.text.len())
    }

    /// Words of the four lists that weaken it and that nothing excuses, in the order they stand.
    pub(super) fn blemishes(&self, ctx: &Ctx<'_>) -> Vec<Blemish> {
        let mut found: Vec<Blemish> = JUDGED.iter().flat_map(|list| self.hits(ctx, list)).collect();
        found.sort_by_key(|b| Reverse(b.range.len()));
        let mut kept: Vec<Blemish> = Vec::new();
        for blemish in found {
            if !kept.iter().any(|k| overlap(&k.range, &blemish.range)) {
                kept.push(blemish);
            }
        }
        kept.retain(|b| !self.excused(ctx, b));
        kept.sort_by_key(|b| b.range.start);
        kept
    }

    /// Those of one list.
    pub(super) fn blemishes_of(&self, ctx: &Ctx<'_>, list: &str) -> Vec<Range<usize>> {
        self.blemishes(ctx).into_iter().filter(|b| b.list == list).map(|b| b.range).collect()
    }

    fn hits(&self, ctx: &Ctx<'_>, list: &'static str) -> Vec<Blemish> {
        let text = &self.prose.text;
        let exceptions = ctx.words.patterns(&format!("{list}-exception-patterns"));
        let excepted: Vec<_> = exceptions.iter().flat_map(|p| p.find_iter(text)).collect();
        let hits = ctx.words.hits(list, text).into_iter().map(|h| h.range);
        let kept = hits.filter(|r| !excepted.iter().any(|e| e.start <= r.start && r.end <= e.end));
        kept.map(|range| Blemish { list, range }).collect()
    }

    fn excused(&self, ctx: &Ctx<'_>, blemish: &Blemish) -> bool {
        let word = self.text(&blemish.range);
        let listed = |list: &str| ctx.words.words(list).iter().any(|w| w.eq_ignore_ascii_case(word));
        let measured = || self.is_measured(ctx, &blemish.range);
        match blemish.list {
            "vague-terms" => measured() || !listed("praise-terms") && self.has_target(),
            "weak-verbs" => listed("weak-verbs-with-object") && (measured() || self.acts(ctx, &blemish.range)),
            "absolutes" => listed("absolutes-with-measure") && measured(),
            _ => listed("definition-words") && self.commitment.entity.str("element") == Some("applicable-requirements"),
        }
    }

    /// Whether the sentence around some words holds a measure: a number with unit, a date, a named target, or a link to a
    /// document that holds targets.
    fn is_measured(&self, ctx: &Ctx<'_>, range: &Range<usize>) -> bool {
        let sentence = self.sentence_of(ctx, range);
        let text = self.text(&sentence);
        let here = range.start - sentence.start..range.end.saturating_sub(sentence.start);
        let mut matches = ctx.words.patterns("measure-patterns").iter().flat_map(|p| p.find_iter(text));
        matches.any(|m| !overlap(&m, &here)) || self.links_to_targets(&sentence)
    }

    fn links_to_targets(&self, sentence: &Range<usize>) -> bool {
        let artifact = self.commitment.entity.artifact();
        let span = self.prose.span(sentence.clone());
        let inside = |l: &&crate::document::Link| span.start <= l.span.start && l.span.end <= span.end + 1;
        let targets = artifact.document().body.links.iter().filter(inside).filter_map(|l| {
            let path = l.target.split('#').next().unwrap_or_default();
            artifact.ws.artifact_at(&resolve(artifact.path(), path)?)
        });
        targets.into_iter().any(|a| a.register().is_some() || HOLDS_TARGETS.contains(&a.kind()))
    }

    /// Whether an objective with a measurable target is linked to it.
    pub(super) fn has_target(&self) -> bool {
        let mut objectives = self.commitment.entity.referrers_by("objective", "commitment_refs");
        objectives.any(|o| !o.is_retired() && measurable(o))
    }

    /// Whether the sentence around a verb names, beside it, an action and an object.
    fn acts(&self, ctx: &Ctx<'_>, verb: &Range<usize>) -> bool {
        let sentence = self.sentence_of(ctx, verb);
        let words = tokens(self.text(&sentence));
        let here = verb.start - sentence.start;
        strong_verbs(ctx, &words).iter().any(|t| t.range.start != here) && !objects(ctx, &words).is_empty()
    }
}

fn measurable(objective: EntityView<'_>) -> bool {
    let target = objective.node().get("target");
    target.is_some_and(|t| t.str("comparator").is_some() && t.number("value").is_some() || t.date("by").is_some())
}

pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Strong verbs among words, in any form. A word behind an article or the like is a noun.
pub(super) fn strong_verbs<'t>(ctx: &Ctx<'_>, words: &'t [Token]) -> Vec<&'t Token> {
    let markers = ctx.words.words("noun-markers");
    let noun = |at: usize| at.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|t| markers.contains(&t.lower));
    let found = inflected(ctx.words.words("strong-verbs"), words).filter(|at| !noun(*at));
    found.filter_map(|at| words.get(at)).collect()
}

/// Objects of service management among words, in singular or plural.
pub(super) fn objects<'t>(ctx: &Ctx<'_>, words: &'t [Token]) -> Vec<&'t Token> {
    let found = inflected(ctx.words.words("service-management-objects"), words);
    found.filter_map(|at| words.get(at)).collect()
}
