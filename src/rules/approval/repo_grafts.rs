//! `repo-grafts`: a file in the clone gives commits other parents than the signed ones.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-grafts",
    summary: "a file in the clone gives commits other parents than the signed ones",
    docs: include_str!("repo_grafts.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
