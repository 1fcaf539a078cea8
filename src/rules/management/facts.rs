//! What several rules of this group ask of an entry. Each fact stands once.

use jiff::civil::Date;

pub(super) use crate::rules::assurance::facts::{current, due, in_use, named};
pub(super) use crate::rules::evidence::facts::{active_suppliers, days_after, filled, live_services, months_after};
pub(super) use crate::rules::evidence::management_review_missing::last as last_review;

use crate::document::Node;
use crate::finding::Problem;
use crate::rules::Rule;
use crate::workspace::{EntityView, Workspace};

/// Agreements with customers that are in force.
pub(super) fn slas_in_force(ws: &Workspace) -> impl Iterator<Item = EntityView<'_>> {
    current(ws, "sla").filter(|s| s.str("status") == Some("in-force"))
}

/// Risks and opportunities that are not closed.
pub(super) fn open_risks(ws: &Workspace) -> impl Iterator<Item = EntityView<'_>> {
    current(ws, "risk").filter(|r| r.str("status") != Some("closed"))
}

/// Actions of an entry that are neither done nor dropped.
pub(super) fn open_actions<'a>(entity: EntityView<'a>, list: &str) -> impl Iterator<Item = &'a Node> + use<'a> {
    entity.node().list(list).iter().filter(|action| is_open(action))
}

/// Whether an action is still to be done.
pub(super) fn is_open(action: &Node) -> bool {
    !filled(action, "done_on") && !matches!(action.str("status"), Some("done" | "dropped"))
}

/// What is said of an action whose day has passed.
pub(super) fn late(rule: &Rule, entity: EntityView<'_>, action: &Node, today: Date) -> Option<Problem> {
    let due = action.date("due_on").filter(|on| *on < today)?;
    let text = action.str("text").map_or("an action", |text| text.trim_end_matches('.'));
    let message = format!("the action \"{text}\" of {} was due on {due} and is not done", named(entity));
    Some(rule.problem(action.span_of("due_on"), message).subject(entity.id()))
}

/// Whether a role directs the organization at the highest level.
pub(super) fn is_top_management(role: EntityView<'_>) -> bool {
    role.node().bool("top_management") == Some(true)
}
