//! `record-malformed`: an approval statement or checkpoint cannot be read.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "record-malformed",
    summary: "an approval statement or checkpoint cannot be read",
    docs: include_str!("record_malformed.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
