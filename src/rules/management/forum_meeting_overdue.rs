//! `forum-meeting-overdue`: a meeting that does not take place.

use super::facts::{current, days_after, due, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "forum-meeting-overdue",
    summary: "a forum did not meet within its interval",
    docs: include_str!("forum_meeting_overdue.md"),
    level: WARNING,
    clauses: &["5.1", "9.3", "8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 14, about: "days a meeting may be late" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for forum in current(ctx.ws, "forum") {
        // Without an interval that can be read nothing is due.
        let planned = forum.date("last_held_on").map(|on| due(on, forum.str("interval"), i64::MAX));
        let Some(planned) = planned.filter(|on| days_after(*on, days) < ctx.today) else { continue };
        let message = format!("the forum {} was to meet by {planned}", named(forum));
        out.report(RULE.problem(forum.span_of("last_held_on"), message).subject(forum.id()).help(
            "Hold the meeting and write its day into `last_held_on`. When it meets less often by now, change `interval`.",
        ));
    }
}
