//! `key-weak`: an approval was signed with a key or algorithm that is too weak.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-weak",
    summary: "an approval was signed with a key or algorithm that is too weak",
    docs: include_str!("key_weak.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
