//! `approval-changes-document`: a signed approval commit changes the document it approves.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-changes-document",
    summary: "a signed approval commit changes the document it approves",
    docs: include_str!("approval_changes_document.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
