//! `waiver-expired`: a waiver has passed its last day.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "waiver-expired",
    summary: "a waiver has passed its last day",
    docs: include_str!("waiver_expired.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
