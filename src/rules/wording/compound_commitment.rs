//! `compound-commitment`: one commitment, several promises.

use std::ops::Range;

use super::forms::{Token, tokens};
use super::promise::{Promise, promises};
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "compound-commitment",
    summary: "a commitment holds several promises",
    docs: include_str!("compound_commitment.md"),
    level: NOTE,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[42],
    options: &[RuleOption { name: "promises", default: 2, about: "promises that one commitment may hold" }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    for promise in promises(ctx, policy, &["strong-verbs"], out) {
        let joined = joined(ctx, &promise);
        let count = i64::try_from(joined.len() + 1).unwrap_or(i64::MAX);
        let Some(last) = joined.last().filter(|_| count > ctx.number(&RULE, "promises")) else { continue };
        let message = format!("{} holds {count} promises; \"{}\" begins another one", promise.id(), promise.text(last));
        let help = "Give each promise a commitment of its own, so that an objective can name the one it follows from.";
        out.report(promise.problem(&RULE, last, message).help(help));
    }
}

/// The verbs that begin a further promise.
fn joined(ctx: &Ctx<'_>, promise: &Promise<'_>) -> Vec<Range<usize>> {
    let text = &promise.prose.text;
    let words = tokens(text);
    let starts: Vec<_> = promise.sentences(ctx).into_iter().map(|s| s.start).collect();
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let again = word.lower == "we" && word.range.start > 0 && starts.contains(&word.range.start);
        if again || coordinated(ctx, text, &words, at) {
            out.push(word.range.clone());
        }
    }
    out
}

/// A verb in its base form behind `and` or a comma, with an object of its own: `, publish them and review each change`.
fn coordinated(ctx: &Ctx<'_>, text: &str, words: &[Token], at: usize) -> bool {
    let word = |i: Option<usize>| i.and_then(|i| words.get(i));
    let Some(verb) = words.get(at).filter(|t| is_verb(ctx, &t.lower)) else { return false };
    let mut before = word(at.checked_sub(1));
    if before.is_some_and(|t| matches!(t.lower.as_str(), "will" | "shall" | "must")) {
        before = word(at.checked_sub(2));
    }
    let Some(before) = before else { return false };
    let between = text.get(before.range.end..verb.range.start).unwrap_or_default();
    let behind = word(Some(at + 1)).map(|t| t.lower.as_str());
    let object = behind.is_some_and(|w| w == "and" || ctx.words.words("object-openers").iter().any(|o| o == w));
    (before.lower == "and" || between.trim() == ",") && object
}

fn is_verb(ctx: &Ctx<'_>, word: &str) -> bool {
    ["strong-verbs", "further-verbs"].iter().any(|list| ctx.words.words(list).iter().any(|w| w == word))
}
