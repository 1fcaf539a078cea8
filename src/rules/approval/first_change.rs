//! Where a text first differs from the approved one, and what was done there, for `content-changed`.

use crate::change::compare;
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
    let words = edit.in_words().unwrap_or_else(|| at_large(&old, &new));
    (Span::new(file, start, end.max(start)), words)
}

/// The smallest stretch that differs: all before and behind it is the same.
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
        let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
        let end = same(&mut old.chars().rev().zip(new.chars().rev()));
        let keep = |text: &'t str| text.get(..text.len().saturating_sub(end)).unwrap_or_default();
        Self { start, removed: keep(old), added: keep(new) }
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
        assert_eq!(told("one four", "one five"), (5..8, "`our` became `ive`".into()));
        assert_eq!(told("aé", "aéé"), (3..5, "`é` was added".into()));
        assert_eq!(told("x", "\u{feff}x"), (0..3, "the byte order mark was added".into()));
    }

    #[test]
    fn line_ends_of_the_checkout_do_not_move_the_place() {
        assert_eq!(told("a\nb\nc\n", "a\r\nb\r\nc!\r\n"), (7..8, "`!` was added".into()));
        assert_eq!(told("a\nb\n", "a\r\nb\n").1, "only the line ends are others, and not all of them");
    }

    #[test]
    fn large_changes_are_counted() {
        let new = "word ".repeat(30);
        assert_eq!(told("text\n", &format!("text {new}\n")), (4..155, "32 words changed, first here".into()));
    }
}
