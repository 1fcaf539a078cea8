//! `role-not-held`: the signer did not hold the role in which they approved.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-not-held",
    summary: "the signer did not hold the role in which they approved",
    docs: include_str!("role_not_held.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
