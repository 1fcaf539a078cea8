//! `path-not-regular`: a record, document or trust file is a link, a submodule or executable.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "path-not-regular",
    summary: "a record, document or trust file is a link, a submodule or executable",
    docs: include_str!("path_not_regular.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
