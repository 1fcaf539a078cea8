//! What front matter says of an artifact, read fast: a history holds it many thousand times.

use crate::document::{FrontMatter, front_matter};
use crate::source::{FileId, MAX_TEXT_BYTES, decode};

/// Longest value and most lines the light scanner takes; the reader of YAML has bounds of its own beyond.
const MAX_VALUE: usize = 500;
const MAX_LINES: usize = 500;

/// What the front matter of an artifact says of it. Fields that are absent are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its kind; a register has one too.
    pub kind: String,
    /// The register it is, or its entry belongs to.
    pub register: Option<String>,
    /// The version as written.
    pub version: String,
    /// The status as written.
    pub status: String,
    /// The title.
    pub title: String,
    /// Who wrote it, when it says so.
    pub author: Option<String>,
    /// The accountable role.
    pub owner: String,
    /// The roles named as approvers.
    pub approvers: Vec<String>,
}

/// Reads the front matter of a Markdown file; `None` when it has none that can be read, or no id.
///
/// Plain front matter is read by a light scanner; all else goes to the reader that [`crate::document`] is.
#[must_use]
pub fn head(bytes: &[u8]) -> Option<Head> {
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        return None;
    }
    let text = decode(bytes.to_vec()).ok()?;
    let fields = plain_fields(&text);
    if let Some(fields) = fields {
        let text = |key: &str| fields.iter().find(|(name, value)| *name == key && !value.is_empty());
        let approvers = text(APPROVERS).map(|(_, value)| words(value)).unwrap_or_default();
        return of(|key| text(key).map(|(_, value)| (*value).to_owned()), approvers);
    }
    match front_matter(FileId(0), &text) {
        FrontMatter::Present { node, .. } => {
            let approvers = node.texts(APPROVERS).map(|(text, _)| text.to_owned()).collect();
            of(|key| node.str(key).map(str::to_owned), approvers)
        }
        _ => None,
    }
}

/// The one list that is told.
const APPROVERS: &str = "approvers";

/// The words of `[a, b]`, or the one word that stands there alone.
fn words(value: &str) -> Vec<String> {
    match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        Some(inner) => inner.split(", ").map(str::to_owned).collect(),
        None => vec![value.to_owned()],
    }
}

fn of(text: impl Fn(&str) -> Option<String>, approvers: Vec<String>) -> Option<Head> {
    let id = text("id").filter(|id| !id.is_empty())?;
    Some(Head {
        id,
        kind: text("kind").unwrap_or_default(),
        register: text("register"),
        version: text("version").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        author: text("author"),
        owner: text("owner").unwrap_or_default(),
        approvers,
    })
}

/// A field at the top: its key, and its text; an empty one when it holds a list or nothing.
type Field<'t> = (&'t str, &'t str);

/// Where the scanner stands between two lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// After a field with a value: only a field may follow.
    Field,
    /// After `key:` alone or an item that is a scalar: an item may follow.
    Items,
    /// In an item that is a map: a field of it or another item may follow.
    Map,
}

/// The fields of front matter that means only one thing: `key: plain text`, `key: [words]`, and `key:` over a list of
/// plain texts or of flat maps. `None` for everything else, which is then read in earnest.
fn plain_fields(text: &str) -> Option<Vec<Field<'_>>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    let mut state = State::Field;
    for (number, line) in text.strip_prefix("---\n")?.split('\n').enumerate() {
        if line == "---" {
            return (!fields.is_empty()).then_some(fields);
        }
        if number == MAX_LINES {
            return None;
        }
        if let Some(item) = line.strip_prefix("  - ") {
            if state == State::Field {
                return None;
            }
            keys.clear();
            state = if plain(item) { State::Items } else { State::Map };
            if state == State::Map {
                keys.push(member(item)?);
            }
        } else if let Some(rest) = line.strip_prefix("    ") {
            let key = member(rest).filter(|key| state == State::Map && !keys.contains(key))?;
            keys.push(key);
        } else {
            let (key, value) = line.split_once(':')?;
            if !name(key) || fields.iter().any(|(known, _)| *known == key) {
                return None;
            }
            state = if value.is_empty() { State::Items } else { State::Field };
            let told = top_value(value)?;
            match (key == APPROVERS, told.is_empty()) {
                // A list below the key, or nothing: the real reader tells which.
                (true, _) if value.is_empty() => return None,
                (true, true) if value.starts_with(" [") => fields.push((key, value.trim_start())),
                _ => fields.push((key, told)),
            }
        }
    }
    None
}

/// The text behind `key:` at the top; empty for a list or nothing.
fn top_value(value: &str) -> Option<&str> {
    if value.is_empty() {
        return Some("");
    }
    let value = value.strip_prefix(' ')?;
    if let Some(words) = value.strip_prefix('[') {
        let words = words.strip_suffix(']')?;
        let word =
            |w: &str| plain(w) && w.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        return (value.len() <= MAX_VALUE && words.split(", ").all(word)).then_some("");
    }
    let says = !matches!(value, "null" | "Null" | "NULL");
    plain(value).then_some(if says { value } else { "" })
}

/// `key: plain text` within an item; gives the key.
fn member(text: &str) -> Option<&str> {
    let (key, value) = text.split_once(": ")?;
    (name(key) && plain(value)).then_some(key)
}

fn name(key: &str) -> bool {
    let letters = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    letters && key.len() <= 64 && key.starts_with(|c: char| c.is_ascii_lowercase())
}

/// A text of one line that YAML takes as it stands.
fn plain(value: &str) -> bool {
    let fits =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_' | '/' | ',' | '(' | ')' | ';' | '+' | '\'');
    value.starts_with(char::is_alphanumeric)
        && !value.ends_with(' ')
        && value.len() <= MAX_VALUE
        && value.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_front_matter_needs_no_yaml() {
        let text = "---\nid: A-1\ntitle: The customer's agreement (2026)\nversion: 1.10\nowner:\nauthor: null\n\
                    approvers: [chief-information-officer, b]\nlist:\n  - a b\n  - c\nchanges:\n  - version: 1.4\n    \
                    on: 2026-05-04\n    why: Terms of \u{c9}mile.\n---\n# Text\n";
        let fields = plain_fields(text).unwrap();
        assert_eq!(fields[1], ("title", "The customer's agreement (2026)"));
        assert_eq!(fields.iter().filter(|(_, value)| value.is_empty()).count(), 4);
        assert_eq!(head(text.as_bytes()).unwrap().version, "1.10");
    }

    #[test]
    fn what_may_mean_something_else_is_left_to_yaml() {
        for block in [
            "a: b: c",
            "a: b #c",
            "a: 'b'",
            "a: |",
            "a: b\n  c",
            "a: b\na: c",
            "a: b ",
            "a:\tb",
            "a: &b c",
            "a: [b",
            "a: []",
            "a: [b, [c]]",
            "? a",
            "A: b",
            "a b: c",
            "a:\n - b",
            "a:\n  - b\n    c: d",
            "a:\n  - b: c\n    b: d",
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
        ] {
            assert!(plain_fields(&format!("---\n{block}\n---\n")).is_none(), "{block:?}");
        }
        assert!(plain_fields("---\na: b\n").is_none());
        assert!(plain_fields("a: b\n---\n").is_none());
    }
}
