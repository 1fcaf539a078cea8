//! `yaml-duplicate-key`: a field stands twice in front matter.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "yaml-duplicate-key",
    summary: "a field stands twice in front matter",
    docs: include_str!("yaml_duplicate_key.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
