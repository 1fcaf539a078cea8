//! `approval-lapsed`: the approval of a document lapsed.

use super::words;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{Ended, Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-lapsed",
    summary: "the approval of a document lapsed",
    docs: include_str!("approval_lapsed.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[28],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let Verdict::Ended(version) = &standing.verdict else { continue };
        let why = match &version.ended {
            Some(Ended::Compromised { person, key }) => {
                format!("the key {key} of {} was compromised", judged.policy().name(person))
            }
            Some(Ended::RecordGone) => "the records of its approvals are gone".to_owned(),
            _ => continue,
        };
        let (artifact, id) = (standing.view(ctx.ws), &standing.control.id);
        let message = format!("{id}: {}, and that lapsed: {why}", words::approved(judged, version));
        let help = format!("Have the same text approved again with `smsctl approve {id}`, or bring the records back.");
        out.report(RULE.problem(artifact.span_of("status"), message).subject(id).help(help));
    }
}
