//! `interested-party-review-overdue`: needs nobody asked about for long.

use super::facts::{current, months_after, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "interested-party-review-overdue",
    summary: "the needs of an interested party were not reviewed within the last year",
    docs: include_str!("interested_party_review_overdue.md"),
    level: WARNING,
    clauses: &["4.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "months", default: 12, about: "months from one look at a party to the next" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let since = months_after(ctx.today, -ctx.number(&RULE, "months"));
    for party in current(ctx.ws, "interested-party") {
        let Some(on) = party.date("reviewed_on").filter(|on| *on < since) else { continue };
        let message = format!("the needs of {} were last looked at on {on}", named(party));
        out.report(RULE.problem(party.span_of("reviewed_on"), message).subject(party.id()).help(
            "Ask the party, or whoever keeps the relationship, whether its needs have changed, and enter the day into \
             `reviewed_on`.",
        ));
    }
}
