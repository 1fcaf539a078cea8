//! `asset-without-owner`: an asset nobody answers for.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "asset-without-owner",
    summary: "an asset in use has no owner",
    docs: include_str!("asset_without_owner.md"),
    level: WARNING,
    clauses: &["8.2.5"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let there = |a: &EntityView<'_>| matches!(a.str("status"), Some("in-use" | "in-stock" | "in-repair"));
    for asset in entries(ctx, "asset").filter(|a| there(a) && !has(*a, "owner")) {
        let message = format!("{} has no owner", name(asset));
        let problem = problem(&RULE, asset, "id", message);
        out.report(problem.help("Name the role that decides on its use, renewal and end in `owner`."));
    }
}
