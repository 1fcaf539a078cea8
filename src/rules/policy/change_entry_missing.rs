//! `change-entry-missing`: the current version came without a word on why.

use super::text::needs_approval;
use crate::document::Node;
use crate::finding::Severity;
use crate::rules::words::same_version;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::schema::is_to_do;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-entry-missing",
    summary: "the current version has no change entry that says why",
    docs: include_str!("change_entry_missing.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[5],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let is_policy = artifact.kind() == "policy";
    let judged = artifact.is_current() && (is_policy || artifact.is_approved()) && needs_approval(artifact);
    let version = artifact.version();
    let explained = |entry: &Node| entry.str("version").is_some_and(|v| same_version(v, version));
    if !judged || version.is_empty() || is_to_do(version) || artifact.front().list("changes").iter().any(explained) {
        return;
    }
    let message = format!("version {version} has no entry in `changes` that says why it was written");
    let mut problem = RULE.problem(artifact.span_of("version"), message).subject(artifact.id());
    if !is_policy {
        problem = problem.severity(Severity::Warning);
    }
    out.report(problem.help(format!(
        "Add `- version: {version}` with a `why` to `changes`. Auditors ask what changed since the last version, and why.",
    )));
}
