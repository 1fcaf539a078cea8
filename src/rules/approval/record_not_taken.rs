//! `record-not-taken`: two branches made one record each under one name, and a merge kept one of them.

use crate::rules::{Check, NOTE, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "record-not-taken",
    summary: "two branches made one record each under one name, and a merge kept one of them",
    docs: include_str!("record_not_taken.md"),
    level: NOTE,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
