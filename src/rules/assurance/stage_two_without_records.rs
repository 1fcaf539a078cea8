//! `stage-two-without-records`: a stage 2 audit with little operation to look at.

use jiff::civil::Date;

use super::cycle::cycles;
use super::facts::{current, months_after};
use crate::rules::{self, Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::workspace::Workspace;

/// The rule.
pub static RULE: Rule = Rule {
    name: "stage-two-without-records",
    summary: "stage 2 is planned before three months of records are there",
    docs: include_str!("stage_two_without_records.md"),
    level: NOTE,
    clauses: &["9.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "months", default: 3, about: "months of measurements before stage 2" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let months = ctx.number(&RULE, "months");
    let first = first_measured(ctx.ws);
    for audit in
        cycles(ctx.ws).flat_map(|c| c.audits().collect::<Vec<_>>()).filter(|a| a.str("stage") == Some("stage-2"))
    {
        let planned = audit.date("planned_on").filter(|on| *on >= ctx.today && !audit.has("held_on"));
        let Some(planned) = planned else { continue };
        let message = match first {
            Some(on) if months_after(on, months) <= planned => continue,
            Some(on) => format!(
                "stage 2 is planned for {planned}, less than {months} months after the first measurement of {on}"
            ),
            None => format!("stage 2 is planned for {planned}, and nothing has been measured yet"),
        };
        let problem = RULE.problem(audit.span_of("planned_on"), message).subject(audit.id());
        out.report(problem.help(
            "Ask the certification body how many months of records it wants to see; three are common. Start to measure \
             now or move the audit.",
        ));
    }
}

fn first_measured(ws: &Workspace) -> Option<Date> {
    current(ws, "measurement").filter_map(|m| m.date("collected_on")).min()
}

/// The first day on which measurements go back far enough; none when nothing is measured.
#[must_use]
pub fn enough_from(ws: &Workspace) -> Option<Date> {
    first_measured(ws).map(|on| months_after(on, rules::number(ws, &RULE, "months")))
}
