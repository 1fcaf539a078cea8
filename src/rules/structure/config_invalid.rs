//! `config-invalid`: a value in smsctl.toml, or a schema it names, cannot be used.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "config-invalid",
    summary: "a value in smsctl.toml, or a schema it names, cannot be used",
    docs: include_str!("config_invalid.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
