//! `effective-before-approval`: a document applies from a day before it was approved.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::versions::parts;
use crate::trust::{Judged, Verdict, day};

/// The rule.
pub static RULE: Rule = Rule {
    name: "effective-before-approval",
    summary: "a document applies from a day before it was approved",
    docs: include_str!("effective_before_approval.md"),
    level: WARNING,
    clauses: &["7.5.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[4],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let Verdict::Approved(version) = &standing.verdict else { continue };
        let artifact = standing.view(ctx.ws);
        let Some(effective) = artifact.front().date("effective_on") else { continue };
        // An editorial change (2.1.1) applies from the day of the version it mends (2.1).
        let series = parts(&version.version);
        let same = judged.versions(artifact.id()).map_or(&[][..], |v| v.approved.as_slice());
        let first = same.iter().filter(|v| parts(&v.version)[..2] == series[..2]).map(|v| v.on).min();
        let Some(on) = first.map(day).filter(|on| effective.to_string() < *on) else { continue };
        let id = artifact.id();
        let message = format!("{id} {} applies from {effective}, and was approved on {on} only", version.version);
        let help = "Write the day from which it applies after the approval into `effective_on`, with a new version.";
        out.report(RULE.problem(artifact.span_of("effective_on"), message).subject(id).help(help));
    }
}
