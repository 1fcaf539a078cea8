//! `review-without-record`: the review date of the policy moved without a record of the review.

use super::changes::{Changes, Parts};
use super::days_after;
use crate::history::Since;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::trust::statement::{Decision, Meaning};
use crate::trust::{Record, day};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-without-record",
    summary: "the review date of the policy moved without a record of the review",
    docs: include_str!("review_without_record.md"),
    level: WARNING,
    clauses: &["7.5.3.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[89],
    options: &[RuleOption { name: "days", default: 14, about: "days between the review and its record" }],
    check: Check::History(check),
};

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy().filter(|p| p.is_approved()) else { return };
    let Some(reviewed) = policy.front().date("reviewed_on") else { return };
    let mut changes = Changes::of(ctx, record);
    let since = changes.since(policy, Parts::Reviewed).get("reviewed_on").copied();
    let Some(Since::Changed(_) | Since::Added(_) | Since::NotCommitted) = since else { return };
    let slack = ctx.number(&RULE, "days");
    let near = |on: jiff::civil::Date| on >= days_after(reviewed, -slack) && on <= days_after(reviewed, slack);
    // A new version is a review with a result; its change entry records it.
    let entry = policy.front().list("changes").iter().filter_map(|c| c.date("on")).any(near);
    let signed = ctx.judged().is_some_and(|judged| {
        judged.approvals_of(policy.id()).any(|a| {
            let s = &a.statement;
            let says = s.decision == Decision::Approve && matches!(s.meaning, Meaning::Approval | Meaning::Review);
            a.counts() && says && day(s.signed_at).parse().is_ok_and(near)
        })
    });
    let days = ["held_on", "effective_on", "on"];
    let entity = policy.entity();
    let minutes = entity
        .into_iter()
        .flat_map(EntityView::referrers)
        .any(|(from, _)| from.artifact().ix != policy.ix && days.iter().filter_map(|d| from.date(d)).any(near));
    let linked = ctx.ws.of_kind("record").filter(|r| r.text().contains(policy.id()));
    let linked = linked.filter_map(|r| r.front().date("held_on").or(r.front().date("effective_on"))).any(near);
    if !(entry || signed || minutes || linked) {
        let message =
            format!("the review of {} moved to {reviewed}, and no record of that day names the policy", policy.id());
        let help = format!(
            "Sign the review with `smsctl approve {} --meaning review`, or keep minutes of that day that name the policy.",
            policy.id()
        );
        out.report(RULE.problem(policy.span_of("reviewed_on"), message).subject(policy.id()).help(help));
    }
}
