//! `major-incident-not-reviewed`: a major incident without report, review or word to top management.

use super::facts::{day, entries, has, name, problem};
use crate::rules::evidence::facts::days_after;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "major-incident-not-reviewed",
    summary: "a major incident is over and lacks its report, its review or the notice to top management",
    docs: include_str!("major_incident_not_reviewed.md"),
    level: ERROR,
    clauses: &["8.6.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 30,
        about: "days after restoration within which report and review are done",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let fields = ["top_management_informed", "report_ref", "review.on"];
    for major in entries(ctx, "major-incident").filter(|m| is_over(ctx, *m)) {
        let lacking: Vec<String> = fields.iter().filter(|f| !has(major, f)).map(|f| format!("`{f}`")).collect();
        if !lacking.is_empty() {
            let message = format!("{} is over and lacks {}", name(major), listed(&lacking));
            out.report(problem(&RULE, major, "status", message).help(
                "Write the report, hold the review, and enter both; enter when top management was told, or raise a \
                 nonconformity when it was not.",
            ));
        }
    }
}

fn is_over(ctx: &Ctx<'_>, major: EntityView<'_>) -> bool {
    let days = ctx.number(&RULE, "days");
    let long_ago = || day(major, "restored_at").is_some_and(|on| days_after(on, days) < ctx.today);
    major.str("status") == Some("closed") || long_ago()
}
