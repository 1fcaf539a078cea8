//! `yaml-unsupported`: front matter uses a YAML feature that smsctl does not read.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "yaml-unsupported",
    summary: "front matter uses a YAML feature that smsctl does not read",
    docs: include_str!("yaml_unsupported.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
