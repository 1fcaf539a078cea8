//! `day-30-gate`: what should stand 30 days into the programme.

use super::gate::{self, Item};
use super::publication_missing::is_published;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "day-30-gate",
    summary: "30 days into the programme the policy is not yet established",
    docs: include_str!("day_30_gate.md"),
    level: NOTE,
    clauses: &["5.2.1", "5.2.2", "4.3"],
    since: "0.1.0",
    requirements: &[104],
    options: &[],
    check: Check::Workspace(check),
};

pub(super) const ITEMS: [Item; 5] = [
    Item { name: "scope confirmed", done: scope_confirmed },
    Item { name: "purpose written", done: purpose_written },
    Item { name: "four elements drafted", done: elements_drafted },
    Item { name: "approved by top management", done: approved },
    Item { name: "published", done: |_, policy| is_published(policy) },
];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    gate::check(ctx, out, &RULE, 30, &ITEMS);
}

fn scope_confirmed(_: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    policy.entity().is_some_and(|p| p.refs("scope_ref").any(|scope| scope.artifact().is_approved()))
}

fn purpose_written(_: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    is_located(policy, "purpose-fit")
}

fn elements_drafted(_: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let elements = ["purpose-fit", "objectives-framework", "applicable-requirements", "continual-improvement"];
    elements.into_iter().all(|element| is_located(policy, element))
}

/// A commitment in force carries the element, or the element map leads to it.
fn is_located(policy: ArtifactView<'_>, element: &str) -> bool {
    let current = || policy.commitments().filter(|c| c.is_current() && c.block.is_some());
    let carried = current().any(|c| c.entity.str("element") == Some(element));
    let leads = |target: &str| match target.strip_prefix('#') {
        Some(anchor) => policy.document().body.has_anchor(anchor),
        None => policy.commitment_block(target).is_some(),
    };
    let map = policy.front().get("elements");
    carried || map.is_some_and(|map| map.texts(element).any(|(target, _)| leads(target)))
}

/// As far as files say: approved, and every approver is top management.
fn approved(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let top = |id: &str| ctx.ws.entity(id).is_some_and(|role| role.node().bool("top_management") == Some(true));
    let mut approvers = policy.front().texts("approvers").map(|(id, _)| id).peekable();
    policy.is_approved() && approvers.peek().is_some() && approvers.all(top)
}
