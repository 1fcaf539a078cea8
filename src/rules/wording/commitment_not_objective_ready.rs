//! `commitment-not-objective-ready`: too little in a commitment to set an objective from it.

use super::commitment_malformed;
use super::forms::tokens;
use super::promise::{Promise, objects, promises, strong_verbs};
use crate::finding::Severity;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "commitment-not-objective-ready",
    summary: "a commitment holds too little to set an objective from it",
    docs: include_str!("commitment_not_objective_ready.md"),
    level: WARNING,
    clauses: &["5.2.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[38],
    options: &[
        RuleOption { name: "minimum-score", default: 3, about: "points of 5 that a commitment needs" },
        RuleOption { name: "error-below", default: 0, about: "score below which it is an error" },
    ],
    check: Check::Artifact(check),
};

const LISTS: [&str; 3] = ["strong-verbs", "service-management-objects", "purpose-patterns"];

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    let said = |p: &Promise<'_>| !commitment_malformed::too_short(ctx, &p.prose.text);
    for promise in promises(ctx, policy, &LISTS, out).into_iter().filter(said) {
        let missing = missing(ctx, &promise);
        let score = 5 - i64::try_from(missing.len()).unwrap_or(5);
        if score >= ctx.number(&RULE, "minimum-score") {
            continue;
        }
        let message = format!("{} scores {score} of 5 as a base for objectives: {}", promise.id(), missing.join(", "));
        let mut problem = promise.problem(&RULE, &promise.whole(), message);
        if score < ctx.number(&RULE, "error-below") {
            problem = problem.severity(Severity::Error);
        }
        let help = "Mend what is named, most easily the first; from three points on an objective can be set.";
        out.report(problem.help(help));
    }
}

/// The points it does not get.
fn missing(ctx: &Ctx<'_>, promise: &Promise<'_>) -> Vec<&'static str> {
    let text = &promise.prose.text;
    let words = tokens(text);
    let target = promise.has_target();
    let bounded = ctx.words.patterns("purpose-patterns").iter().any(|p| p.is_match(text));
    let points = [
        (!strong_verbs(ctx, &words).is_empty(), "no action that can be checked"),
        (!objects(ctx, &words).is_empty(), "no object of service management"),
        (target || promise.blemishes(ctx).is_empty(), "words that weaken it"),
        (bounded, "not said for whom, what for or how far"),
        (target, "no objective with a target"),
    ];
    points.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect()
}
