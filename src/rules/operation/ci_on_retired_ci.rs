//! `ci-on-retired-ci`: something live rests on something that is gone.

use super::facts::{entries, name};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "ci-on-retired-ci",
    summary: "a live configuration item has a relation to one that is withdrawn or disposed of",
    docs: include_str!("ci_on_retired_ci.md"),
    level: WARNING,
    clauses: &["8.2.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for item in entries(ctx, "configuration-item").filter(|i| i.str("status") == Some("live")) {
        for reference in item.references().filter(|r| r.field.starts_with("relations")) {
            let target = reference.target.map(|ix| ctx.ws.entity_at(ix));
            let Some(gone) = target.filter(|t| t.is("configuration-item") && t.is_retired()) else { continue };
            let message = format!("{} is live and has a relation to {}, which is out of use", name(item), gone.id());
            let problem = RULE.problem(reference.span, message).subject(item.id());
            out.report(problem.related(gone.span(), "it is out of use by its own word").help(
                "Name the item that took its place, delete the relation, or correct the status of the other item.",
            ));
        }
    }
}
