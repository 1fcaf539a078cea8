//! `stage-two-late`: a stage 2 audit long after stage 1.

use super::cycle::cycles;
use super::facts::months_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "stage-two-late",
    summary: "too much time lies between stage 1 and stage 2",
    docs: include_str!("stage_two_late.md"),
    level: WARNING,
    clauses: &["4.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "months", default: 6, about: "months that may lie between stage 1 and stage 2" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    for cycle in cycles(ctx.ws) {
        let day = |stage: &str| {
            let of_stage = cycle.audits().filter(|a| a.str("stage") == Some(stage));
            of_stage.filter_map(|a| Some((a.date("held_on").or(a.date("planned_on"))?, a))).max_by_key(|(on, _)| *on)
        };
        let Some(((first, _), (second, audit))) = day("stage-1").zip(day("stage-2")) else { continue };
        if second <= months_after(first, months) {
            continue;
        }
        let message = format!("stage 2 on {second} lies more than {months} months after stage 1 on {first}");
        let field = if audit.has("held_on") { "held_on" } else { "planned_on" };
        let problem = RULE.problem(audit.span_of(field), message).subject(audit.id());
        out.report(problem.help(
            "Ask the certification body whether stage 1 still counts, and bring stage 2 forward or repeat stage 1.",
        ));
    }
}
