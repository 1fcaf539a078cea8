//! `signer-differs`: the key belongs to somebody else than the signer named.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "signer-differs",
    summary: "the key belongs to somebody else than the signer named",
    docs: include_str!("signer_differs.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
