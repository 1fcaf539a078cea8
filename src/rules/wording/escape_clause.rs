//! `escape-clause`: a commitment takes itself back.

use super::promise::promises;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "escape-clause",
    summary: "a commitment holds words that take it back",
    docs: include_str!("escape_clause.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[40],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    for promise in promises(ctx, policy, &["escape-clauses"], out) {
        for range in promise.blemishes_of(ctx, "escape-clauses") {
            let message = format!("\"{}\" takes the promise of {} back", promise.text(&range), promise.id());
            let help = "Delete these words, or state the condition they stand for, such as \"for live services\".";
            out.report(promise.problem(&RULE, &range, message).help(help));
        }
    }
}
