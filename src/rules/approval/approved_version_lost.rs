//! `approved-version-lost`: an approved version is gone and an older one stands in its place.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approved-version-lost",
    summary: "an approved version is gone and an older one stands in its place",
    docs: include_str!("approved_version_lost.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
