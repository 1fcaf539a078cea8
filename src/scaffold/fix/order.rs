//! The order of front matter fields. Whole fields move, with the comments right above them.

use std::ops::Range;

use crate::document::{Data, Node};

/// The text with its fields in the order of `names`; nothing when they are, or when the block is not one field a line.
///
/// # Errors
/// A comment that may belong to the field above or below it.
pub(super) fn sort(text: &str, front: &Node, yaml: Range<usize>, names: &[&str]) -> Result<Option<String>, String> {
    let fields = front.fields();
    let ranks: Vec<(usize, usize)> = fields.iter().map(|f| rank(&f.key, front, names)).collect();
    if ranks.is_sorted() || text.get(front.span.range()).is_none_or(|t| t.starts_with('{')) {
        return Ok(None);
    }
    let starts = starts(text, front, yaml.clone())?;
    let ends = starts.iter().skip(1).copied().chain([yaml.end]);
    let mut pieces: Vec<((usize, usize), &str)> = Vec::new();
    for ((rank, start), end) in ranks.iter().zip(&starts).zip(ends) {
        pieces.push((*rank, text.get(*start..end).ok_or("its fields overlap")?));
    }
    let first = pieces.first().map(|(_, p)| *p);
    pieces.sort_by_key(|(rank, _)| *rank);
    if first != pieces.first().map(|(_, p)| *p) && first.is_some_and(|p| p.starts_with('#')) {
        return Err(unclear(text, yaml.start));
    }
    let before = text.get(..yaml.start).unwrap_or_default();
    let after = text.get(yaml.end..).unwrap_or_default();
    Ok(Some(pieces.iter().fold(before.to_owned(), |out, (_, piece)| out + piece) + after))
}

/// Place of a field: that of the schema, with two turns for readers. A register's name stands beside its kind, and what only
/// this kind has stands before the ties to other documents and the history. What no schema knows comes last.
fn rank(key: &str, front: &Node, names: &[&str]) -> (usize, usize) {
    let place = |wanted: &str| names.iter().position(|n| *n == wanted);
    let Some(own) = place(key) else { return (usize::MAX, 0) };
    let is_register = front.str("kind") == Some("register");
    let content = matches!(key, "register" | "entry" | "entries" | "entries_from");
    match (place("supersedes"), place("tags")) {
        _ if is_register && key == "register" => (place("kind").unwrap_or(own), 1),
        (Some(ties), Some(last)) if !is_register && !content && own > last => (ties.saturating_sub(1), own),
        _ => (own, 0),
    }
}

/// Where each field starts: with the blank lines and comments right above its key.
fn starts(text: &str, front: &Node, yaml: Range<usize>) -> Result<Vec<usize>, String> {
    let mut out = Vec::new();
    let mut from = yaml.start;
    for field in front.fields() {
        let key = line_start(text, field.key_span.start as usize);
        if key != field.key_span.start as usize || key < from {
            return Err("its fields do not each start a line".into());
        }
        if !belongs_to_next(text.get(from..key).unwrap_or_default()) {
            return Err(unclear(text, from));
        }
        out.push(from);
        let end = last_text(text, &field.value).unwrap_or(0).max(field.key_span.end as usize);
        from = line_end(text, end);
    }
    let tail = text.get(from..yaml.end).unwrap_or_default();
    if tail.trim().is_empty() { Ok(out) } else { Err(unclear(text, from)) }
}

/// Blank lines, then comments at the left edge without a gap: those speak of what follows.
fn belongs_to_next(lines: &str) -> bool {
    let rest = lines.lines().skip_while(|l| l.trim().is_empty());
    rest.into_iter().all(|l| l.starts_with('#'))
}

fn unclear(text: &str, from: usize) -> String {
    let rest = text.get(from..).unwrap_or_default();
    let to_comment = rest.find('#').unwrap_or(0);
    let line = text.get(..from + to_comment).unwrap_or_default().matches('\n').count() + 1;
    format!("the fields are out of order, but the comment on line {line} may belong to the field above or below it")
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1)
}

/// One past the line break at or behind an offset.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n + 1)
}

/// Where the last text of a value ends. An empty value has none: its place is where the next thing starts.
pub(in crate::scaffold) fn last_text(text: &str, node: &Node) -> Option<usize> {
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
