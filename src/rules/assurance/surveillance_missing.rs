//! `surveillance-missing`: a calendar year without surveillance, or a late first one.

use jiff::civil::Date;

use super::cycle::{Cycle, cycles};
use super::facts::days_after;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "surveillance-missing",
    summary: "a surveillance audit is missing or comes too late",
    docs: include_str!("surveillance_missing.md"),
    level: ERROR,
    clauses: &["4.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for cycle in cycles(ctx.ws).filter(|c| c.expires().is_some_and(|on| on >= ctx.today)) {
        if let Some(message) = late_first(ctx, cycle).or_else(|| empty_year(ctx, cycle)) {
            let problem = RULE.problem(cycle.span_of("decided_on"), message).subject(cycle.entity.id());
            out.report(problem.help(
                "Agree on a day with the certification body now and enter the audit with stage `surveillance` and \
                 `planned_on`. Without it the certificate may be suspended.",
            ));
        }
    }
}

/// Days of surveillance: held, or planned for a day that has not passed.
fn days(ctx: &Ctx<'_>, cycle: Cycle<'_>) -> Vec<Date> {
    let ahead = |a: EntityView<'_>| a.date("planned_on").filter(|on| *on >= ctx.today);
    cycle.surveillance().filter_map(|a| a.date("held_on").or_else(|| ahead(a))).collect()
}

/// The first one has twelve months from the decision; it is planned two months ahead.
fn late_first(ctx: &Ctx<'_>, cycle: Cycle<'_>) -> Option<String> {
    let limit = cycle.first_surveillance_by()?;
    let first = days(ctx, cycle).into_iter().min();
    let id = cycle.entity.id();
    match first {
        Some(on) if on > limit => Some(format!(
            "the first surveillance audit of {id} on {on} lies after {limit}, twelve months from the decision"
        )),
        None if ctx.today > days_after(limit, -60) => {
            Some(format!("the first surveillance audit of {id} must be held by {limit} and is not planned"))
        }
        _ => None,
    }
}

/// Each calendar year between that of the decision and that of the end has one.
fn empty_year(ctx: &Ctx<'_>, cycle: Cycle<'_>) -> Option<String> {
    let found = days(ctx, cycle);
    let mut years = cycle.surveillance_years().filter(|y| *y <= ctx.today.year());
    let year = years.find(|y| !found.iter().any(|on| on.year() == *y))?;
    Some(format!("{} has no surveillance audit in {year}", cycle.entity.id()))
}
