//! `duplicate-commitment`: two commitments say the same.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::tokens;
use super::promise::{Promise, promises};
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "duplicate-commitment",
    summary: "two commitments say the same",
    docs: include_str!("duplicate_commitment.md"),
    level: NOTE,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[43],
    options: &[RuleOption { name: "percent", default: 90, about: "words in common above which they are the same" }],
    check: Check::Workspace(check),
};

type Words = BTreeSet<String>;

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let limit = ctx.number(&RULE, "percent");
    let mut elsewhere: BTreeMap<Words, Promise<'_>> = BTreeMap::new();
    for policy in ctx.ws.of_kind("policy") {
        let mut here: Vec<(Words, Promise<'_>)> = Vec::new();
        for promise in promises(ctx, policy, &[], out) {
            let words: Words = tokens(&promise.prose.text).into_iter().map(|t| t.lower).collect();
            let near = here.iter().find(|(other, _)| shared(&words, other) > limit).map(|(_, p)| p);
            if let Some(twin) = near.or_else(|| elsewhere.get(&words)) {
                report(&promise, twin, out);
            }
            here.push((words, promise));
        }
        for (words, promise) in here {
            elsewhere.entry(words).or_insert(promise);
        }
    }
}

fn report(promise: &Promise<'_>, twin: &Promise<'_>, out: &mut Sink) {
    let message = format!("{} says the same as {}", promise.id(), twin.id());
    let problem = promise.problem(&RULE, &promise.whole(), message);
    let problem = problem.related(twin.commitment.span(), format!("{} stands here", twin.id()));
    out.report(problem.help("Keep one of the two and retire the other, or say what sets them apart."));
}

/// Per cent of the words of both that stand in both.
fn shared(a: &Words, b: &Words) -> i64 {
    let both = a.intersection(b).count();
    let all = a.union(b).count().max(1);
    i64::try_from(both * 100 / all).unwrap_or(0)
}
