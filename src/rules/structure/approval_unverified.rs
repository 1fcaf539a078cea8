//! `approval-unverified`: an approval is not proved by signed history.

use crate::rules::{Check, ERROR_ONCE_APPROVED, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-unverified",
    summary: "an approval is not proved by signed history",
    docs: include_str!("approval_unverified.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[28, 29, 30],
    options: &[],
    check: Check::NotYet(
        "this version of smsctl does not read approvals from signed Git history; the status of each artifact is taken as written",
    ),
};
