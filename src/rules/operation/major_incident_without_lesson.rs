//! `major-incident-without-lesson`: a major incident that led to nothing.

use super::facts::{entries, has, is_followed_up, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "major-incident-without-lesson",
    summary: "a major incident was reviewed and no problem, improvement, change or nonconformity follows",
    docs: include_str!("major_incident_without_lesson.md"),
    level: WARNING,
    clauses: &["8.6.1", "8.6.3", "10.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

const FOLLOWS: [&str; 4] =
    ["review.problem_refs", "review.improvement_refs", "review.change_refs", "review.nonconformity_refs"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for major in entries(ctx, "major-incident").filter(|m| has(*m, "review.on")) {
        if !FOLLOWS.iter().any(|field| has(major, field)) && !is_followed_up(major) {
            let message = format!("{} was reviewed, and nothing follows from it", name(major));
            out.report(problem(&RULE, major, "review", message).help(
                "Give each lesson a number: a problem, an improvement, a change or a nonconformity, and name it in `review`.",
            ));
        }
    }
}
