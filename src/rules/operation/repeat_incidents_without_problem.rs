//! `repeat-incidents-without-problem`: the same failure again and again, and nobody asks why.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::facts::{day, entries, has, problem};
use crate::rules::evidence::facts::days_after;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::schema::is_to_do;
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "repeat-incidents-without-problem",
    summary: "several incidents of one item and one cause came within a month, and no problem looks for the reason",
    docs: include_str!("repeat_incidents_without_problem.md"),
    level: WARNING,
    clauses: &["8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[
        RuleOption { name: "count", default: 3, about: "incidents of one item and cause that make a repeat" },
        RuleOption { name: "days", default: 30, about: "days within which they count as a repeat" },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let count = usize::try_from(ctx.number(&RULE, "count")).unwrap_or(0).max(2);
    let days = ctx.number(&RULE, "days");
    for ((item, cause), mut group) in groups(ctx) {
        group.sort_by_key(|(day, incident)| (*day, incident.ix));
        let Some(repeat) = group.windows(count).find(|w| is_unanswered_repeat(w, days)) else { continue };
        let Some((_, last)) = repeat.last() else { continue };
        let ids: Vec<&str> = repeat.iter().map(|(_, incident)| incident.id()).collect();
        let message = format!(
            "{} hit {item} with the cause `{cause}` within {days} days, and no problem looks for the reason",
            listed(&ids)
        );
        let problem = problem(&RULE, *last, "cause", message);
        out.report(problem.help("Open a problem and name it in `problem_ref` of these incidents."));
    }
}

type Group<'a> = Vec<(Date, EntityView<'a>)>;

/// Incidents by configuration item and cause.
fn groups<'a>(ctx: &Ctx<'a>) -> BTreeMap<(&'a str, String), Group<'a>> {
    let mut groups: BTreeMap<(&str, String), Group<'_>> = BTreeMap::new();
    for incident in entries(ctx, "incident") {
        let (Some(opened), Some(cause)) = (day(incident, "opened_at"), incident.str("cause")) else { continue };
        for (item, _) in incident.node().texts("ci_refs").filter(|(item, _)| !is_to_do(item)) {
            groups.entry((item, cause.trim().to_lowercase())).or_default().push((opened, incident));
        }
    }
    groups
}

fn is_unanswered_repeat(window: &[(Date, EntityView<'_>)], days: i64) -> bool {
    let (Some((first, _)), Some((last, _))) = (window.first(), window.last()) else { return false };
    let answered =
        |i: EntityView<'_>| has(i, "problem_ref") || i.referrers_by("problem", "incident_refs").next().is_some();
    *last <= days_after(*first, days) && !window.iter().any(|(_, incident)| answered(*incident))
}
