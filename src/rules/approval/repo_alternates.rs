//! `repo-alternates`: the clone borrows objects from another repository.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-alternates",
    summary: "the clone borrows objects from another repository",
    docs: include_str!("repo_alternates.md"),
    level: WARNING,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
