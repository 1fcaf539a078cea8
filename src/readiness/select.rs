//! Entries of registers, and their fields.

use jiff::civil::Date;

use super::need::Selector;
use super::records::day;
use crate::document::{Data, Node, Step};
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// All entries of a register, in files of its own too; none of documents that are out of use.
pub(crate) fn entries<'a>(ws: &'a Workspace, register: &'a str) -> impl Iterator<Item = EntityView<'a>> {
    ws.register(register).filter(|a| a.is_current()).flat_map(entries_of)
}

/// The entries of one document: its list, or the one it is.
pub(crate) fn entries_of(artifact: ArtifactView<'_>) -> impl Iterator<Item = EntityView<'_>> {
    let own = artifact.entity().filter(|e| matches!(e.path(), [Step::Key(key)] if &**key == "entry"));
    let listed =
        artifact.children().filter(|e| matches!(e.path(), [Step::Key(key), Step::Index(_)] if &**key == "entries"));
    own.into_iter().chain(listed)
}

/// The entries a selector means.
pub(super) fn selected<'a>(ws: &'a Workspace, selector: &'a Selector) -> impl Iterator<Item = EntityView<'a>> {
    entries(ws, &selector.register).filter(move |e| matches(e.node(), selector))
}

fn matches(node: &Node, selector: &Selector) -> bool {
    selector.filters.iter().all(|(field, values)| {
        let value = at(node, field);
        value.is_some_and(|v| texts(v).any(|text| values.iter().any(|w| w == text)))
    })
}

fn texts(node: &Node) -> impl Iterator<Item = &str> {
    node.as_str().into_iter().chain(node.items().iter().filter_map(Node::as_str))
}

/// The value of a field; dots lead into objects.
pub(super) fn at<'n>(node: &'n Node, field: &str) -> Option<&'n Node> {
    field.split('.').try_fold(node, Node::get)
}

/// Whether a field holds something that is no placeholder.
pub(super) fn filled(node: &Node, field: &str) -> bool {
    at(node, field).is_some_and(|value| match &value.data {
        Data::Scalar { text, .. } => !text.trim().is_empty() && !crate::schema::is_to_do(text),
        Data::List(items) => !items.is_empty(),
        Data::Map(fields) => !fields.is_empty(),
        Data::Null => false,
    })
}

/// A day in a field.
pub(super) fn date(node: &Node, field: &str) -> Option<Date> {
    at(node, field).and_then(Node::as_str).and_then(day)
}

/// Words a status ends with: nothing more is to be done.
const ENDED: [&str; 18] = [
    "achieved",
    "cancelled",
    "closed",
    "completed",
    "done",
    "dropped",
    "ended",
    "expired",
    "fulfilled",
    "missed",
    "rejected",
    "resolved",
    "retired",
    "superseded",
    "terminated",
    "transferred",
    "verified",
    "withdrawn",
];

/// Whether a value says that nothing more is to be done.
pub(crate) fn is_ended(node: &Node) -> bool {
    ["status", "lifecycle"].into_iter().filter_map(|f| node.str(f)).any(|s| ENDED.contains(&s))
}
