//! `key-unknown`: an approval was signed with a key that belongs to nobody in the trust policy.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-unknown",
    summary: "an approval was signed with a key that belongs to nobody in the trust policy",
    docs: include_str!("key_unknown.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
