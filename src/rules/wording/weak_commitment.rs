//! `weak-commitment`: a commitment only promises to try.

use super::promise::promises;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "weak-commitment",
    summary: "a commitment only promises to try",
    docs: include_str!("weak_commitment.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[39],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    for promise in promises(ctx, policy, &["weak-verbs"], out) {
        for range in promise.blemishes_of(ctx, "weak-verbs") {
            let message = format!("\"{}\" in {} is no commitment", promise.text(&range), promise.id());
            let help = "Use `will`, `shall` or a verb in the present tense, and name the result: \"We restore critical \
                        services within the time agreed\".";
            out.report(promise.problem(&RULE, &range, message).help(help));
        }
    }
}
