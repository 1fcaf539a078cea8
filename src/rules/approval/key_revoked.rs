//! `key-revoked`: an approval was signed with a key that had been withdrawn before.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-revoked",
    summary: "an approval was signed with a key that had been withdrawn before",
    docs: include_str!("key_revoked.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
