//! Front matter as people write it, read line by line: maps and lists, two spaces a level, values on one line.
//!
//! What might mean anything else to YAML is refused, and read by the real reader; a test holds the two against each other.

use crate::document::is_null;

/// Longest front matter, most levels, longest value and most fields of a map; the real reader has bounds of its own beyond.
const MAX_BYTES: usize = 256 * 1024;
const MAX_LEVELS: usize = 16;
const MAX_VALUE: usize = 1000;
const MAX_FIELDS: usize = 100;

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// Nothing, or `null`.
    Nothing,
    /// A text.
    Text(&'t str),
    /// A list, with its texts.
    List(Vec<&'t str>),
    /// A map.
    Map,
}

/// The fields at the top of the front matter of a text, by their order.
pub(super) fn fields(text: &str) -> Option<Vec<(&str, Value<'_>)>> {
    let mut reader = Reader::default();
    let front = text.strip_prefix("---\n")?;
    let mut at = 0;
    for line in front.split('\n') {
        if line == "---" {
            return (!reader.top.is_empty()).then_some(reader.top);
        }
        at += line.len() + 1;
        if at > MAX_BYTES {
            return None;
        }
        reader.line(line)?;
    }
    None
}

/// A map or a list that is open, by the place of its keys or hyphens.
struct Level<'t> {
    indent: usize,
    list: bool,
    keys: Vec<&'t str>,
}

#[derive(Default)]
struct Reader<'t> {
    top: Vec<(&'t str, Value<'t>)>,
    levels: Vec<Level<'t>>,
    /// The last line was a key alone: a map or a list may follow, two spaces further in.
    empty: bool,
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) -> Option<()> {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let item = content.strip_prefix("- ");
        self.enter(indent, item.is_some())?;
        match item {
            None => self.field(content),
            Some(item) if key_of(item).is_some() => {
                self.open(indent + 2, false)?;
                self.field(item)
            }
            Some(item) => {
                self.item(value(item)?);
                Some(())
            }
        }
    }

    /// Closes what ended before this line, and opens what begins at it.
    fn enter(&mut self, indent: usize, list: bool) -> Option<()> {
        let above = self.levels.last().map(|l| l.indent);
        let deeper = above.is_none_or(|above| indent > above);
        if deeper {
            let allowed = above.map_or(indent == 0 && !list, |above| self.empty && indent == above + 2);
            return if allowed { self.open(indent, list) } else { None };
        }
        self.empty = false;
        while self.levels.last().is_some_and(|l| l.indent > indent) {
            self.levels.pop();
        }
        self.levels.last().filter(|l| l.indent == indent && l.list == list).map(|_| ())
    }

    fn open(&mut self, indent: usize, list: bool) -> Option<()> {
        self.empty = false;
        self.levels.push(Level { indent, list, keys: Vec::new() });
        if let (2, Some((_, value))) = (self.levels.len(), self.top.last_mut()) {
            *value = if list { Value::List(Vec::new()) } else { Value::Map };
        }
        (self.levels.len() <= MAX_LEVELS).then_some(())
    }

    fn item(&mut self, value: Value<'t>) {
        if let (2, Value::Text(text), Some((_, Value::List(texts)))) = (self.levels.len(), value, self.top.last_mut()) {
            texts.push(text);
        }
    }

    fn field(&mut self, text: &'t str) -> Option<()> {
        let (key, rest) = key_of(text)?;
        let depth = self.levels.len();
        let level = self.levels.last_mut()?;
        if level.keys.contains(&key) || level.keys.len() == MAX_FIELDS {
            return None;
        }
        level.keys.push(key);
        self.empty = rest.is_empty();
        let value = if self.empty { Value::Nothing } else { value(rest.strip_prefix(' ')?)? };
        if depth == 1 {
            self.top.push((key, value));
        }
        Some(())
    }
}

/// `key:` at the start, and what follows the colon: nothing, or a space and a value. YAML takes no sign in such a key for
/// anything else.
fn key_of(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(':')?;
    (name(key) && (rest.is_empty() || rest.starts_with(' '))).then_some((key, rest))
}

fn name(key: &str) -> bool {
    let letters = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' '));
    letters && key.len() <= 64 && key.starts_with(|c: char| c.is_ascii_alphabetic()) && !key.ends_with(' ')
}

/// A value on one line.
fn value(text: &str) -> Option<Value<'_>> {
    if text.len() > MAX_VALUE {
        return None;
    }
    if text.starts_with(['[', '{', '"', '\'']) {
        let mut flow = Flow { rest: text, levels: 0 };
        let value = flow.value()?;
        return flow.rest.is_empty().then_some(value);
    }
    plain(text).then(|| scalar(text))
}

fn scalar(text: &str) -> Value<'_> {
    if is_null(text) { Value::Nothing } else { Value::Text(text) }
}

/// A text without quotes that YAML takes as it stands, behind a key or a hyphen.
fn plain(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(seen)
}

/// Letters and signs that stand for themselves.
fn seen(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}' | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}')
        || c.is_alphanumeric()
}

/// A value in quotes, or a list or map between brackets.
struct Flow<'t> {
    rest: &'t str,
    levels: usize,
}

