//! `key-not-for-this`: the trust policy does not allow the key for this use.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-not-for-this",
    summary: "the trust policy does not allow the key for this use",
    docs: include_str!("key_not_for_this.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
