//! `management-review-overdue`: the day set for the next management review has passed.

use super::facts::{last_review, months_after};
use crate::rules::evidence::management_review_missing;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "management-review-overdue",
    summary: "the next management review was not held on the day the last one set",
    docs: include_str!("management_review_overdue.md"),
    level: WARNING,
    clauses: &["9.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(review) = last_review(ctx).filter(|r| !r.is_retired() && !is_told(ctx, r.date("held_on"))) else { return };
    let Some(due) = review.date("next_on").filter(|on| *on < ctx.today) else { return };
    let message = format!("the review after {} was set for {due} and is not on record", review.id());
    out.report(
        RULE.problem(review.span_of("next_on"), message)
            .subject(review.id())
            .help("Hold the review and keep its minutes as a record with `register: management-reviews`."),
    );
}

/// Once the last review is too old altogether, management-review-missing says so.
fn is_told(ctx: &Ctx<'_>, held: Option<jiff::civil::Date>) -> bool {
    let since = months_after(ctx.today, -ctx.number(&management_review_missing::RULE, "months"));
    held < Some(since) && ctx.ws.config.started_on.is_none_or(|on| on <= since)
}
