//! `missed-restoration-uncommented`: a late restoration without a word about it.

use super::facts::{entries, has, moment, name, problem};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::{EntityView, duration};

/// The rule.
pub static RULE: Rule = Rule {
    name: "missed-restoration-uncommented",
    summary: "an incident of priority P1 was restored late or is late, and no comment says why",
    docs: include_str!("missed_restoration_uncommented.md"),
    level: WARNING,
    clauses: &["8.6.1", "8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "hours",
        default: 4,
        about: "hours for the restoration of a P1 incident that names no target",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let urgent = |i: &EntityView<'_>| i.str("priority") == Some("P1") && !has(*i, "comment");
    for incident in entries(ctx, "incident").filter(urgent) {
        if is_late(ctx, incident) {
            let message = format!("{} missed its time for restoration, and no comment says why", name(incident));
            out.report(problem(&RULE, incident, "resolved_at", message).help(
                "Write into `comment` what took the time and where the lesson went; if the clock was stopped with good \
                 reason, write `target_met: true`.",
            ));
        }
    }
}

fn is_late(ctx: &Ctx<'_>, incident: EntityView<'_>) -> bool {
    let due = || moment(incident, "opened_at")?.after(target(ctx, incident)?);
    match incident.node().bool("target_met") {
        Some(met) => !met,
        None if has(incident, "resolved_at") => {
            moment(incident, "resolved_at").zip(due()).is_some_and(|(resolved, due)| due.is_before(resolved))
        }
        None => {
            !matches!(incident.str("status"), Some("resolved" | "closed")) && due().is_some_and(|d| d.day < ctx.today)
        }
    }
}

fn target(ctx: &Ctx<'_>, incident: EntityView<'_>) -> Option<jiff::Span> {
    match incident.str("target") {
        Some(text) => duration(text),
        None => jiff::Span::new().try_hours(ctx.number(&RULE, "hours")).ok(),
    }
}
