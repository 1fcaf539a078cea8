//! `not-utf8`: a file is not UTF-8 text.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "not-utf8",
    summary: "a file is not UTF-8 text",
    docs: include_str!("not_utf8.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
