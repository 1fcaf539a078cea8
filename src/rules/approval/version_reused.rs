//! `version-reused`: a version number was approved with another text before.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "version-reused",
    summary: "a version number was approved with another text before",
    docs: include_str!("version_reused.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
