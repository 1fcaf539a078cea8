//! `release-failure-unanswered`: a release failed and nobody asks why.

use super::facts::{entries, has, is_followed_up, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "release-failure-unanswered",
    summary: "a release failed or was taken back, and no analysis or follow-up is on record",
    docs: include_str!("release_failure_unanswered.md"),
    level: WARNING,
    clauses: &["8.5.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for release in entries(ctx, "release").filter(|r| matches!(r.str("result"), Some("failed" | "backed-out"))) {
        let follows = ["analysis.problem_refs", "analysis.improvement_refs"].into_iter().any(|f| has(release, f));
        let answered = has(release, "analysis.on") && (follows || is_followed_up(release));
        if !answered {
            let message = format!("{} did not succeed, and no analysis says what follows from it", name(release));
            out.report(
                problem(&RULE, release, "result", message)
                    .help("Write day and finding into `analysis` and name the problem or improvement that follows."),
            );
        }
    }
}
