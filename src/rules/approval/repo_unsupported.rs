//! `repo-unsupported`: the repository uses a format that smsctl does not read.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "repo-unsupported",
    summary: "the repository uses a format that smsctl does not read",
    docs: include_str!("repo_unsupported.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
