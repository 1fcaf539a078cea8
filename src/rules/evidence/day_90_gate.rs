//! `day-90-gate`: what should stand 90 days into the programme.

use super::facts::filled;
use super::gate::{self, Item};
use super::{awareness_not_sampled, management_review_missing, policy_older_than_scope, trigger_without_review};
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "day-90-gate",
    summary: "90 days into the programme nobody can show that the policy works",
    docs: include_str!("day_90_gate.md"),
    level: NOTE,
    clauses: &["6.2.2", "7.3", "9.1"],
    since: "0.1.0",
    requirements: &[106],
    options: &[],
    check: Check::Workspace(check),
};

pub(super) const ITEMS: [Item; 3] = [
    Item { name: "objectives reviewed with minutes or dashboards", done: objectives_reviewed },
    Item { name: "awareness sampled", done: awareness_not_sampled::is_sampled },
    Item { name: "scope and lessons reviewed", done: lessons_reviewed },
];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    gate::check(ctx, out, &RULE, 90, &ITEMS);
}

/// An objective was looked at, and its forum or the objective itself names what shows it.
fn objectives_reviewed(ctx: &Ctx<'_>, _: ArtifactView<'_>) -> bool {
    let shown = |o: &EntityView<'_>| {
        filled(o.node(), "evidence_refs") || o.refs("review_forum").any(|forum| filled(forum.node(), "minutes_refs"))
    };
    let mut reviewed = ctx.ws.of_type("objective").filter(|o| !o.is_retired() && o.date("last_reviewed_on").is_some());
    reviewed.any(|o| shown(&o))
}

/// A review is on record, and neither the scope nor an event waits for another.
fn lessons_reviewed(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let recorded = policy.front().date("reviewed_on").is_some() || management_review_missing::last(ctx).is_some();
    recorded
        && !trigger_without_review::is_waiting(ctx, policy)
        && policy_older_than_scope::newer_scope(ctx, policy).is_none()
}
