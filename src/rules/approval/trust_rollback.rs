//! `trust-rollback`: the trust policy goes back to an earlier serial.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trust-rollback",
    summary: "the trust policy goes back to an earlier serial",
    docs: include_str!("trust_rollback.md"),
    level: ERROR,
    clauses: &["5.3", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
