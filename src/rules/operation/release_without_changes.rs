//! `release-without-changes`: a release nobody asked for.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "release-without-changes",
    summary: "a release carries no change",
    docs: include_str!("release_without_changes.md"),
    level: WARNING,
    clauses: &["8.5.3", "8.5.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for release in entries(ctx, "release").filter(|r| r.str("status") != Some("cancelled")) {
        if !has(release, "change_refs") && release.referrers_by("change", "release_ref").next().is_none() {
            let message = format!("{} carries no change", name(release));
            let problem = problem(&RULE, release, "id", message);
            out.report(problem.help("Name its changes in `change_refs`; what has no change yet needs one."));
        }
    }
}
