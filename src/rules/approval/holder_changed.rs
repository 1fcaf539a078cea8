//! `holder-changed`: the policy was not reaffirmed after an approver role changed hands.

use jiff::civil::Date;

use super::days_after;
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::trust::statement::{Decision, Meaning};
use crate::trust::{Judged, day};

/// The rule.
pub static RULE: Rule = Rule {
    name: "holder-changed",
    summary: "the policy was not reaffirmed after an approver role changed hands",
    docs: include_str!("holder_changed.md"),
    level: NOTE,
    clauses: &["5.2.1", "5.3"],
    since: "0.1.0",
    requirements: &[34],
    options: &[RuleOption { name: "days", default: 90, about: "days a new holder has" }],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy().filter(|p| p.is_approved()) else { return };
    for (role, span) in policy.front().texts("approvers") {
        let changed = in_policy(ctx, judged, role).into_iter().chain(in_register(ctx, role)).max();
        let Some(on) = changed.filter(|on| days_after(*on, ctx.number(&RULE, "days")) < ctx.today) else { continue };
        let reaffirmed = judged.approvals_of(policy.id()).any(|a| {
            let s = &a.statement;
            let says = s.decision == Decision::Approve && matches!(s.meaning, Meaning::Approval | Meaning::Review);
            a.counts() && says && s.role == role && day(s.signed_at) >= on.to_string()
        });
        if !reaffirmed {
            let message =
                format!("{role} changed hands on {on}, and no holder approved or reviewed {} since", policy.id());
            let help = format!("The new holder reads the policy and signs it: `smsctl approve {}`.", policy.id());
            out.report(RULE.problem(span, message).subject(policy.id()).help(help));
        }
    }
}

/// First day of the present holder, when there was another before.
fn in_policy(ctx: &Ctx<'_>, judged: &Judged, role: &str) -> Option<Date> {
    let of: Vec<_> = judged.policy().assignments.iter().filter(|a| a.role == role).collect();
    let now = of.iter().filter(|a| a.covers(super::moment(ctx))).max_by_key(|a| a.from)?;
    let taken_over = of.iter().any(|a| a.person != now.person && a.from < now.from);
    taken_over.then(|| day(now.from).parse().ok()).flatten()
}

fn in_register(ctx: &Ctx<'_>, role: &str) -> Option<Date> {
    let holders = ctx.ws.entity(role).filter(|r| r.is("role"))?.node().list("holders");
    let mut from: Vec<Date> =
        holders.iter().filter_map(|h| h.date("valid_from")).filter(|on| *on <= ctx.today).collect();
    from.sort_unstable();
    (from.len() > 1).then(|| from.last().copied()).flatten()
}
