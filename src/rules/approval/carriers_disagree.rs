//! `carriers-disagree`: a signed commit and the statement file in it say different things.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "carriers-disagree",
    summary: "a signed commit and the statement file in it say different things",
    docs: include_str!("carriers_disagree.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
