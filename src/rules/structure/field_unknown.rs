//! `field-unknown`: a field is not known to the schema.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "field-unknown",
    summary: "a field is not known to the schema",
    docs: include_str!("field_unknown.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
