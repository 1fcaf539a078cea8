//! `management-review-missing`: top management has not reviewed the SMS lately.

use super::facts::months_after;
use crate::rules::registers::{Held, held};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "management-review-missing",
    summary: "no management review was held within the last year",
    docs: include_str!("management_review_missing.md"),
    level: WARNING,
    clauses: &["9.3"],
    since: "0.1.0",
    requirements: &[87],
    options: &[RuleOption { name: "months", default: 12, about: "months from one management review to the next" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let since = months_after(ctx.today, -ctx.number(&RULE, "months"));
    // A programme younger than that still has time.
    if ctx.ws.artifacts.is_empty() || ctx.ws.config.started_on.is_some_and(|on| on > since) {
        return;
    }
    let found = match last(ctx).and_then(|review| Some((review, review.date("held_on")?))) {
        Some((_, on)) if on >= since => return,
        Some((review, on)) => {
            let message = format!("the last management review was held on {on}");
            Some(RULE.problem(review.span_of("held_on"), message).subject(review.id()))
        }
        None if held(ctx, "management-reviews", out) == Held::Unknown => None,
        None => Some(RULE.problem(ctx.ws.root_span(), "no management review is on record")),
    };
    if let Some(problem) = found {
        out.report(problem.help(
            "Let top management review the SMS, and keep the minutes as a record with `register: management-reviews`.",
        ));
    }
}

/// The latest review that has taken place.
pub(in crate::rules) fn last<'a>(ctx: &Ctx<'a>) -> Option<EntityView<'a>> {
    let held = ctx.ws.of_type("management-review").filter(|r| r.date("held_on").is_some_and(|on| on <= ctx.today));
    held.max_by_key(|r| r.date("held_on"))
}
