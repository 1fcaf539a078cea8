//! `recertification-not-planned`: a certificate that ends soon without a recertification audit.

use super::cycle::cycles;
use super::facts::months_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "recertification-not-planned",
    summary: "the certificate ends soon and no recertification audit is planned in time",
    docs: include_str!("recertification_not_planned.md"),
    level: WARNING,
    clauses: &["4.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[
        RuleOption { name: "months", default: 6, about: "months before its end from which the audit must be planned" },
        RuleOption { name: "days", default: 30, about: "days to be left between audit and end" },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let (months, days) = (ctx.number(&RULE, "months"), ctx.number(&RULE, "days"));
    for cycle in cycles(ctx.ws) {
        let Some(expires) = cycle.expires().filter(|on| *on >= ctx.today) else { continue };
        if ctx.today < months_after(expires, -months) {
            continue;
        }
        let audits = cycle.audits().filter(|a| a.str("stage") == Some("recertification"));
        let day = audits.filter_map(|a| a.date("held_on").or(a.date("planned_on"))).min();
        let message = match day {
            Some(on) if cycle.recertification_by().is_none_or(|limit| on <= limit) => continue,
            Some(on) => format!(
                "the recertification audit on {on} leaves less than {days} days before the certificate ends on {expires}"
            ),
            None => format!(
                "the certificate of {} ends on {expires} and no recertification audit is planned",
                cycle.entity.id()
            ),
        };
        let problem = RULE.problem(cycle.span_of("expires_on"), message).subject(cycle.entity.id());
        out.report(problem.help(
            "Agree on days with the certification body so that audit, corrections and decision lie before the end, and \
             enter the audit with stage `recertification` and `planned_on`.",
        ));
    }
}
