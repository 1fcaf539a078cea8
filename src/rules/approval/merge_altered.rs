//! `merge-altered`: a merge gave a document a text that neither side had.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "merge-altered",
    summary: "a merge gave a document a text that neither side had",
    docs: include_str!("merge_altered.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
