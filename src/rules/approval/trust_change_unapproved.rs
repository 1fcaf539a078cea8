//! `trust-change-unapproved`: a change of the trust policy is not approved by those it needs.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "trust-change-unapproved",
    summary: "a change of the trust policy is not approved by those it needs",
    docs: include_str!("trust_change_unapproved.md"),
    level: ERROR,
    clauses: &["5.3", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
