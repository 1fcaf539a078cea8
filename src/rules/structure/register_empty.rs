//! `register-empty`: an approved register without entries.

use crate::document::Data;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "register-empty",
    summary: "an approved register holds no entries",
    docs: include_str!("register_empty.md"),
    level: NOTE,
    clauses: &["7.5.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let entries = artifact.front().get("entries");
    let empty = entries.is_some_and(|e| matches!(&e.data, Data::List(items) if items.is_empty()));
    if artifact.kind() == "register"
        && artifact.is_approved()
        && empty
        && !csv_is_broken(artifact)
        && !has_files(artifact)
    {
        let message = format!("the approved register `{}` holds no entries", artifact.id());
        let problem = RULE.problem(artifact.span_of("entries"), message).subject(artifact.id());
        out.report(problem.help(
            "Add what there is. If there is nothing on purpose, say so in the text, with the day it was looked at.",
        ));
    }
}

/// Its entries stand in files of their own; the register holds what they share.
fn has_files(artifact: ArtifactView<'_>) -> bool {
    let Some(name) = artifact.register() else { return false };
    artifact.ws.register(name).any(|other| other.kind() != "register" && other.is_current())
}

/// Entries that could not be read, or stand in two places, are a finding already.
fn csv_is_broken(artifact: ArtifactView<'_>) -> bool {
    let Some(csv) = artifact.entries_path() else { return false };
    let ws = artifact.ws;
    let about = |path: &str, rule: &str| path == csv || (path == artifact.path() && rule == "csv-malformed");
    ws.problems.iter().any(|p| about(ws.sources.path(p.span), p.rule))
}
