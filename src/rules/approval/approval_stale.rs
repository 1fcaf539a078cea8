//! `approval-stale`: an approval was made for other bytes than the document had when it came in.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-stale",
    summary: "an approval was made for other bytes than the document had when it came in",
    docs: include_str!("approval_stale.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
