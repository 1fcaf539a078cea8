//! Where a text first differs from the approved one, and what was done there, for `content-changed`.

use crate::change::{EntryKind, FieldChange, compare};
use crate::source::{FileId, Span};

/// The place in the text as it is now, and what happened there in words.
pub(super) fn first_change(approved: &[u8], now: &str, file: FileId) -> (Span, String) {
    let bare = |text: &str| text.replace("\r\n", "\n");
    let approved = String::from_utf8_lossy(approved);
    let (old, new) = (bare(&approved), bare(now));
    if old == new {
        return (Span::start_of(file), "only the line ends are others, and not all of them".into());
    }
    let edit = Edit::between(&old, &new);
    let start = with_returns(now, edit.start);
    let end = with_returns(now, edit.start + edit.added.len());
    let words = in_fields(&old, &new).or_else(|| edit.in_words()).unwrap_or_else(|| at_large(&old, &new));
    (Span::new(file, start, end.max(start)), words)
}

/// The first entry or field that differs, by its name: who reads a number wants to know of what.
fn in_fields(old: &str, new: &str) -> Option<String> {
    let found = compare(Some(old.as_bytes()), Some(new.as_bytes()));
    let more = match found.entries.len() + found.fields.len() + found.blocks.len() {
        0 | 1 => String::new(),
        2 => ", and one more change".into(),
        n => format!(", and {} more changes", n - 1),
    };
    let entry = found.entries.first().and_then(|entry| {
        let id = &entry.id;
        Some(match &entry.change {
            EntryKind::Added(_) => format!("{id} was added"),
            EntryKind::Removed(_) => format!("{id} was removed"),
            EntryKind::Changed(fields) => format!("{id} {}", of_field(fields.first()?)),
            EntryKind::Moved => format!("{id} stands in another place"),
        })
    });
    let field = || found.fields.first().map(of_field);
    entry.or_else(field).map(|words| words + &more)
}

fn of_field(field: &FieldChange) -> String {
    let cut = |text: &String| {
        let short: String = shown(text).chars().take(SHOWN).collect();
        if short.len() < shown(text).len() { format!("`{short}…`") } else { format!("`{short}`") }
    };
    match (&field.old, &field.new) {
        (Some(old), Some(new)) => format!("{}: {} became {}", field.path, cut(old), cut(new)),
        (None, Some(new)) => format!("{}: {} was added", field.path, cut(new)),
        (Some(old), None) => format!("{}: {} was removed", field.path, cut(old)),
        (None, None) => format!("{} changed", field.path),
    }
}

/// The smallest stretch of whole words and numbers that differs: all before and behind it is the same.
struct Edit<'t> {
    start: usize,
    removed: &'t str,
    added: &'t str,
}

/// A stretch longer than this is counted, not shown.
const SHOWN: usize = 60;

impl<'t> Edit<'t> {
    fn between(old: &'t str, new: &'t str) -> Self {
        let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
            pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
        };
        let start = same(&mut old.chars().zip(new.chars()));
        let (before, old_rest) = old.split_at_checked(start).unwrap_or((old, ""));
        let new_rest = new.get(start..).unwrap_or_default();
        let end = same(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
        let (removed, behind) = old_rest.split_at_checked(old_rest.len() - end).unwrap_or((old_rest, ""));
        let added = new_rest.get(..new_rest.len() - end).unwrap_or_default();
        let begins = [removed, added].iter().any(|text| text.starts_with(in_token));
        let ends = [removed, added].iter().any(|text| text.ends_with(in_token));
        let back = if begins { before.len() - before.trim_end_matches(in_token).len() } else { 0 };
        let on = if ends { behind.len() - behind.trim_start_matches(in_token).len() } else { 0 };
        let whole = |text: &'t str, length: usize| text.get(start - back..start + length + on).unwrap_or_default();
        Self { start: start - back, removed: whole(old, removed.len()), added: whole(new, added.len()) }
    }

    fn in_words(&self) -> Option<String> {
        if self.removed.len() + self.added.len() > SHOWN {
            return None;
        }
        Some(match (self.removed, self.added) {
            ("", added) => format!("{} added", named(added)),
            (removed, "") => format!("{} removed", named(removed)),
            (removed, added) => format!("`{}` became `{}`", shown(removed), shown(added)),
        })
    }
}

