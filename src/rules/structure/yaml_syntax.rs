//! `yaml-syntax`: front matter is not valid YAML.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "yaml-syntax",
    summary: "front matter is not valid YAML",
    docs: include_str!("yaml_syntax.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
