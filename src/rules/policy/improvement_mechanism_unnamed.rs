//! `improvement-mechanism-unnamed`: improvement is promised, but not by which means.

use super::text::{around, is_policy, joined, kinds, limit, located, unfinished};
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-mechanism-unnamed",
    summary: "the policy does not say how improvement is driven",
    docs: include_str!("improvement_mechanism_unnamed.md"),
    level: WARNING,
    clauses: &["5.2.1", "10.2"],
    since: "0.1.0",
    requirements: &[21],
    options: &[RuleOption { name: "mechanisms", default: 2, about: "how many means must be named" }],
    check: Check::Artifact(check),
};

const PATTERNS: &str = "improvement-mechanism-patterns";

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let passages = located(policy, "continual-improvement");
    let Some(first) = passages.first().map(|p| p.span) else { return };
    let Some(words) = lexicon(ctx, policy, PATTERNS, out) else { return };
    let section = around(policy, first);
    let text = format!("{}\n{}", joined(&section), joined(&passages));
    let wanted = limit(ctx, &RULE, "mechanisms");
    let found = kinds(words, PATTERNS, &text);
    if unfinished(&section) || unfinished(&passages) || found >= wanted {
        return;
    }
    let message = match found {
        0 => "the policy does not say how improvement is driven".to_owned(),
        _ => format!("the policy names only {found} means by which improvement is driven, {wanted} are wanted"),
    };
    let problem = RULE.problem(first, message).subject(policy.id());
    out.report(problem.help(
        "Name the means at a high level: objectives, management review, internal audits, corrective actions, tracking of \
         improvements.",
    ));
}
