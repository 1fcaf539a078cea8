//! `approval-withdrawn`: the approval of a document was taken back.

use super::words;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{Ended, Judged, Verdict, day};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-withdrawn",
    summary: "the approval of a document was taken back",
    docs: include_str!("approval_withdrawn.md"),
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
        let Some(Ended::Withdrawn { by, on }) = &version.ended else { continue };
        let (artifact, id) = (standing.view(ctx.ws), &standing.control.id);
        let (who, on) = (judged.policy().name(by), day(*on));
        let message = format!("{id}: {}; {who} withdrew that on {on}", words::approved(judged, version));
        let help = "Set `status: in-review`, settle what was wrong, raise the version and have it approved.";
        out.report(RULE.problem(artifact.span_of("status"), message).subject(id).help(help));
    }
}
