//! `kind-unknown`: an artifact names a kind or register that has no schema.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "kind-unknown",
    summary: "an artifact names a kind or register that has no schema",
    docs: include_str!("kind_unknown.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
