//! `objective-count`: so few objectives that they show nothing, or so many that nobody can steer by them.

use super::objective::{are_known, open, registers};
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-count",
    summary: "fewer objectives than show anything, or more at the top than can be steered by",
    docs: include_str!("objective_count.md"),
    level: NOTE,
    clauses: &["6.2.1"],
    since: "0.1.0",
    requirements: &[64],
    options: &[
        RuleOption { name: "min", default: 4, about: "the fewest objectives in all" },
        RuleOption { name: "max", default: 15, about: "the most objectives at the level of the organization" },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(register) = registers(ctx).next().filter(|_| are_known(ctx)) else { return };
    let (min, max) = (ctx.number(&RULE, "min"), ctx.number(&RULE, "max"));
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let all = count(open(ctx).count());
    let top = count(open(ctx).filter(|o| o.str("level") == Some("organization")).count());
    let (message, help) = if all < min {
        let message = format!("too few objectives to show how service management is doing: {all} (at least {min})");
        (message, "Look at the commitments and categories that have none, and set objectives where the results matter.")
    } else if top > max {
        let message = format!("too many objectives of the organization to steer by: {top} (at most {max})");
        (message, "Keep the ones top management decides by, and move the others to a function, service or process.")
    } else {
        return;
    };
    out.report(RULE.problem(register.span(), message).subject(register.id()).help(help));
}
