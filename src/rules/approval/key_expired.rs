//! `key-expired`: an approval was signed with a key outside its time of validity.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-expired",
    summary: "an approval was signed with a key outside its time of validity",
    docs: include_str!("key_expired.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
