//! `problem-closed-unchecked`: a problem was closed and nobody looked whether it came back.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "problem-closed-unchecked",
    summary: "a closed problem has no check of whether its solution works",
    docs: include_str!("problem_closed_unchecked.md"),
    level: WARNING,
    clauses: &["8.6.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for found in entries(ctx, "problem").filter(|p| p.str("status") == Some("closed")) {
        if !has(found, "effectiveness.checked_on") {
            let message = format!("{} is closed, and nobody has checked whether its solution works", name(found));
            out.report(
                problem(&RULE, found, "status", message).help(
                    "Count the incidents since the solution and write day, number and result into `effectiveness`.",
                ),
            );
        }
    }
}
