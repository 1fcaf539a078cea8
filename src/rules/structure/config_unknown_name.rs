//! `config-unknown-name`: smsctl.toml or a waiver names something that does not exist.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "config-unknown-name",
    summary: "smsctl.toml or a waiver names something that does not exist",
    docs: include_str!("config_unknown_name.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
