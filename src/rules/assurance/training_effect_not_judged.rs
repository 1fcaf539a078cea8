//! `training-effect-not-judged`: an action on competence whose effect nobody judged.

use super::facts::{current, filled, months_after};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "training-effect-not-judged",
    summary: "nobody looked whether a training or other action on competence had an effect",
    docs: include_str!("training_effect_not_judged.md"),
    level: WARNING,
    clauses: &["7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 6,
        about: "months after an action within which its effect is judged",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    for row in current(ctx.ws, "competence").filter(|row| !filled(row.node(), "effectiveness")) {
        let done = row.date("action_done_on");
        let Some(done) = done.filter(|done| months_after(*done, months) < ctx.today) else { continue };
        let message = format!(
            "the {} of {} was done on {done} and its effect was never judged",
            row.str("action").unwrap_or("action"),
            row.id()
        );
        let problem = RULE.problem(row.span_of("action_done_on"), message).subject(row.id());
        out.report(
            problem.help("Look at the work of the holder again and write day, role and result into `effectiveness`."),
        );
    }
}
