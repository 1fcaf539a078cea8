//! `approval-pending`: a document calls itself approved before everyone who must has approved it.

use super::{moment, words};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-pending",
    summary: "a document calls itself approved before everyone who must has approved it",
    docs: include_str!("approval_pending.md"),
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
        if !pending.own_work.is_empty() || pending.authors.untraced {
            continue;
        }
        let (id, version) = (&standing.control.id, &standing.control.version);
        let have = pending.approvals.iter().filter_map(|ix| judged.approvals.get(*ix));
        let have = words::signers(judged, have);
        let missing = standing.who_may(judged, &pending.missing, moment(ctx));
        let message = format!("{id} {version} has the approval of {have}; still missing: {missing}");
        let artifact = standing.view(ctx.ws);
        let help = format!("Those who are missing run `smsctl approve {id}`. Until then write `status: in-review`.");
        out.report(RULE.problem(artifact.span_of("status"), message).subject(id).help(help));
    }
}
