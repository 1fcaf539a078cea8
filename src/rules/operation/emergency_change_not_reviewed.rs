//! `emergency-change-not-reviewed`: an emergency change that nobody looked at afterwards.

use super::facts::{day, entries, has, is_cancelled, name, problem};
use crate::rules::evidence::facts::days_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "emergency-change-not-reviewed",
    summary: "an emergency change was carried out some time ago and has no review",
    docs: include_str!("emergency_change_not_reviewed.md"),
    level: WARNING,
    clauses: &["8.5.1.3", "8.5.1.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 14,
        about: "days after an emergency change within which it is reviewed",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let emergency = |c: &EntityView<'_>| c.str("category") == Some("emergency") && c.str("status") != Some("closed");
    for change in entries(ctx, "change").filter(|c| emergency(c) && !is_cancelled(*c) && !has(*c, "review.on")) {
        let Some(done) = day(change, "implemented_on") else { continue };
        if days_after(done, ctx.number(&RULE, "days")) < ctx.today {
            let message =
                format!("{} was carried out as an emergency on {done} and has not been reviewed", name(change));
            out.report(problem(&RULE, change, "implemented_on", message).help(
                "Hold the review, write it into `review`, and name the problem behind the emergency in `review.problem_ref`.",
            ));
        }
    }
}
