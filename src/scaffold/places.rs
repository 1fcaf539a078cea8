//! Places in the text of a front matter: lines, and where the text of a value ends.

use crate::document::{Data, Node};

/// Where the line of an offset starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1)
}

/// One past the line break at or behind an offset.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n + 1)
}

/// Where the last text of a value ends. An empty value has none: its place is where the next thing starts.
pub(super) fn last_text(text: &str, node: &Node) -> Option<usize> {
    let flow = text.get(node.span.range()).is_some_and(|t| t.starts_with(['[', '{']));
    match &node.data {
        Data::Null => None,
        Data::Scalar { .. } => Some(node.span.end as usize),
        _ if flow => Some(node.span.end as usize),
        Data::List(items) => items.iter().filter_map(|i| last_text(text, i)).max().or(Some(node.span.start as usize)),
        Data::Map(fields) => {
            fields.iter().map(|f| last_text(text, &f.value).unwrap_or(0).max(f.key_span.end as usize)).max()
        }
    }
}
