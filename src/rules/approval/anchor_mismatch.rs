//! `anchor-mismatch`: the history no longer holds what a checkpoint says.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "anchor-mismatch",
    summary: "the history no longer holds what a checkpoint says",
    docs: include_str!("anchor_mismatch.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
