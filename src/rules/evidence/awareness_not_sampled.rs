//! `awareness-not-sampled`: nobody asked people lately whether they know the policy.

use jiff::civil::Date;

use super::facts::{communication, months_after, policy_in_force};
use crate::rules::registers::has_register;
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "awareness-not-sampled",
    summary: "nobody asked lately whether people know the policy and what it asks of them",
    docs: include_str!("awareness_not_sampled.md"),
    level: NOTE,
    clauses: &["7.3"],
    since: "0.1.0",
    requirements: &[80],
    options: &[RuleOption { name: "months", default: 12, about: "months a sample counts" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = policy_in_force(ctx).filter(|_| has_register(ctx.ws, "communication-evidence")) else { return };
    if is_sampled(ctx, policy) {
        return;
    }
    let (span, message) = match last(ctx, policy).and_then(|sample| Some((sample, sample.date("on")?))) {
        Some((sample, on)) => (sample.span_of("on"), format!("the last awareness sample was taken on {on}")),
        None => (policy.span(), format!("no awareness sample was ever taken for the policy {}", policy.id())),
    };
    let problem = RULE.problem(span, message).subject(policy.id());
    out.report(problem.help(
        "Ask a handful of people where the policy is and how it touches their work; record it as an \
         `awareness-check` with what came out.",
    ));
}

/// Whether a sample lies within the time it counts.
pub(super) fn is_sampled(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let since: Date = months_after(ctx.today, -ctx.number(&RULE, "months"));
    last(ctx, policy).and_then(|sample| sample.date("on")).is_some_and(|on| on >= since)
}

fn last<'a>(ctx: &Ctx<'_>, policy: ArtifactView<'a>) -> Option<EntityView<'a>> {
    let samples = communication(policy).filter(|e| e.str("type") == Some("awareness-check"));
    samples.filter(|e| e.date("on").is_some_and(|on| on <= ctx.today)).max_by_key(|e| e.date("on"))
}
