//! `approval-elsewhere`: an approval is about another document, version or repository than where it lies.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-elsewhere",
    summary: "an approval is about another document, version or repository than where it lies",
    docs: include_str!("approval_elsewhere.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
