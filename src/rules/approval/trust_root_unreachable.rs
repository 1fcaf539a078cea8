//! `trust-root-unreachable`: the trust root you pinned is not in the history or holds another policy.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trust-root-unreachable",
    summary: "the trust root you pinned is not in the history or holds another policy",
    docs: include_str!("trust_root_unreachable.md"),
    level: ERROR,
    clauses: &["5.3", "7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