/// A character of a word, a number, a date or an id.
fn in_token(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | ',' | '-' | ':' | '_' | '/' | '%')
}

fn shown(text: &str) -> String {
    text.replace('\n', "⏎")
}

/// `one space was`, `2 line breaks were`, "`words` was".
fn named(text: &str) -> String {
    let all = |c: char| text.chars().all(|x| x == c);
    let count = |word: &str| match text.chars().count() {
        1 => format!("one {word} was"),
        n => format!("{n} {word}s were"),
    };
    match () {
        () if all(' ') => count("space"),
        () if all('\n') => count("line break"),
        () if all('\t') => count("tab"),
        () if all('\u{feff}') => "the byte order mark was".into(),
        () => format!("`{}` was", shown(text)),
    }
}

fn at_large(old: &str, new: &str) -> String {
    let size = compare(Some(old.as_bytes()), Some(new.as_bytes())).size;
    let mut parts = Vec::new();
    if !size.fields_touched.is_empty() {
        parts.push(format!("the fields {}", size.fields_touched.join(", ")));
    }
    match size.words_changed {
        0 => {}
        1 => parts.push("one word".into()),
        n => parts.push(format!("{n} words")),
    }
    let what = if parts.is_empty() { "the way it is written".to_owned() } else { parts.join(" and ") };
    format!("{what} changed, first here")
}

/// An offset in the text without CR before LF, in the text itself.
fn with_returns(text: &str, offset: usize) -> usize {
    let mut bare = 0;
    for (at, byte) in text.bytes().enumerate() {
        let dropped = byte == b'\r' && text.as_bytes().get(at + 1) == Some(&b'\n');
        if bare == offset {
            return at;
        }
        bare += usize::from(!dropped);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> (std::ops::Range<usize>, String) {
        let (span, words) = first_change(old.as_bytes(), new, FileId(1));
        (span.range(), words)
    }

    #[test]
    fn small_changes_are_shown_at_their_place() {
        assert_eq!(told("a b\n", "a  b\n"), (2..3, "one space was added".into()));
        assert_eq!(told("a b\n", "a b"), (3..3, "one line break was removed".into()));
        assert_eq!(told("one four", "one five"), (4..8, "`four` became `five`".into()));
        assert_eq!(told("at 99.90 %", "at 90.0 %"), (3..7, "`99.90` became `90.0`".into()));
        assert_eq!(told("on 2026-09-24.", "on 2026-11-20."), (3..14, "`2026-09-24.` became `2026-11-20.`".into()));
        assert_eq!(told("aé", "aéé"), (0..5, "`aé` became `aéé`".into()));
        assert_eq!(told("x", "\u{feff}x"), (0..3, "the byte order mark was added".into()));
    }

    #[test]
    fn line_ends_of_the_checkout_do_not_move_the_place() {
        assert_eq!(told("a\nb\nc\n", "a\r\nb\r\nc!\r\n"), (7..8, "`!` was added".into()));
        assert_eq!(told("a\nb\n", "a\r\nb\n").1, "only the line ends are others, and not all of them");
    }

    #[test]
    fn entries_and_fields_are_named() {
        let register =
            |entries: &str| format!("---\nid: R-1\nkind: register\nregister: objectives\nentries:\n{entries}---\n");
        let one = "  - id: OBJ-01\n    value: 99.90\n";
        let two = "  - id: OBJ-02\n    value: 1\n";
        let told = |old: String, new: String| told(&old, &new).1;
        assert_eq!(told(register(&format!("{one}{two}")), register(two)), "OBJ-01 was removed");
        let lower = one.replace("99.90", "90.0");
        assert_eq!(told(register(one), register(&lower)), "OBJ-01 value: `99.90` became `90.0`");
        let both = told(register(one), register(&format!("{lower}{two}")));
        assert_eq!(both, "OBJ-01 value: `99.90` became `90.0`, and one more change");
    }

    #[test]
    fn large_changes_are_counted() {
        let new = "word ".repeat(30);
        assert_eq!(told("text\n", &format!("text {new}\n")), (4..155, "32 words changed, first here".into()));
    }
}
