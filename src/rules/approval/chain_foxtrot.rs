//! `chain-foxtrot`: a commit of the trust root or a checkpoint is no longer on the main line.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "chain-foxtrot",
    summary: "a commit of the trust root or a checkpoint is no longer on the main line",
    docs: include_str!("chain_foxtrot.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
