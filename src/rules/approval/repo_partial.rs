//! `repo-partial`: the clone fetches contents only when they are asked for.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-partial",
    summary: "the clone fetches contents only when they are asked for",
    docs: include_str!("repo_partial.md"),
    level: WARNING,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
