//! `carrier-not-accepted`: the trust policy does not accept approvals of this form.

use crate::rules::{Check, ERROR, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    name: "carrier-not-accepted",
    summary: "the trust policy does not accept approvals of this form",
    docs: include_str!("carrier_not_accepted.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Trust,
};
