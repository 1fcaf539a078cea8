//! `front-matter-malformed`: front matter is not closed, not first, or holds no fields.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "front-matter-malformed",
    summary: "front matter is not closed, not first, or holds no fields",
    docs: include_str!("front_matter_malformed.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Reader,
};