impl<'t> Flow<'t> {
    fn value(&mut self) -> Option<Value<'t>> {
        let first = self.rest.chars().next()?;
        match first {
            '[' => self.inside(']', &mut |flow, texts| {
                if let Value::Text(text) = flow.value()? {
                    texts.push(text);
                }
                Some(())
            }),
            '{' => {
                let mut keys = Vec::new();
                self.inside('}', &mut |flow, _| flow.member(&mut keys)).map(|_| Value::Map)
            }
            '"' | '\'' => self.quoted(first),
            _ => self.bare(),
        }
    }

    /// Parts with a comma and a space between, up to the closing bracket.
    fn inside(
        &mut self,
        close: char,
        part: &mut dyn FnMut(&mut Self, &mut Vec<&'t str>) -> Option<()>,
    ) -> Option<Value<'t>> {
        self.levels += 1;
        self.rest = self.rest.get(1..).filter(|_| self.levels <= MAX_LEVELS)?;
        let mut texts = Vec::new();
        if let Some(rest) = self.rest.strip_prefix(close) {
            (self.rest, self.levels) = (rest, self.levels - 1);
            return Some(Value::List(texts));
        }
        loop {
            part(self, &mut texts)?;
            if let Some(rest) = self.rest.strip_prefix(close) {
                (self.rest, self.levels) = (rest, self.levels - 1);
                return Some(Value::List(texts));
            }
            self.rest = self.rest.strip_prefix(", ")?;
        }
    }

    fn member(&mut self, keys: &mut Vec<&'t str>) -> Option<()> {
        let (key, rest) = self.rest.split_once(": ")?;
        if !name(key) || keys.contains(&key) {
            return None;
        }
        keys.push(key);
        self.rest = rest;
        self.value().map(|_| ())
    }

    /// No escape, no doubled quote, not empty.
    fn quoted(&mut self, quote: char) -> Option<Value<'t>> {
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        let plain = !text.is_empty() && text.chars().all(|c| seen(c) && c != '\\');
        self.rest = rest;
        (plain && !rest.starts_with(quote)).then_some(Value::Text(text))
    }

    /// A text without quotes; a colon in it stands between letters, as in a time of day.
    fn bare(&mut self) -> Option<Value<'t>> {
        let end = self.rest.find([',', '[', ']', '{', '}', '"', '#']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        let inside = |text: &str| text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
        let parts_by_colon = text.split(':').count() == 1 || text.split(':').all(inside);
        (plain(text) && parts_by_colon).then(|| scalar(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_front_matter_needs_no_yaml() {
        let text = "---\nid: A-1\ntitle: The customer's agreement & plan: 2026\nversion: 1.10\nowner:\nauthor: null\n\
                    approvers: [chief-information-officer, \"b c\", null]\nlist:\n  - a b\n  - c\nscales:\n  one: \"1: x\"\n\
                    changes:\n  - version: 1.4\n    on: 2026-05-04\n    why: Terms of \u{c9}mile.\n    list:\n      - x\n      \
                    - {text: a b, refs: [A, B]}\n  - version: 1.3\nend: x\n---\n# Text\n"
            .replace("plan: 2026", "plan:2026");
        let fields = fields(&text).unwrap();
        let value = |key: &str| fields.iter().find(|(k, _)| *k == key).map(|(_, v)| v.clone()).unwrap();
        assert_eq!(value("title"), Value::Text("The customer's agreement & plan:2026"));
        assert_eq!(value("approvers"), Value::List(vec!["chief-information-officer", "b c"]));
        assert_eq!((value("owner"), value("author"), value("end")), (Value::Nothing, Value::Nothing, Value::Text("x")));
        assert_eq!(value("list"), Value::List(vec!["a b", "c"]));
        assert_eq!((value("scales"), value("changes")), (Value::Map, Value::List(vec![])));
    }

    #[test]
    fn what_may_mean_something_else_is_left_to_yaml() {
        for block in [
            "a: b: c",
            "a: b #c",
            "a: b:",
            "a: 'it''s'",
            "a: \"b\\n\"",
            "a: \"b\" c",
            "a: \"\"",
            "a: |",
            "a: b\n  c",
            "a: b\n  c: d",
            "a: b\na: c",
            "a: b ",
            "a: ",
            "a:\tb",
            "a: &b c",
            "a: [b",
            "a: [ ]",
            "a: [b,c]",
            "a: [b:, c]",
            "a: [b: c]",
            "a: [b] c",
            "a: {b: c, b: d}",
            "a: {b: c",
            "? a",
            "1: b",
            "a : c",
            "- a",
            " a: b",
            "a:\n - b",
            "a:\n- b",
            "a:\n   b: c",
            "a:\n  b: c\n  - d",
            "a:\n  - b\n    c: d",
            "a:\n  - b: c\n    b: d",
            "a:\n  - b: c\n     e: d",
            "a:\n  - - b",
            "a: b\r",
            "a:\n  -",
            "",
            "# a",
            "a: b\n--- ",
            "a: b\n...",
            "<<: a",
            "a: -b",
            "a: \u{85}",
            "a: b\u{2028}c",
            "a: b\u{feff}c",
        ] {
            assert!(fields(&format!("---\n{block}\n---\n")).is_none(), "{block:?}");
        }
        assert!(fields("---\na: b\n").is_none());
        assert!(fields("a: b\n---\n").is_none());
    }
}
