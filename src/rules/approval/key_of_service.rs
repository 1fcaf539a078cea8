//! `key-of-service`: an approval was signed by a Git service and not by a person.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "key-of-service",
    summary: "an approval was signed by a Git service and not by a person",
    docs: include_str!("key_of_service.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
