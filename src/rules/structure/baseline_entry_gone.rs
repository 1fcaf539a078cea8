//! `baseline-entry-gone`: the baseline records a finding that is no longer there.

use crate::rules::{Check, NOTE, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "baseline-entry-gone",
    summary: "the baseline records a finding that is no longer there",
    docs: include_str!("baseline_entry_gone.md"),
    level: NOTE,
    clauses: &["10.1.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Engine,
};
