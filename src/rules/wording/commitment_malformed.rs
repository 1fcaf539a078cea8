//! `commitment-malformed`: a commitment and its words do not find each other, or the words are too few or too many.

use std::collections::BTreeSet;

use crate::document::Block;
use crate::rules::words::count_words;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::source::Span;
use crate::workspace::{ArtifactView, Commitment};

/// The rule.
pub static RULE: Rule = Rule {
    name: "commitment-malformed",
    summary: "a commitment lacks its words, its declaration or a fitting length",
    docs: include_str!("commitment_malformed.md"),
    level: ERROR,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[35],
    options: &[
        RuleOption { name: "min-words", default: 5, about: "words a commitment needs at least" },
        RuleOption { name: "max-words", default: 40, about: "words a commitment may have" },
    ],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if policy.kind() != "policy" || !policy.is_current() {
        return;
    }
    for commitment in policy.commitments().filter(|c| c.is_current()) {
        match commitment.words(false) {
            Some(prose) => length(ctx, commitment, count_words(&prose.text), out),
            None => without_words(commitment, out),
        }
    }
    leads(policy, out);
}

/// Whether a text is too short to be judged by what it says; that it is short is the finding.
pub(super) fn too_short(ctx: &Ctx<'_>, text: &str) -> bool {
    i64::try_from(count_words(text)).unwrap_or(i64::MAX) < ctx.number(&RULE, "min-words")
}

fn without_words(commitment: Commitment<'_>, out: &mut Sink) {
    let id = commitment.id();
    let message = format!("{id} is declared, but its words do not stand in the text");
    let help = format!(
        "Write a list item that starts with the bold id, `- **{id}** We …`; or withdraw the commitment with \
         `retired_in_version`."
    );
    out.report(RULE.problem(commitment.entity.span(), message).subject(id).help(help));
}

fn length(ctx: &Ctx<'_>, commitment: Commitment<'_>, count: usize, out: &mut Sink) {
    let text = commitment.entity.artifact().text();
    let open = text.get(commitment.span().range()).is_some_and(|t| t.contains("TODO("));
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (min, max) = (ctx.number(&RULE, "min-words"), ctx.number(&RULE, "max-words"));
    if open || (min..=max).contains(&count) {
        return;
    }
    let id = commitment.id();
    let (limit, help) = if count < min {
        (format!("at least {min} are needed"), "Say in one sentence who does what to which end.")
    } else {
        (format!("at most {max} are allowed"), "Keep the promise and move the rest to a process or a procedure.")
    };
    let words = if count == 1 { "word" } else { "words" };
    let problem = RULE.problem(commitment.span(), format!("the text of {id} has {count} {words}, and {limit}"));
    out.report(problem.subject(id).help(help));
}

const UNDECLARED: (&str, &str) = (
    "looks like a commitment, but `commitments` does not declare it",
    "Declare it in the front matter with its element, or take its number away.",
);
const WITHDRAWN: (&str, &str) = (
    "is withdrawn, but its words still stand in the text",
    "Delete these words, or the field `retired_in_version` if the commitment still holds.",
);
const TWICE: (&str, &str) =
    ("stands in the text a second time", "Keep one of the two; give the other a number that was never used.");

/// Bold ids of the body that look like commitments and are none in force.
fn leads(policy: ArtifactView<'_>, out: &mut Sink) {
    let declared: BTreeSet<&str> = policy.commitments().map(Commitment::id).collect();
    let prefixes: BTreeSet<&str> = declared.iter().filter_map(|id| numbered(id)).collect();
    let current: BTreeSet<&str> = policy.commitments().filter(|c| c.is_current()).map(Commitment::id).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (id, span) in policy.document().body.blocks.iter().filter_map(|b| lead(policy, b)) {
        let looks_like_one = numbered(id).is_some_and(|p| prefixes.contains(p));
        // An id of another document is a quotation of it.
        let foreign = !declared.contains(id) && policy.ws.entity(id).is_some();
        if !looks_like_one || foreign {
            continue;
        }
        let (what, help) = match (declared.contains(id), current.contains(id), seen.insert(id)) {
            (false, ..) => UNDECLARED,
            (true, false, _) => WITHDRAWN,
            (true, true, false) => TWICE,
            (true, true, true) => continue,
        };
        out.report(RULE.problem(span, format!("{id} {what}")).subject(policy.id()).help(help));
    }
}

fn lead<'a>(policy: ArtifactView<'a>, block: &Block) -> Option<(&'a str, Span)> {
    let span = block.lead?;
    policy.text().get(span.range()).map(|id| (id, span))
}

/// `PC` of `PC-01`: what stands before the last hyphen when digits follow it.
fn numbered(id: &str) -> Option<&str> {
    let (prefix, number) = id.rsplit_once('-')?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_a_prefix_when_it_ends_in_a_number() {
        assert_eq!(numbered("SEC-PC-01"), Some("SEC-PC"));
        assert_eq!(numbered("Note"), None);
        assert_eq!(numbered("PC-"), None);
    }
}
