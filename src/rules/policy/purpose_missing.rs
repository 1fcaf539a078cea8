//! `purpose-missing`: the policy does not say what the services exist for.

use super::text::{element_heading, is_policy, limit, located, unfinished};
use crate::rules::words::count_words;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, RuleOption, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "purpose-missing",
    summary: "the service purpose is missing, too short or too long",
    docs: include_str!("purpose_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[12],
    options: &[
        RuleOption { name: "min-words", default: 20, about: "fewer words than this say too little" },
        RuleOption { name: "max-words", default: 150, about: "more words than this are no paragraph any more" },
    ],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let passages = located(policy, "purpose-fit");
    let heading = element_heading(policy, "purpose-fit").and_then(|h| policy.document().body.headings.get(h));
    let Some(span) = passages.first().map(|p| p.span).or(heading.map(|h| h.span)) else { return };
    if unfinished(&passages) {
        return;
    }
    let words: usize = passages.iter().map(|p| count_words(p.text())).sum();
    if let Some(message) = judge(words, limit(ctx, &RULE, "min-words"), limit(ctx, &RULE, "max-words")) {
        let problem = RULE.problem(span, message).subject(policy.id());
        out.report(problem.help(
            "Say in one paragraph what your services exist to do, for whom, and what would stand still without them.",
        ));
    }
}

fn judge(words: usize, min: usize, max: usize) -> Option<String> {
    match words {
        0 => Some("the service purpose is empty".to_owned()),
        n if n < min => Some(format!("the service purpose has {n} words, too few to say what the services exist for")),
        n if n > max => {
            Some(format!("the service purpose has {n} words, more than the {max} that fit into a paragraph"))
        }
        _ => None,
    }
}
