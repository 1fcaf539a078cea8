//! `trailer-suspect`: a commit mentions an approval and is none.

use crate::rules::{Check, NOTE, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trailer-suspect",
    summary: "a commit mentions an approval and is none",
    docs: include_str!("trailer_suspect.md"),
    level: NOTE,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
