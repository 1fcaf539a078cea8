//! `sod-self-approval`: a document was approved by the person who wrote it.

use super::{moment, words};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sod-self-approval",
    summary: "a document was approved by the person who wrote it",
    docs: include_str!("sod_self_approval.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[28],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let Verdict::Pending(pending) = &standing.verdict else { continue };
        if pending.own_work.is_empty() || pending.authors.untraced {
            continue;
        }
        let (id, version) = (&standing.control.id, &standing.control.version);
        let own = words::names(judged, &pending.own_work);
        let missing = standing.who_may(judged, &pending.missing, moment(ctx));
        let message =
            format!("{own} changed {id} and approved version {version}; the trust policy wants somebody else");
        let help = format!("Needed is {missing}, but nobody who changed the text: `smsctl approve {id}`.");
        out.report(RULE.problem(standing.view(ctx.ws).span_of("status"), message).subject(id).help(help));
    }
}
