//! `record-altered`: a record of an approval or a checkpoint was changed or deleted.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "record-altered",
    summary: "a record of an approval or a checkpoint was changed or deleted",
    docs: include_str!("record_altered.md"),
    level: ERROR,
    clauses: &["7.5.3.1", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
