//! `role-without-holder`: a role that answers for approved documents has nobody in it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::document::Node;
use crate::rules::words::a_few;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-without-holder",
    summary: "a role that owns or approves documents in force has no holder today",
    docs: include_str!("role_without_holder.md"),
    level: WARNING,
    clauses: &["5.3"],
    since: "0.1.0",
    requirements: &[33],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for role in ctx.ws.of_type("role").filter(|r| !r.is_retired()) {
        let documents = documents(role);
        let holders = role.node().list("holders");
        if documents.is_empty() || is_held(role, ctx.today) {
            continue;
        }
        let names: Vec<&str> = documents.iter().copied().collect();
        let message = format!("{} answers for {} and {}", role.label(), a_few(&names), since(holders, ctx.today));
        let problem = RULE.problem(span(role, holders), message).subject(role.id());
        out.report(problem.help(
            "Enter who holds the role now, with the first day as `valid_from`, or give the documents another owner or approver.",
        ));
    }
}

/// Approved documents the role owns or approves.
fn documents(role: EntityView<'_>) -> BTreeSet<&str> {
    let answers = role.referrers().filter(|(_, r)| matches!(&*r.field, "owner" | "approvers"));
    let documents = answers.map(|(from, _)| from).filter(|from| from.is_artifact() && from.artifact().is_approved());
    documents.map(EntityView::id).collect()
}

/// Whether somebody holds a role on a day.
pub(in crate::rules) fn is_held(role: EntityView<'_>, today: Date) -> bool {
    role.node().list("holders").iter().any(|holder| holds(holder, today))
}

/// A day that cannot be read is told elsewhere; the holder counts.
fn holds(holder: &Node, today: Date) -> bool {
    let begun = holder.date("valid_from").is_none_or(|from| from <= today);
    let not_over = holder.date("valid_to").is_none_or(|to| to >= today);
    begun && not_over
}

fn since(holders: &[Node], today: Date) -> String {
    let ended = holders.iter().filter_map(|h| h.date("valid_to")).filter(|to| *to < today).max();
    let coming = holders.iter().filter_map(|h| h.date("valid_from")).filter(|from| *from > today).min();
    match (ended, coming) {
        (Some(ended), _) => format!("has had no holder since {ended}"),
        (None, Some(coming)) => format!("has no holder before {coming}"),
        (None, None) => "has no holder".to_owned(),
    }
}

/// The last day of the last holder, else the holders, else the role.
fn span(role: EntityView<'_>, holders: &[Node]) -> Span {
    let last = holders.iter().filter(|h| h.date("valid_to").is_some()).max_by_key(|h| h.date("valid_to"));
    last.map_or_else(|| role.span_of("holders"), |h| h.span_of("valid_to"))
}
