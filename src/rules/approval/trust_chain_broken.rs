//! `trust-chain-broken`: the trust policy cannot be used or does not follow the one before.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trust-chain-broken",
    summary: "the trust policy cannot be used or does not follow the one before",
    docs: include_str!("trust_chain_broken.md"),
    level: ERROR,
    clauses: &["5.3", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
