//! `signature-unverifiable`: nothing can be said of a signature.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "signature-unverifiable",
    summary: "nothing can be said of a signature",
    docs: include_str!("signature_unverifiable.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
