//! `repo-replace`: refs in the clone show other objects in place of the signed ones.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-replace",
    summary: "refs in the clone show other objects in place of the signed ones",
    docs: include_str!("repo_replace.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
