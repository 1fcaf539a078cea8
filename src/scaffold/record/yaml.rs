//! An entry at the end of the list in a front matter, and single fields of it.

use super::{Entry, Refusal, front_of, items};
use crate::document::{Data, Node};
use crate::scaffold::places::{last_text, line_end, line_start};
use crate::scaffold::yaml_text;
use crate::schema::{Form, Shape};

/// The text with one more entry. The proof: the entries before are the same, and there is one more.
pub(super) fn appended(text: &str, entry: &Entry<'_>) -> Result<String, Refusal> {
    let by_hand = || "Add the entry with an editor.".to_owned();
    let front = front_of(text).ok_or_else(|| ("its front matter cannot be read".to_owned(), by_hand()))?;
    let Some(field) = front.field("entries") else {
        return Err(("it has no list `entries`".into(), by_hand()));
    };
    let (at, indent, lead) = place(text, &field.value, field.key_span.end as usize)
        .ok_or_else(|| ("its entries are written on one line".to_owned(), by_hand()))?;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    out.replace_range(at.clone(), &format!("{}{}", lead.replace('\n', end), block(entry, indent, end)));
    let before = front.list("entries");
    let after = front_of(&out).unwrap_or_else(|| Node::null(front.span));
    let now = after.list("entries");
    let same =
        now.len() == before.len() + 1 && before.iter().zip(now).all(|(a, b)| crate::scaffold::fix::same_value(a, b));
    let rest = front.fields().iter().filter(|f| &*f.key != "entries");
    let kept = rest
        .into_iter()
        .all(|f| after.field(&f.key).is_some_and(|g| crate::scaffold::fix::same_value(&f.value, &g.value)));
    if same && kept { Ok(out) } else { Err(("smsctl could not prove that the rest stays the same".into(), by_hand())) }
}

/// Which bytes give way to the new entry, how far it is indented, and what stands in front of it.
fn place(text: &str, list: &Node, key_end: usize) -> Option<(std::ops::Range<usize>, usize, &'static str)> {
    let flow = text.get(list.span.range()).is_some_and(|t| t.starts_with('['));
    match &list.data {
        Data::List(entries) if !flow => {
            let first = entries.first()?.span.start as usize;
            let line = line_start(text, first);
            let indent = text.get(line..first)?.find('-')?;
            let end = entries.iter().filter_map(|e| last_text(text, e)).max()?;
            // A text of several lines ends with its line break.
            let at = if text.get(..end)?.ends_with('\n') { end } else { line_end(text, end) };
            Some((at..at, indent, ""))
        }
        Data::List(entries) if entries.is_empty() => {
            Some((list.span.range().start.min(key_end + 1)..line_end(text, list.span.end as usize), 2, "\n"))
        }
        Data::Null => Some((line_end(text, key_end)..line_end(text, key_end), 2, "")),
        _ => None,
    }
}

fn block(entry: &Entry<'_>, indent: usize, end: &str) -> String {
    let pad = " ".repeat(indent);
    let mut out = format!("{pad}- id: {}{end}", entry.id);
    let mut done: Vec<&str> = Vec::new();
    for (name, value) in &entry.fields {
        let first = name.split('.').next().unwrap_or(name);
        if done.contains(&first) {
            continue;
        }
        done.push(first);
        let Some(shape) = entry.shape.field(first) else { continue };
        let written = if name.contains('.') { map(entry, first, shape) } else { spelled(value, shape, false) };
        out += &format!("{pad}  {first}: {written}{end}");
    }
    out
}

/// The parts of one field, on one line.
fn map(entry: &Entry<'_>, first: &str, shape: &Shape) -> String {
    let parts = entry.fields.iter().filter_map(|(name, value)| {
        let part = name.strip_prefix(first)?.strip_prefix('.')?;
        Some(format!("{part}: {}", spelled(value, shape.field(part)?, true)))
    });
    format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
}

/// A value as YAML; `within` a list or map on one line more needs quotes.
pub(super) fn spelled(value: &str, shape: &Shape, within: bool) -> String {
    match &shape.form {
        Form::List(item) => {
            let list: Vec<String> = items(value).map(|i| spelled(i, item, true)).collect();
            format!("[{}]", list.join(", "))
        }
        Form::Number | Form::Bool => value.to_owned(),
        _ if shape.date && value.parse::<jiff::civil::Date>().is_ok() => value.to_owned(),
        _ if within && value.contains([',', '[', ']', '{', '}']) => format!("'{}'", value.replace('\'', "''")),
        _ => yaml_text(value),
    }
}

/// The text with a field of a map set to a value: in place when it is there, else behind the field `after`.
pub(super) fn set(text: &str, map: &Node, field: &str, value: &str, after: &[&str]) -> Option<String> {
    let mut out = text.to_owned();
    if let Some(old) = map.field(field).filter(|f| matches!(f.value.data, Data::Scalar { .. })) {
        out.replace_range(old.value.span.range(), value);
        return Some(out);
    }
    let before = after.iter().find_map(|name| map.field(name)).or_else(|| map.fields().last())?;
    let end = last_text(text, &before.value)?.max(before.key_span.end as usize);
    if text.get(map.span.range()).is_some_and(|t| t.starts_with('{')) {
        out.insert_str(end, &format!(", {field}: {value}"));
        return Some(out);
    }
    let at = if text.get(..end)?.ends_with('\n') { end } else { line_end(text, end) };
    let column = before.key_span.start as usize - line_start(text, before.key_span.start as usize);
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    out.insert_str(at, &format!("{}{field}: {value}{line}", " ".repeat(column)));
    Some(out)
}
