//! `problem-closed-without-cause`: a problem was closed and nobody knows why it came.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "problem-closed-without-cause",
    summary: "a problem is resolved or closed without a cause or a word about it",
    docs: include_str!("problem_closed_without_cause.md"),
    level: WARNING,
    clauses: &["8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for found in entries(ctx, "problem").filter(|p| matches!(p.str("status"), Some("resolved" | "closed"))) {
        if !has(found, "root_cause") && !has(found, "comment") {
            let message = format!("{} is solved or closed, and no cause is on record", name(found));
            out.report(
                problem(&RULE, found, "status", message)
                    .help("Write the cause into `root_cause`, or say in `comment` why the problem ends without one."),
            );
        }
    }
}
