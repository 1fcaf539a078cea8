//! `checkpoint-invalid`: a checkpoint in the repository does not count.

use crate::rules::{Check, Rule, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "checkpoint-invalid",
    summary: "a checkpoint in the repository does not count",
    docs: include_str!("checkpoint_invalid.md"),
    level: WARNING,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
