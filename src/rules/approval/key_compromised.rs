//! `key-compromised`: an approval rests on a key that was compromised.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-compromised",
    summary: "an approval rests on a key that was compromised",
    docs: include_str!("key_compromised.md"),
    level: ERROR,
    clauses: &["7.5.2", "7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
