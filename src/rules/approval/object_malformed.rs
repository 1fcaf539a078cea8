//! `object-malformed`: an approval commit is not plain in every header.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "object-malformed",
    summary: "an approval commit is not plain in every header",
    docs: include_str!("object_malformed.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
