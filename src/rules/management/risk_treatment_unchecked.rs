//! `risk-treatment-unchecked`: a treatment whose effect nobody judged.

use super::facts::{days_after, named, open_actions, open_risks};
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "risk-treatment-unchecked",
    summary: "the actions on a risk are done and nobody judged their effect",
    docs: include_str!("risk_treatment_unchecked.md"),
    level: ERROR,
    clauses: &["6.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 90,
        about: "days after the last action within which its effect is judged",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for risk in open_risks(ctx.ws).filter(|r| open_actions(*r, "actions").next().is_none()) {
        let judged = risk.node().get("effectiveness").is_some_and(|e| e.get("result").is_some());
        let last = risk.node().list("actions").iter().filter_map(|a| a.date("done_on")).max();
        let last = last.filter(|on| !judged && days_after(*on, days) < ctx.today);
        let Some(last) = last else { continue };
        let message = format!("the actions on {} are done since {last}, and nobody judged their effect", named(risk));
        out.report(RULE.problem(risk.span_of("actions"), message).subject(risk.id()).help(
            "Look at what the actions changed, and write day, result and proof into `effectiveness`. When they did not \
             work, plan another one.",
        ));
    }
}
