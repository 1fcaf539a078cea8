//! `trust-self-grant`: somebody approved the change of the trust policy that gives them the right to.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trust-self-grant",
    summary: "somebody approved the change of the trust policy that gives them the right to",
    docs: include_str!("trust_self_grant.md"),
    level: ERROR,
    clauses: &["5.3", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
