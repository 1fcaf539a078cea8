//! `field-missing`: a required field is missing or empty.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "field-missing",
    summary: "a required field is missing or empty",
    docs: include_str!("field_missing.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[2],
    options: &[],
    check: Check::Reader,
};
