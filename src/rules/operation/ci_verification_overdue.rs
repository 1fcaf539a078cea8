//! `ci-verification-overdue`: configuration data that nobody held against the real thing in time.

use jiff::civil::Date;

use super::facts::{day, entries, has, name, problem};
use crate::rules::evidence::facts::months_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::{EntityView, duration};

/// The rule.
pub static RULE: Rule = Rule {
    name: "ci-verification-overdue",
    summary: "a live configuration item was not verified in time",
    docs: include_str!("ci_verification_overdue.md"),
    level: WARNING,
    clauses: &["8.2.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two verifications when neither item nor register gives an interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for item in entries(ctx, "configuration-item").filter(|i| i.str("status") == Some("live")) {
        let message = match day(item, "last_verified_on") {
            Some(on) if due(ctx, item, on) >= ctx.today => continue,
            Some(on) => format!("{} was last verified on {on}, longer ago than its interval allows", name(item)),
            None if has(item, "last_verified_on") => continue,
            None => format!("{} has never been verified", name(item)),
        };
        out.report(problem(&RULE, item, "last_verified_on", message).help(
            "Verify the item, correct what differs, and write the day into `last_verified_on` and the finding into \
             `verification_result`.",
        ));
    }
}

fn due(ctx: &Ctx<'_>, item: EntityView<'_>, on: Date) -> Date {
    let own = item.str("verification_interval");
    let interval = own.or_else(|| item.artifact().front().str("verification_interval")).and_then(duration);
    let given = interval.and_then(|length| on.checked_add(length).ok());
    given.unwrap_or_else(|| months_after(on, ctx.number(&RULE, "months")))
}
