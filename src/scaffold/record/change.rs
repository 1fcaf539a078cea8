//! Changes within an entry: a field set or taken away, an item more in a list. The proof that nothing else changed is made
//! by reading the text again.

use super::{front_of, yaml};
use crate::document::{Data, Field, Node, Step};
use crate::scaffold::fix::same_value;
use crate::scaffold::places::{last_text, line_end, line_start};

/// A text in the making, and the fields of one entry that may change in it.
pub(super) struct Change<'p> {
    before: String,
    text: String,
    path: &'p [Step],
    touched: Vec<String>,
}

impl<'p> Change<'p> {
    /// A change of the map that a path leads to.
    pub fn of(text: &str, path: &'p [Step]) -> Self {
        Self { before: text.to_owned(), text: text.to_owned(), path, touched: Vec::new() }
    }

    /// The changed text, when every field but the touched ones reads as before.
    pub fn proven(self) -> Option<String> {
        let (mut old, mut new) = (front_of(&self.before)?, front_of(&self.text)?);
        strip(&mut old, self.path, &self.touched)?;
        strip(&mut new, self.path, &self.touched)?;
        let body = |text: &str| text.find("\n---").and_then(|at| text.get(at..)).map(str::to_owned);
        (same_value(&old, &new) && body(&self.before) == body(&self.text)).then_some(self.text)
    }

    /// Sets a field to a value in YAML, behind one of the fields `after` when it is new.
    pub fn set(&mut self, field: &str, value: &str, after: &[&str]) -> Option<()> {
        self.touched.push(field.to_owned());
        let front = front_of(&self.text)?;
        let map = front.at(self.path)?;
        let old = map.field(field).filter(|f| !matches!(f.value.data, Data::Scalar { .. }));
        let Some(old) = old else {
            self.text = yaml::set(&self.text, map, field, value, after)?;
            return Some(());
        };
        let from = (old.key_span.end as usize).checked_add(1)?;
        let to = last_text(&self.text, &old.value).unwrap_or(from).max(from);
        // A comment within would be lost.
        if self.text.get(from..to)?.contains('#') {
            return None;
        }
        self.text.replace_range(from..to, &format!(" {value}"));
        Some(())
    }

    /// Takes a field away that stands on lines of its own.
    pub fn remove(&mut self, field: &str) -> Option<()> {
        self.touched.push(field.to_owned());
        let front = front_of(&self.text)?;
        let Some(old) = front.at(self.path)?.field(field) else { return Some(()) };
        let start = old.key_span.start as usize;
        let line = line_start(&self.text, start);
        if !self.text.get(line..start)?.trim().is_empty() {
            return None;
        }
        let end = last_text(&self.text, &old.value).unwrap_or(start).max(old.key_span.end as usize);
        let end = line_end(&self.text, end);
        self.text.replace_range(line..end, "");
        Some(())
    }

    /// Adds an item to a list field; `lines` are the fields of the item.
    pub fn add(&mut self, list: &str, lines: &[String], after: &[&str]) -> Option<()> {
        self.touched.push(list.to_owned());
        let front = front_of(&self.text)?;
        let map = front.at(self.path)?;
        if self.text.get(map.span.range()).is_some_and(|t| t.starts_with('{')) {
            return None;
        }
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        match map.field(list) {
            Some(field) => self.add_to(field, lines, end),
            None => self.add_first(map, list, lines, after, end),
        }
    }

    fn add_to(&mut self, field: &Field, lines: &[String], end: &str) -> Option<()> {
        let text = &self.text;
        let column = field.key_span.start as usize - line_start(text, field.key_span.start as usize);
        let key_end = field.key_span.end as usize;
        let (range, indent, lead) = match &field.value.data {
            Data::List(items) if !items.is_empty() => {
                if text.get(field.value.span.range())?.starts_with('[') {
                    return None;
                }
                let first = items.first()?.span.start as usize;
                let line = line_start(text, first);
                let last = items.iter().filter_map(|i| last_text(text, i)).max()?;
                let at = if text.get(..last)?.ends_with('\n') { last } else { line_end(text, last) };
                (at..at, text.get(line..first)?.find('-')?, "")
            }
            Data::List(_) => (key_end.checked_add(1)?..line_end(text, field.value.span.end as usize), column + 2, end),
            Data::Null => (line_end(text, key_end)..line_end(text, key_end), column + 2, ""),
            _ => return None,
        };
        let written = format!("{lead}{}", item(lines, indent, end));
        self.text.replace_range(range, &written);
        Some(())
    }

