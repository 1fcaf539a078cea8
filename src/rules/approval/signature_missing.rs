//! `signature-missing`: an approval is not signed.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "signature-missing",
    summary: "an approval is not signed",
    docs: include_str!("signature_missing.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
