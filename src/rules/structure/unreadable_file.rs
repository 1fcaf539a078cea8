//! `unreadable-file`: a file of the SMS cannot be read.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "unreadable-file",
    summary: "a file of the SMS cannot be read",
    docs: include_str!("unreadable_file.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
