//! `certification-change-not-told`: a significant change the certification body does not know of.

use jiff::civil::Date;

use super::cycle::{Cycle, cycles};
use super::facts::{current, days_after};
use crate::rules::{self, Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::source::Span;
use crate::workspace::Workspace;

/// The rule.
pub static RULE: Rule = Rule {
    name: "certification-change-not-told",
    summary: "the certification body was not told of a change of scope or top management",
    docs: include_str!("certification_change_not_told.md"),
    level: WARNING,
    clauses: &["4.3", "5.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 90,
        about: "days before or after a change within which the body must be told",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for cycle in cycles(ctx.ws) {
        for (by, on, what, span) in untold(cycle) {
            if by < ctx.today {
                out.report(problem(cycle, on, &what, span));
            }
        }
    }
}

/// Changes of a cycle that the body was not told of: the last day to tell, their own day, what, and where it stands.
#[must_use]
pub fn untold(cycle: Cycle<'_>) -> Vec<(Date, Date, String, Span)> {
    let ws = cycle.entity.ws;
    let Some((decided, expires)) = cycle.decided().zip(cycle.expires()) else { return Vec::new() };
    let days = rules::number(ws, &RULE, "days");
    let told: Vec<Date> = cycle.entity.node().list("informed_changes").iter().filter_map(|c| c.date("on")).collect();
    let knows = |on: Date| told.iter().any(|t| days_after(on, -days) <= *t && *t <= days_after(on, days));
    let within = events(ws).into_iter().filter(|(on, ..)| decided < *on && *on <= expires && !knows(*on));
    within.map(|(on, what, span)| (days_after(on, days), on, what, span)).collect()
}

fn problem(cycle: Cycle<'_>, on: Date, what: &str, span: Span) -> crate::finding::Problem {
    let message = format!("the certification body was not told of {what} on {on}");
    let problem = RULE.problem(cycle.span_of("informed_changes"), message).subject(cycle.entity.id());
    problem.related(span, "the change").help(
        "Write to the certification body and note day and words in `informed_changes`. If it knows already, note when \
         it was told.",
    )
}

/// New versions of the scope, and new people in top management.
fn events(ws: &Workspace) -> Vec<(Date, String, Span)> {
    let mut out = Vec::new();
    for scope in ws.of_kind("context").filter(|a| a.is_current() && a.claims("4.3")) {
        for change in scope.front().list("changes") {
            if let Some((on, version)) = change.date("on").zip(change.str("version")) {
                out.push((on, format!("version {version} of {}", scope.id()), change.span_of("on")));
            }
        }
    }
    for role in current(ws, "role").filter(|r| r.node().bool("top_management") == Some(true)) {
        for holder in role.node().list("holders") {
            if let Some(on) = holder.date("valid_from") {
                out.push((on, format!("a new {}", role.id()), holder.span_of("valid_from")));
            }
        }
    }
    out
}
