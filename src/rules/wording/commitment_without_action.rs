//! `commitment-without-action`: a commitment says neither what is done nor to what.

use super::commitment_malformed;
use super::forms::tokens;
use super::promise::{Promise, objects, promises, strong_verbs};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "commitment-without-action",
    summary: "a commitment names no action, or nothing the action is done to",
    docs: include_str!("commitment_without_action.md"),
    level: WARNING,
    clauses: &["5.2.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[37],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    let lists = ["strong-verbs", "service-management-objects"];
    let said = |p: &Promise<'_>| !commitment_malformed::too_short(ctx, &p.prose.text);
    for promise in promises(ctx, policy, &lists, out).into_iter().filter(said) {
        let Some(missing) = missing(ctx, &promise) else { continue };
        let problem = promise.problem(&RULE, &promise.whole(), format!("{} names {missing}", promise.id()));
        out.report(problem.help(
            "Write it as: we, a verb such as define, restore, measure or review, an object such as incident, change or \
             service level target, and for whom or so that what.",
        ));
    }
}

/// What is missing; nothing when a weak verb stands in the place of the action, which is a finding of its own.
fn missing(ctx: &Ctx<'_>, promise: &Promise<'_>) -> Option<&'static str> {
    let words = tokens(&promise.prose.text);
    let verb = !strong_verbs(ctx, &words).is_empty();
    let object = !objects(ctx, &words).is_empty();
    let weak = || !promise.blemishes_of(ctx, "weak-verbs").is_empty();
    match (verb, object) {
        (true, true) => None,
        _ if weak() => None,
        (false, false) => Some("no action and nothing that it is done to"),
        (false, true) => Some("no action that can be checked"),
        (true, false) => Some("nothing of service management that the action is done to"),
    }
}
