//! `csv-malformed`: the CSV file of a register is missing or not well formed.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "csv-malformed",
    summary: "the CSV file of a register is missing or not well formed",
    docs: include_str!("csv_malformed.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
