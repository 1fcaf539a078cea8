//! `ci-without-owner`: a configuration item nobody answers for.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "ci-without-owner",
    summary: "a live configuration item has no owner",
    docs: include_str!("ci_without_owner.md"),
    level: WARNING,
    clauses: &["8.2.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for item in entries(ctx, "configuration-item").filter(|i| i.str("status") == Some("live") && !has(*i, "owner")) {
        let message = format!("{} is live and has no owner", name(item));
        let problem = problem(&RULE, item, "id", message);
        out.report(problem.help("Name the role that answers for the item and its data in `owner`."));
    }
}
