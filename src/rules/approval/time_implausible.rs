//! `time-implausible`: an approval claims a time that cannot be true.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "time-implausible",
    summary: "an approval claims a time that cannot be true",
    docs: include_str!("time_implausible.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
