//! `effective-date-missing`: a document is approved, but nobody can say since when it applies.

use super::text::needs_approval;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "effective-date-missing",
    summary: "an approved document does not say from which day it applies",
    docs: include_str!("effective_date_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["7.5.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[4],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if !artifact.is_approved() || !needs_approval(artifact) || artifact.front().get("effective_on").is_some() {
        return;
    }
    let message = format!("{} is approved and does not say from which day it applies", artifact.id());
    let problem = RULE.problem(artifact.span_of("status"), message).subject(artifact.id());
    out.report(
        problem.help(
            "Write the first day on which this version applies into `effective_on`, not earlier than its approval.",
        ),
    );
}
