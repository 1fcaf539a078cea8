//! `absolute-promise`: a commitment promises what nobody can keep or prove.

use super::promise::promises;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "absolute-promise",
    summary: "a commitment promises an absolute that cannot be kept or proved",
    docs: include_str!("absolute_promise.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[41],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    for promise in promises(ctx, policy, &["absolutes"], out) {
        for range in promise.blemishes_of(ctx, "absolutes") {
            let message = format!("\"{}\" in {} can be neither kept nor proved", promise.text(&range), promise.id());
            let help = "Promise the level you do hold, and leave its figure to a service level target or an objective.";
            out.report(promise.problem(&RULE, &range, message).help(help));
        }
    }
}
