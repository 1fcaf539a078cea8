//! Text as OSCAL takes it: tokens, lines, prose, references. What stands in the SMS is shown, never obeyed as markup.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::report::one_line;

/// Longest token: ids of an SMS have at most 64 characters.
const MAX_TOKEN: usize = 80;

/// Characters that start markup wherever they stand in a line.
const MARKUP: [char; 11] = ['\\', '`', '*', '_', '[', '<', '{', '|', '~', '^', '&'];

/// Plain text on one line without blanks at its ends; none when nothing is left. A byte order mark within counts as nothing,
/// because some readers take it for a blank.
pub(super) fn plain(text: &str) -> Option<String> {
    let shown = one_line(&text.replace(['\r', '\n'], " ").replace('\u{feff}', ""));
    let words: Vec<&str> = shown.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The same as a line of Markdown that shows exactly this text.
pub(super) fn line(text: &str) -> Option<String> {
    plain(text).map(|text| escaped(&text))
}

/// Paragraphs of Markdown that show exactly this text; an empty line parts two paragraphs.
pub(super) fn prose(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let paragraphs = lines.split(|l| l.trim().is_empty()).filter_map(|p| line(&p.join(" ")));
    let paragraphs: Vec<String> = paragraphs.collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let at = opening(text);
    for (n, c) in text.char_indices() {
        if MARKUP.contains(&c) || Some(n) == at {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Where the mark stands that would make this line a heading, a quotation or an item of a list.
fn opening(text: &str) -> Option<usize> {
    if text.starts_with(['#', '>', '+', '-']) {
        return Some(0);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text.get(digits..).filter(|rest| digits > 0 && rest.starts_with(['.', ')'])).map(|_| digits)
}

/// A name that OSCAL takes for an id. Where it cannot be the text itself, a mark made of the text keeps two apart.
pub(super) fn token(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut out: String = text.chars().take(MAX_TOKEN).map(|c| if fits(c) { c } else { '_' }).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        out.insert(0, '_');
    }
    if out == text { out } else { format!("{out}-{}", sha256(text).get(..8).unwrap_or_default()) }
}

/// A path as a reference of a URI, seen from the folder of the OSCAL files.
pub(super) fn href(path: &str) -> String {
    let mut out = String::from("../");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The SHA-256 of a text in hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    /// What a reader of Markdown sees, and whether anything but paragraphs is in it.
    fn read(markdown: &str) -> (String, bool) {
        let more = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_SUPERSCRIPT
            | Options::ENABLE_SUBSCRIPT;
        let (mut shown, mut plain) = (String::new(), true);
        for event in Parser::new_ext(markdown, more) {
            match event {
                Event::Text(text) => shown += &text,
                Event::Start(Tag::Paragraph) => {}
                Event::End(TagEnd::Paragraph) => shown.push('\n'),
                _ => plain = false,
            }
        }
        (shown, plain)
    }

    #[test]
    fn what_looks_like_markup_is_shown() {
        for text in [
            "# a",
            "- a",
            "1. a",
            "23) a",
            "> a",
            "+ a",
            "a_b_c *d* `e`",
            "[a](b)",
            "<b>&amp;</b>",
            "{{ insert: param, x }}",
        ] {
            assert_eq!(read(&line(text).unwrap()), (format!("{text}\n"), true), "{text}");
        }
        assert_eq!(prose("a\nb\r\n \r\n- c").unwrap(), "a b\n\n\\- c");
        assert_eq!(line("1.4 is no list").unwrap(), "1\\.4 is no list");
    }

    #[test]
    fn nothing_stays_nothing_and_control_characters_are_shown() {
        assert_eq!((plain(" \n\u{feff}"), line(""), prose("\n\n")), (None, None, None));
        assert_eq!(plain("a\u{1b}[31m\u{202e}b").unwrap(), "a\\u{1b}[31m\\u{202e}b");
    }

    #[test]
    fn tokens_stay_apart() {
        assert_eq!(token("sms-manager"), "sms-manager");
        assert!(token("1st").starts_with("_1st-"));
        assert_ne!(token("a b"), token("a_b"));
        assert_ne!(token("é"), token("è"));
        assert!(token("").starts_with("_-"));
    }

    #[test]
    fn references_are_encoded() {
        assert_eq!(href("a b/é#?.md"), "../a%20b/%C3%A9%23%3F.md");
    }

    proptest! {
        #[test]
        fn any_text_is_shown_as_it_is(text in "[ -~é\u{1b}\n]{0,60}") {
            let shown: String = plain(&text).map(|t| t + "\n").unwrap_or_default();
            prop_assert_eq!(read(&line(&text).unwrap_or_default()), (shown, true));
        }

        #[test]
        fn any_token_fits(text in any::<String>()) {
            let token = token(&text);
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            prop_assert!(token.chars().all(fits) && !token.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-'));
        }
    }
}