    fn add_first(&mut self, map: &Node, list: &str, lines: &[String], after: &[&str], end: &str) -> Option<()> {
        let text = &self.text;
        let before = after.iter().find_map(|name| map.field(name)).or_else(|| map.fields().last())?;
        let end_of_field = last_text(text, &before.value)?.max(before.key_span.end as usize);
        let at = if text.get(..end_of_field)?.ends_with('\n') { end_of_field } else { line_end(text, end_of_field) };
        let column = before.key_span.start as usize - line_start(text, before.key_span.start as usize);
        let written = format!("{}{list}:{end}{}", " ".repeat(column), item(lines, column + 2, end));
        self.text.insert_str(at, &written);
        Some(())
    }
}

fn item(lines: &[String], indent: usize, end: &str) -> String {
    let pad = " ".repeat(indent);
    let mark = |index: usize| if index == 0 { "- " } else { "  " };
    lines.iter().enumerate().map(|(index, line)| format!("{pad}{}{line}{end}", mark(index))).collect()
}

/// Takes the touched fields out of the map at a path, so that the rest can be compared.
fn strip(node: &mut Node, path: &[Step], touched: &[String]) -> Option<()> {
    let Some((first, rest)) = path.split_first() else {
        if let Data::Map(fields) = &mut node.data {
            fields.retain(|f| touched.iter().all(|t| *f.key != **t));
        }
        return Some(());
    };
    let next = match (first, &mut node.data) {
        (Step::Key(key), Data::Map(fields)) => fields.iter_mut().find(|f| f.key == *key).map(|f| &mut f.value),
        (Step::Index(index), Data::List(items)) => items.get_mut(*index),
        _ => None,
    };
    strip(next?, rest, touched)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\nid: R\nentries:\n  - id: A\n    list:\n      - {id: X} # kept\n    on: 2026-01-01\n  - id: B\n    \
                        list: []\n    status: open\n---\n\n# R\n";

    fn path(index: usize) -> Vec<Step> {
        vec![Step::Key("entries".into()), Step::Index(index)]
    }

    #[test]
    fn an_item_goes_to_the_end_of_its_list_and_comments_stay() {
        let (first, second) = (path(0), path(1));
        let mut change = Change::of(TEXT, &first);
        change.add("list", &["id: Y".into(), "n: 1".into()], &[]).unwrap();
        let text = change.proven().unwrap();
        assert!(text.contains("      - {id: X} # kept\n      - id: Y\n        n: 1\n    on:"), "{text}");
        let mut change = Change::of(TEXT, &second);
        change.add("list", &["id: Y".into()], &[]).unwrap();
        change.add("more", &["id: Z".into()], &["status"]).unwrap();
        let text = change.proven().unwrap();
        assert!(text.contains("    list:\n      - id: Y\n    status: open\n    more:\n      - id: Z\n---"), "{text}");
    }

    #[test]
    fn a_field_is_set_replaced_and_taken_away() {
        let second = path(1);
        let mut change = Change::of(TEXT, &second);
        change.set("status", "closed", &[]).unwrap();
        change.set("list", "{a: 1}", &[]).unwrap();
        change.set("on", "2026-02-02", &["status"]).unwrap();
        let text = change.proven().unwrap();
        assert!(text.contains("    list: {a: 1}\n    status: closed\n    on: 2026-02-02\n---"), "{text}");
        let mut change = Change::of(&text, &second);
        change.remove("on").unwrap();
        change.remove("nothing").unwrap();
        assert!(change.proven().unwrap().contains("status: closed\n---"));
    }

    #[test]
    fn what_cannot_be_proven_is_not_handed_out() {
        let first = path(0);
        let mut change = Change::of(TEXT, &first);
        change.set("on", "2026-01-01\n    other: 1", &[]).unwrap();
        assert_eq!(change.proven(), None);
        let flow = "---\nentries:\n  - {id: A, on: 1}\n---\n";
        let mut change = Change::of(flow, &first);
        assert_eq!(change.add("list", &["id: Y".into()], &[]), None);
        assert_eq!(change.remove("on"), None);
    }
}
