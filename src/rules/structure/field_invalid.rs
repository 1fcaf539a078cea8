//! `field-invalid`: a field has a value that its schema does not allow.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "field-invalid",
    summary: "a field has a value that its schema does not allow",
    docs: include_str!("field_invalid.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
