//! What several rules of this group ask of an entry. Each fact stands once.

use jiff::civil::Date;

use crate::document::{Data, Moment, Node};
use crate::finding::Problem;
use crate::rules::{Ctx, Rule};
use crate::source::Span;
use crate::workspace::EntityView;

/// The entries of a type in documents that are in force or on their way.
pub(super) fn entries<'a>(ctx: &Ctx<'a>, kind: &'a str) -> impl Iterator<Item = EntityView<'a>> {
    ctx.ws.of_type(kind).filter(|e| e.artifact().is_current())
}

/// The value of a field, or of a field within it: `review.on`.
pub(super) fn part<'a>(entity: EntityView<'a>, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(entity.node(), |node, key| node.get(key))
}

/// Whether a field holds something; an empty list does not, a placeholder does: it is a finding of its own.
pub(super) fn has(entity: EntityView<'_>, path: &str) -> bool {
    part(entity, path).is_some_and(|value| !matches!(&value.data, Data::List(items) if items.is_empty()))
}

/// The text of a field.
pub(super) fn text<'a>(entity: EntityView<'a>, path: &str) -> Option<&'a str> {
    part(entity, path)?.as_str()
}

/// A point in time of a field.
pub(super) fn moment(entity: EntityView<'_>, path: &str) -> Option<Moment> {
    Moment::parse(text(entity, path)?.trim())
}

/// The day of a field that holds a day or a point in time.
pub(super) fn day(entity: EntityView<'_>, path: &str) -> Option<Date> {
    Some(moment(entity, path)?.day)
}

/// A problem at a field; at what is there of the way to it, else at the entry's id.
pub(super) fn problem(rule: &Rule, entity: EntityView<'_>, path: &str, message: String) -> Problem {
    rule.problem(place(entity, path), message).subject(entity.id())
}

fn place(entity: EntityView<'_>, path: &str) -> Span {
    let first = path.split('.').next().unwrap_or(path);
    part(entity, path).map_or_else(|| entity.span_of(first), |node| node.span)
}

/// How an entry is called in a message: its id with its title.
pub(super) fn name(entity: EntityView<'_>) -> String {
    let (id, label) = (entity.id(), entity.label());
    if label == id { id.to_owned() } else { format!("{id} ({label})") }
}

/// A use of a standard change: assessed and approved once, with the model it names.
pub(super) fn follows_model(change: EntityView<'_>) -> bool {
    change.str("category") == Some("standard") && has(change, "model_ref")
}

/// Somebody decided that the change is to be made, or its state says so.
pub(super) fn is_approved(change: EntityView<'_>) -> bool {
    if let Some(decision) = text(change, "approval.decision") {
        return decision == "approved";
    }
    let later = ["approved", "scheduled", "in-build", "implemented", "reviewed", "closed"];
    change.str("status").is_some_and(|s| later.contains(&s)) && !is_cancelled(change)
}

/// Given up before it was made.
pub(super) fn is_cancelled(change: EntityView<'_>) -> bool {
    change.str("result") == Some("cancelled") || matches!(change.str("status"), Some("cancelled" | "rejected"))
}

/// A problem, improvement or nonconformity refers to it.
pub(super) fn is_followed_up(entity: EntityView<'_>) -> bool {
    entity.referrers().any(|(from, _)| ["problem", "improvement", "nonconformity"].into_iter().any(|k| from.is(k)))
}
