//! `repo-incomplete`: the clone does not hold the whole history.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-incomplete",
    summary: "the clone does not hold the whole history",
    docs: include_str!("repo_incomplete.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
