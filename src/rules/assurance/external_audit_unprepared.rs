//! `external-audit-unprepared`: an external audit without internal audit or management review before it.

use jiff::civil::Date;

use super::cycle::{Cycle, cycles, is_deep, last_day};
use super::facts::{current, days_after};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::{EntityView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "external-audit-unprepared",
    summary: "an external audit comes without an internal audit and a management review before it",
    docs: include_str!("external_audit_unprepared.md"),
    level: ERROR,
    clauses: &["9.2.1", "9.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 60, about: "days before the audit from which this reports" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for cycle in cycles(ctx.ws) {
        let Some((on, audit)) = next(ctx, cycle) else { continue };
        if ctx.today < days_after(on, -days) {
            continue;
        }
        let missing = missing(cycle, on, ctx.today);
        if !missing.is_empty() {
            let message = format!(
                "{} begins on {on}, and no {} was held since the audit before",
                audit.label(),
                listed(&missing).replace(" and ", " and no ")
            );
            let problem = RULE.problem(audit.span_of("planned_on"), message).subject(audit.id());
            out.report(
                problem.help(
                    "Hold both before the audit and enter them: the body asks for their results in every period.",
                ),
            );
        }
    }
}

/// The next audit that looks at how the SMS runs.
fn next<'a>(ctx: &Ctx<'a>, cycle: Cycle<'a>) -> Option<(Date, EntityView<'a>)> {
    cycle.planned().into_iter().find(|(on, audit)| *on >= ctx.today && is_deep(*audit))
}

/// Which of internal audit and management review was not held since the audit before the one of a day.
#[must_use]
pub fn missing(cycle: Cycle<'_>, on: Date, today: Date) -> Vec<&'static str> {
    let since = cycle.audits().filter_map(last_day).filter(|held| *held < on).max();
    let kinds = [("audit", "internal audit"), ("management-review", "management review")];
    let open = kinds.into_iter().filter(|(kind, _)| !is_held(cycle.entity.ws, kind, since, today));
    open.map(|(_, name)| name).collect()
}

fn is_held(ws: &Workspace, kind: &str, since: Option<Date>, today: Date) -> bool {
    let days = current(ws, kind).filter_map(|e| e.date("held_on")).filter(|on| *on <= today);
    days.max().is_some_and(|on| since.is_none_or(|since| on > since))
}
