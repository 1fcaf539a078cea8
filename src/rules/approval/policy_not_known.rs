//! `policy-not-known`: an approval names a trust policy that was not in force before it.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-not-known",
    summary: "an approval names a trust policy that was not in force before it",
    docs: include_str!("policy_not_known.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
