//! `waiver-without-reason`: a waiver gives no reason or cannot be read.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "waiver-without-reason",
    summary: "a waiver gives no reason or cannot be read",
    docs: include_str!("waiver_without_reason.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
