//! `reviewed-not-approved`: a document that calls itself approved was only reviewed.

use super::{moment, words};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::statement::{Decision, Meaning};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "reviewed-not-approved",
    summary: "a document that calls itself approved was only reviewed",
    docs: include_str!("reviewed_not_approved.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[29],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        if !matches!(standing.verdict, Verdict::Missing | Verdict::Newer(_)) || !standing.refused.is_empty() {
            continue;
        }
        let by = standing.declared(judged, Decision::Approve, Meaning::Review);
        if by.is_empty() {
            continue;
        }
        let (id, version) = (&standing.control.id, &standing.control.version);
        let who = standing.who_may(judged, &judged.needs(&standing.control), moment(ctx));
        let message = format!("{} only reviewed {id} {version}; nobody approved it", words::signers(judged, by));
        let help = format!("Approval needs {who}, by `smsctl approve {id}`. Until then write `status: in-review`.");
        out.report(RULE.problem(standing.view(ctx.ws).span_of("status"), message).subject(id).help(help));
    }
}
