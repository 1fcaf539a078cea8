//! `unchanged-template`: a sentence of a template from which the placeholder was deleted instead of filled in.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::tokens;
use super::sentences::sentences;
use crate::document::BlockKind;
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unchanged-template",
    summary: "a sentence of a template stands as it was, with its placeholder deleted",
    docs: include_str!("unchanged_template.md"),
    level: NOTE,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[95],
    options: &[RuleOption { name: "min-words", default: 6, about: "words a sentence needs to be compared" }],
    check: Check::Workspace(check),
};

/// What a template leaves when its placeholders are deleted.
struct Holes {
    /// Words of each sentence.
    sentences: BTreeSet<Vec<String>>,
}

impl Holes {
    /// Whether a text in lower case holds the first words of any sentence; most documents have none and are passed over.
    fn open_in(&self, lower: &str) -> bool {
        self.sentences.iter().any(|words| {
            let opening = words.get(..4).unwrap_or(words);
            all_stand_in(lower, opening) && stand_in(lower, opening)
        })
    }
}

/// Whether each of the words stands anywhere in a text; the longest is the rarest, so it is looked for first.
fn all_stand_in(lower: &str, words: &[String]) -> bool {
    let stands = |word: &String| memchr::memmem::find(lower.as_bytes(), word.as_bytes()).is_some();
    words.iter().max_by_key(|word| word.len()).is_none_or(stands) && words.iter().all(stands)
}

/// Whether words stand one after the other in a text, with whatever is no word between them.
fn stand_in(lower: &str, words: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    let follow = |from: usize| {
        let mut left = lower.get(from..).unwrap_or_default();
        rest.iter().all(|word| {
            let next = left.trim_start_matches(|c: char| !c.is_alphanumeric());
            let apart = next.len() < left.len();
            let found = next.strip_prefix(word.as_str()).filter(|_| apart);
            left = found.unwrap_or_default();
            found.is_some()
        })
    };
    lower.match_indices(first.as_str()).any(|(at, _)| follow(at + first.len()))
}

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut known: BTreeMap<&str, Holes> = BTreeMap::new();
    for artifact in ctx.ws.artifacts().filter(|a| a.is_approved()) {
        let Some(template) = grown_from(ctx, artifact) else { continue };
        let holes = known.entry(template).or_insert_with(|| holes(ctx, template));
        if !holes.sentences.is_empty() && holes.open_in(&artifact.text().to_lowercase()) {
            compare(ctx, artifact, holes, out);
        }
    }
}

fn compare(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, holes: &Holes, out: &mut Sink) {
    for (span, sentence) in own_sentences(ctx, artifact) {
        if holes.open_in(&sentence.to_lowercase()) && holes.sentences.contains(&words_of(sentence)) {
            let start = sentence.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
            let message = format!("in \"{start} …\" the template's placeholder was deleted instead of filled in");
            let problem = RULE.problem(span, message).subject(artifact.id());
            out.report(problem.help("Add what the sentence was meant to say of your organization, or delete it."));
        }
    }
}

/// The template an artifact was written from: that of its toolkit entry, of its register, or of its kind.
fn grown_from<'a>(ctx: &Ctx<'a>, artifact: ArtifactView<'a>) -> Option<&'a str> {
    let template = |name: &str| ctx.ws.catalog.template(name);
    let entry = artifact.front().str("template").unwrap_or_default();
    let named = template(&format!("entries/{entry}"));
    let register = || artifact.register().and_then(|r| template(&format!("registers/{r}")));
    named.or_else(register).or_else(|| template(&format!("kinds/{}", artifact.kind())))
}

/// The template's sentences that had a placeholder, without it. Sentences with conditions are left out: nobody can tell
/// which branch was taken.
fn holes(ctx: &Ctx<'_>, template: &str) -> Holes {
    let body = template.splitn(3, "---\n").nth(2).unwrap_or(template);
    let open = body.replace("{{ organization }}", &ctx.ws.config.organization);
    let known = ctx.words.words("abbreviations");
    let with_placeholder = |block: &&str| block.contains("TODO(");
    let blocks = open.split("\n\n").filter(with_placeholder).flat_map(|b| b.split("\n- "));
    let blocks = blocks.filter(with_placeholder).filter(|b| !b.starts_with(['#', '|']));
    let parts = blocks.flat_map(|b| sentences(b, known).into_iter().filter_map(|r| b.get(r)));
    let with_hole = parts.filter(|s| s.contains("TODO(") && !s.contains("{{") && !s.contains("{%"));
    Holes { sentences: with_hole.map(|s| words_of(&without_placeholders(s))).filter(|w| long_enough(ctx, w)).collect() }
}

fn long_enough(ctx: &Ctx<'_>, words: &[String]) -> bool {
    i64::try_from(words.len()).is_ok_and(|n| n >= ctx.number(&RULE, "min-words"))
}

fn words_of(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|t| t.lower).collect()
}

fn without_placeholders(sentence: &str) -> String {
    let mut parts = sentence.split("TODO(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    out
}

fn own_sentences<'a>(ctx: &Ctx<'_>, artifact: ArtifactView<'a>) -> Vec<(Span, &'a str)> {
    let text = artifact.text();
    let known = ctx.words.words("abbreviations");
    let prose = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::Item { .. });
    let blocks = artifact.document().body.blocks.iter().filter(|b| prose(b.kind));
    let cut = blocks.flat_map(|b| {
        let raw = text.get(b.span.range()).unwrap_or_default();
        let start = b.span.start as usize;
        sentences(raw, known).into_iter().map(move |r| Span::new(b.span.file, start + r.start, start + r.end))
    });
    cut.map(|s| (s, text.get(s.range()).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_with_whatever_is_no_word_between_them() {
        let words = |text: &str| words_of(text);
        assert!(stand_in("then we run,\n**for** each day", &words("We run for")));
        assert!(!stand_in("we ran for", &words("We run for")) && !stand_in("werun for", &words("we run for")));
    }

    #[test]
    fn placeholders_leave_a_hole() {
        let left = without_placeholders("We run TODO(services) for TODO(groups) each day.");
        assert_eq!(words_of(&left), ["we", "run", "for", "each", "day"]);
    }
}
