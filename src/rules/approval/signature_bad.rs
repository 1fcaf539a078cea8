//! `signature-bad`: a signature does not fit what it was made for.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "signature-bad",
    summary: "a signature does not fit what it was made for",
    docs: include_str!("signature_bad.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
