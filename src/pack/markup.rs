//! Text of the SMS inside HTML and SVG: shown as it is, never obeyed.

use std::fmt::Write as _;

use crate::report::{one_line, printable};

use super::{Cell, Files, Piece};

/// Text as the content of an element or the value of an attribute in double quotes; line breaks stay.
pub fn text(text: &str) -> String {
    escaped(&printable(&text.replace("\r\n", "\n")))
}

/// The same on one line.
pub fn line(text: &str) -> String {
    escaped(&one_line(text))
}

/// Text that is written from right to left is kept from reordering what stands beside it.
pub fn isolated(content: &str) -> String {
    let shown = text(content);
    if content.chars().any(from_right_to_left) { format!("<bdi>{shown}</bdi>") } else { shown }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML knows no way to write these two.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

fn from_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The text of a link to an anchor that was made of any id: one word, safe in an attribute and behind `#`.
pub fn anchor(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            out.push(c);
        } else {
            let _ = write!(out, "~{:x}", u32::from(c));
        }
    }
    out
}

/// A path or address inside the quotes of `href`: whatever is neither a plain character nor in `kept` is written in percent.
pub fn address(text: &str, kept: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '&' && kept.contains(&c) {
            out.push_str("&amp;");
            continue;
        }
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/') || kept.contains(&c) {
            out.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What stands between two pieces of a cell: a comma, unless they bring a separator of their own; a blank behind a sentence.
pub fn between(left: &Piece, right: &Piece) -> &'static str {
    let own = left.text.is_empty()
        || left.text.ends_with(char::is_whitespace)
        || left.text.ends_with(['(', '['])
        || right.text.is_empty()
        || right.text.starts_with(char::is_whitespace)
        || right.text.starts_with([',', ';', '.', ':', ')', ']']);
    let ended = left.text.ends_with(['.', '!', '?', ',', ';', ':']);
    if own {
        ""
    } else if ended {
        " "
    } else {
        ", "
    }
}

/// The text of a cell as people read it.
pub fn cell_text(cell: &Cell) -> String {
    let mut out = String::new();
    let mut before: Option<&Piece> = None;
    for piece in &cell.pieces {
        out.push_str(before.map_or("", |b| between(b, piece)));
        out.push_str(&piece.text);
        before = Some(piece);
    }
    out
}

/// Adds a file.
pub fn put(files: &mut Files, path: impl Into<String>, text: String) {
    files.insert(path.into(), text.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_escape_sequences_are_shown() {
        assert_eq!(
            text("<b a=\"1\">&\u{1b}[31m\u{202e}x\u{ffff}"),
            "&lt;b a=&quot;1&quot;&gt;&amp;\\u{1b}[31m\\u{202e}x\u{fffd}"
        );
        assert_eq!(text("a\r\nb"), "a\nb");
        assert_eq!(line("a\nb"), "a b");
        assert_eq!(isolated("שלום"), "<bdi>שלום</bdi>");
        assert_eq!(isolated("漢字"), "漢字");
    }

    #[test]
    fn anchors_and_addresses_are_one_word() {
        assert_eq!(anchor("RSK-001"), "RSK-001");
        assert_eq!(anchor("a b\"é"), "a~20b~22~e9");
        assert_eq!(address("a b/\"é.md", &[]), "a%20b/%22%C3%A9.md");
        assert_eq!(address("javascript:1", &[]), "javascript%3A1");
    }

    #[test]
    fn pieces_are_separated_once() {
        let cell = Cell::pieces(vec![Piece::plain("a"), Piece::plain("b"), Piece::plain(" and "), Piece::plain("c")]);
        assert_eq!(cell_text(&cell), "a, b and c");
        let cell = Cell::pieces(vec![Piece::plain("A sentence."), Piece::plain("b"), Piece::plain(".")]);
        assert_eq!(cell_text(&cell), "A sentence. b.");
    }
}
