//! `known-error-without-workaround`: a known error that helps nobody.

use super::facts::{entries, has, name, problem, text};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "known-error-without-workaround",
    summary: "a known error has neither a workaround nor anything that keeps its harm small",
    docs: include_str!("known_error_without_workaround.md"),
    level: WARNING,
    clauses: &["8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for found in entries(ctx, "problem").filter(|p| has(*p, "known_error.id")) {
        let removed = text(found, "known_error.status") == Some("removed") || found.str("status") == Some("closed");
        if !removed && !has(found, "workaround") && !has(found, "impact_reduction") {
            let id = text(found, "known_error.id").unwrap_or_default();
            let message = format!("the known error {id} of {} has no workaround", name(found));
            out.report(
                problem(&RULE, found, "known_error.id", message)
                    .help("Write what helps into `workaround`, or what keeps the harm small into `impact_reduction`."),
            );
        }
    }
}
