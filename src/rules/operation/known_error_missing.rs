//! `known-error-missing`: a cause is known and the service desk is not told.

use super::facts::{day, entries, has, name, problem};
use crate::rules::evidence::facts::days_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "known-error-missing",
    summary: "a problem has a known cause and neither a known error nor a change",
    docs: include_str!("known_error_missing.md"),
    level: WARNING,
    clauses: &["8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 14,
        about: "days after the cause was found within which the known error is recorded",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let open = |p: &EntityView<'_>| !matches!(p.str("status"), Some("resolved" | "closed")) && has(*p, "root_cause");
    for found in entries(ctx, "problem").filter(open) {
        let days = ctx.number(&RULE, "days");
        let recent = day(found, "cause_known_on").is_some_and(|on| days_after(on, days) >= ctx.today);
        if !recent && !has(found, "known_error") && !has(found, "change_refs") {
            let message =
                format!("the cause of {} is known, and neither a known error nor a change is recorded", name(found));
            out.report(problem(&RULE, found, "root_cause", message).help(
                "Record the `known_error` in words the service desk can use, or name the change that solves it.",
            ));
        }
    }
}
