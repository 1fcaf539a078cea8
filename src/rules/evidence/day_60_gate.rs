//! `day-60-gate`: what should stand 60 days into the programme.

use super::facts::filled;
use super::gate::{self, Item};
use super::{communication_incomplete, obligations_method_missing, obligations_register_missing, onboarding_missing};
use crate::rules::objectives::objective_incomplete::has_source;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "day-60-gate",
    summary: "60 days into the programme the policy is not yet at work",
    docs: include_str!("day_60_gate.md"),
    level: NOTE,
    clauses: &["5.2.1", "6.2.1", "7.3"],
    since: "0.1.0",
    requirements: &[105],
    options: &[],
    check: Check::Workspace(check),
};

pub(super) const ITEMS: [Item; 5] = [
    Item { name: "objectives for every commitment", done: commitments_used },
    Item { name: "owners and data sources of objectives", done: objectives_owned },
    Item { name: "obligations captured", done: obligations_captured },
    Item { name: "teams in scope informed", done: teams_informed },
    Item { name: "onboarding updated", done: onboarding_missing::is_in_place },
];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    gate::check(ctx, out, &RULE, 60, &ITEMS);
}

fn commitments_used(_: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let used = |c: EntityView<'_>| {
        c.referrers_by("objective", "commitment_refs").any(|o| !o.is_retired() && gate::is_at_work(o.artifact()))
    };
    let mut current = policy.commitments().filter(|c| c.is_current()).peekable();
    current.peek().is_some() && current.all(|c| used(c.entity))
}

fn objectives_owned(ctx: &Ctx<'_>, _: ArtifactView<'_>) -> bool {
    let owned = |o: EntityView<'_>| gate::is_at_work(o.artifact()) && has_source(o) && filled(o.node(), "owner");
    let mut objectives = ctx.ws.of_type("objective").filter(|o| !o.is_retired()).peekable();
    objectives.peek().is_some() && objectives.all(owned)
}

fn obligations_captured(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    obligations_register_missing::is_in_place(ctx.ws, policy)
        && obligations_method_missing::lacking(ctx.ws).is_none()
        && ctx.ws.of_type("obligation").any(|o| !o.is_retired() && gate::is_at_work(o.artifact()))
}

fn teams_informed(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let groups = communication_incomplete::groups_in_scope(ctx.ws);
    !groups.is_empty() && communication_incomplete::groups_missed(ctx.ws, policy).is_empty()
}
