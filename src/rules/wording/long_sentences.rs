//! `long-sentences`: the sentences of a policy are long on average.

use std::ops::Range;

use super::sentences::sentences;
use crate::document::BlockKind;
use crate::rules::words::count_words;
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "long-sentences",
    summary: "the sentences of a policy are too long on average",
    docs: include_str!("long_sentences.md"),
    level: NOTE,
    clauses: &["5.2.2"],
    since: "0.1.0",
    requirements: &[44],
    options: &[RuleOption { name: "mean-words", default: 28, about: "words that a sentence may have on average" }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if policy.kind() != "policy" || !policy.is_current() {
        return;
    }
    let counted = counted(ctx, policy);
    let total: usize = counted.iter().map(|(_, n)| n).sum();
    let limit = usize::try_from(ctx.number(&RULE, "mean-words")).unwrap_or(usize::MAX);
    let longest = counted.iter().max_by_key(|(_, n)| *n).filter(|_| total > limit * counted.len());
    let Some((range, most)) = longest else { return };
    let mean = (total + counted.len() / 2) / counted.len();
    let message = format!("sentences of {} have {mean} words on average; this one has {most}", policy.id());
    let problem = RULE.problem(Span::new(policy.document().file, range.start, range.end), message);
    out.report(problem.subject(policy.id()).help(format!(
        "Cut the longest sentences in two until the mean is at most {limit} words: everyone in scope has to understand \
         the policy."
    )));
}

/// The sentences of paragraphs and list items with their number of words.
fn counted(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> Vec<(Range<usize>, usize)> {
    let known = ctx.words.words("abbreviations");
    let text = policy.text();
    let prose = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::Item { .. });
    let blocks = policy.document().body.blocks.iter().filter(|b| prose(b.kind));
    let all = blocks.flat_map(|b| {
        let (start, raw) = (b.span.start as usize, text.get(b.span.range()).unwrap_or_default());
        sentences(raw, known).into_iter().map(move |r| start + r.start..start + r.end)
    });
    let whole = all.filter_map(|r| text.get(r.clone()).filter(|s| !s.contains("TODO(")).map(|s| (r, count_words(s))));
    whole.collect()
}
