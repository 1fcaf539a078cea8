//! `nonconformity-closed-unverified`: a nonconformity closed without proof that its cause is gone.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "nonconformity-closed-unverified",
    summary: "a nonconformity was closed although nobody found the actions effective",
    docs: include_str!("nonconformity_closed_unverified.md"),
    level: ERROR,
    clauses: &["10.1.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let ended = |n: &EntityView<'_>| matches!(n.str("status"), Some("closed" | "verified"));
    for case in current(ctx.ws, "nonconformity").filter(ended).filter(|n| !needs_no_check(*n)) {
        let effect = case.node().get("effectiveness");
        let (span, said) = match effect.and_then(|e| Some((e, e.bool("effective")?))) {
            Some((_, true)) => continue,
            Some((effect, false)) => (effect.span_of("effective"), "its actions were found not to be effective"),
            None => (case.span_of("status"), "nobody checked whether its actions were effective"),
        };
        let message = format!("{} is {}, but {said}", named(case), case.str("status").unwrap_or_default());
        out.report(RULE.problem(span, message).subject(case.id()).help(
            "Check some time after the last action whether the cause is gone, by another role than the owner, and write \
             day, role, result and proof into `effectiveness`. Open the case again until then.",
        ));
    }
}

/// It was decided to take no action, so there is nothing to judge.
fn needs_no_check(case: EntityView<'_>) -> bool {
    filled(case.node(), "no_action_reason") && !filled(case.node(), "corrective_actions")
}
