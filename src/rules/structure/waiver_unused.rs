//! `waiver-unused`: a waiver matches no finding.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "waiver-unused",
    summary: "a waiver matches no finding",
    docs: include_str!("waiver_unused.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
