//! `external-audit-unprepared`: an external audit without internal audit or management review before it.

use jiff::civil::Date;

use super::cycle::{Cycle, cycles, last_day};
use super::facts::{current, days_after};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::EntityView;

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
        let since = cycle.audits().filter_map(last_day).filter(|held| *held < on).max();
        let missing: Vec<&str> = [("audit", "internal audit"), ("management-review", "management review")]
            .into_iter()
            .filter(|(kind, _)| !is_held(ctx, kind, since))
            .map(|(_, name)| name)
            .collect();
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
    let deep = |stage: &str| matches!(stage, "stage-2" | "surveillance" | "recertification");
    let open = cycle.audits().filter(|a| !a.has("held_on") && a.str("stage").is_some_and(deep));
    open.filter_map(|a| Some((a.date("planned_on")?, a))).filter(|(on, _)| *on >= ctx.today).min_by_key(|(on, _)| *on)
}

fn is_held(ctx: &Ctx<'_>, kind: &str, since: Option<Date>) -> bool {
    let days = current(ctx.ws, kind).filter_map(|e| e.date("held_on")).filter(|on| *on <= ctx.today);
    days.max().is_some_and(|on| since.is_none_or(|since| on > since))
}
