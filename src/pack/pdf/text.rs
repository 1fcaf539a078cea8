//! Text of the SMS as Typst: always strings, never code, and only characters the fonts hold.

use std::cell::Cell;
use std::sync::LazyLock;

use unicode_width::UnicodeWidthChar as _;

/// Longest title, in letters.
pub(super) const LONGEST_TITLE: usize = 300;

/// Marks on one letter; more of them would run into the lines above and below.
const MARKS: usize = 4;

/// Tokens wider than this (about 20 letters) may break behind the signs that divide them.
const LONG: f64 = 11.5;

/// What can be printed, and how much could not.
#[derive(Debug, Default)]
pub(super) struct Ink {
    written_by_code: Cell<usize>,
}

impl Ink {
    /// How many characters were written by their code because no font holds them.
    pub(super) fn written_by_code(&self) -> usize {
        self.written_by_code.get()
    }

    /// Text with a code in place of each character that no font holds, that controls a terminal or that would turn
    /// the order of its neighbours. Line breaks stay.
    pub(super) fn clean(&self, text: &str) -> String {
        if text.bytes().all(|b| matches!(b, b'\n' | b' '..=b'~')) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut base = Faces::NONE;
        let mut marks = 0;
        let text = text.replace("\r\n", "\n");
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
                _ if is_unseen(c) => {}
                _ if c.is_whitespace() => out.push(if c == '\u{a0}' { c } else { ' ' }),
                _ if c.width() == Some(0) => {
                    marks += 1;
                    base = base.both(Faces::of(c));
                    self.put(&mut out, c, base != Faces::NONE && marks <= MARKS);
                }
                _ => {
                    (base, marks) = (Faces::of(c), 0);
                    self.put(&mut out, c, base != Faces::NONE);
                }
            }
        }
        out
    }

    fn put(&self, out: &mut String, c: char, held: bool) {
        if held {
            out.push(c);
        } else {
            self.written_by_code.set(self.written_by_code.get() + 1);
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        }
    }

    /// Text as a Typst string on one line, for what is no content: titles, addresses, descriptions.
    pub(super) fn string(&self, text: &str, longest: usize) -> String {
        let line = self.clean(text).replace('\n', " ");
        let line = line.trim();
        let cut: String = line.chars().take(longest).collect();
        literal(&if cut.len() < line.len() { format!("{}…", cut.trim_end()) } else { cut })
    }

    /// Text as statements of a Typst code block; tokens wider than `room` (in em) get places to break.
    pub(super) fn words(&self, text: &str, room: f64) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        for (index, line) in self.clean(text).split('\n').enumerate() {
            if index > 0 {
                out.push_str("linebreak();");
            }
            for (index, part) in stretches(line, room).into_iter().enumerate() {
                if index > 0 {
                    out.push_str("o;");
                }
                out.push_str(&literal(part));
                out.push(';');
            }
        }
        out
    }
}

/// A Typst string. Nothing can end it from within.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// How wide a text is at most, in em of the text font: a little more than it will be.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'j' | 'l' | 'I' | '(' | ')' | '[' | ']' => 0.34,
        'f' | 'r' | 't' | '-' | '/' | '"' => 0.42,
        'M' | 'W' | '@' | 'm' | '%' => 0.97,
        'w' | 'O' | 'Q' | 'G' | 'N' | 'H' | 'D' | 'U' => 0.8,
        'A'..='Z' => 0.67,
        '0'..='9' | 'a' | 'c' | 'e' | 's' | 'k' | 'v' | 'x' | 'y' | 'z' => 0.575,
        ' '..='~' => 0.63,
        _ if c.width() == Some(0) => 0.0,
        '\u{a0}'..='\u{24f}' => 0.72,
        _ => 1.05,
    }
}

/// How wide the widest part of a text is that should stay whole.
pub(super) fn widest_part(text: &str) -> f64 {
    let whole = |token: &str| {
        let wide = width(token);
        if wide <= LONG { wide } else { stretches(token, LONG).into_iter().map(width).fold(0.0, f64::max) }
    };
    text.split_whitespace().map(whole).fold(0.0, f64::max)
}

/// A line cut where it may break beyond the places every text has: in tokens that are long, behind the signs that divide
/// them; in stretches wider than the room, anywhere.
fn stretches(line: &str, room: f64) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    for token in line.split_inclusive(' ') {
        if width(token) > LONG.min(room) {
            for cut in cuts(token, room) {
                out.extend(line.get(start..at + cut));
                start = at + cut;
            }
        }
        at += token.len();
    }
    out.extend(line.get(start..));
    out
}

/// Where a token may break, in bytes from its start.
fn cuts(token: &str, room: f64) -> Vec<usize> {
    let mut out = Vec::new();
    let mut wide = 0.0;
    let mut chars = token.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        wide += advance(c);
        let Some((_, next)) = chars.peek() else { break };
        if *next == ' ' || next.width() == Some(0) || divides(*next) && next != &'[' {
            continue;
        }
        if divides(c) && c != '[' || *next == '[' || wide + advance(*next) > room {
            out.push(at + c.len_utf8());
            wide = 0.0;
        }
    }
    out
}

fn divides(c: char) -> bool {
    matches!(c, '/' | '-' | '_' | '.' | ':' | ',' | ';' | '@' | '?' | '&' | '=' | '#' | '|' | '[' | ']' | ')' | '}')
}

/// Characters that show nothing and may go: they join, part or steer what stands beside them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Characters that must not be printed although a font holds something for them.
fn is_barred(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffc}'
            | '\u{fffe}'..='\u{ffff}' | '\u{f0000}'..)
}

/// The families of fonts that hold a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Faces(u8);

impl Faces {
    const NONE: Self = Self(0);

    fn of(c: char) -> Self {
        if is_barred(c) {
            return Self::NONE;
        }
        let held = COVERAGE.iter().enumerate().filter(|(_, family)| holds(&family.ranges, c));
        Self(held.fold(0, |bits, (index, _)| bits | (1 << index)))
    }

    fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

fn holds(ranges: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let after = ranges.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).and_then(|i| ranges.get(i)).is_some_and(|(_, last)| code <= *last)
}

/// A family of fonts with the characters that every face of it holds.
#[derive(Debug)]
pub(super) struct Family {
    /// Its name.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) name: &'static str,
    /// First and last character of each range, sorted.
    pub(super) ranges: Vec<(u32, u32)>,
}

/// The text font, then the font of signs.
pub(super) static COVERAGE: LazyLock<Vec<Family>> =
    LazyLock::new(|| read(include_str!("../../../assets/fonts/coverage.txt")));

fn read(table: &'static str) -> Vec<Family> {
    let mut out: Vec<Family> = Vec::new();
    for line in table.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            out.push(Family { name, ranges: Vec::new() });
        } else if let Some(family) = out.last_mut() {
            let (first, last) = line.split_once('-').unwrap_or((line, line));
            let code = |text| u32::from_str_radix(text, 16).ok();
            family.ranges.extend(code(first).zip(code(last)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_font_comes_before_the_font_of_signs() {
        assert_eq!(COVERAGE.iter().map(|f| f.name).collect::<Vec<_>>(), ["Noto Sans", "DejaVu Sans"]);
    }

    #[test]
    fn nothing_ends_a_string_from_within() {
        let ink = Ink::default();
        assert_eq!(
            ink.words(r#"a" + read("x") \ #import $x$ @r <l>"#, 50.0),
            r#""a\" + read(\"x\") \\ #import $x$ @r <l>";"#
        );
        assert_eq!(ink.words("a\r\nb", 50.0), r#""a";linebreak();"b";"#);
        assert_eq!(ink.words("", 50.0), r#""";"#);
    }

    #[test]
    fn what_no_font_holds_is_written_by_its_code_and_counted() {
        let ink = Ink::default();
        assert_eq!(ink.clean("Ωμέγα – ثقة אמון ☑ ✓"), "Ωμέγα – ثقة אמון ☑ ✓");
        assert_eq!(ink.written_by_code(), 0);
        assert_eq!(
            ink.clean("信 \u{1f4a9} \u{1b}[31m \u{202e}x \u{e000}"),
            "[U+4FE1] [U+1F4A9] [U+001B][31m [U+202E]x [U+E000]"
        );
        assert_eq!(ink.written_by_code(), 5);
        assert_eq!(ink.clean("a\u{200e}b\u{feff}\u{ad}c"), "abc");
        assert_eq!(ink.clean("o\u{301}"), "o\u{301}");
        assert!(ink.clean(&format!("o{}", "\u{301}".repeat(9))).contains("[U+0301]"));
    }

    #[test]
    fn long_tokens_break_behind_the_signs_that_divide_them_and_otherwise_where_room_ends() {
        assert_eq!(
            stretches("see registers/suppliers-and-contracts.md now", 50.0),
            ["see registers/", "suppliers-", "and-", "contracts.", "md now"]
        );
        assert_eq!(stretches("SUP-001 short", 50.0), ["SUP-001 short"]);
        let word = "W".repeat(300);
        assert!(stretches(&word, 10.0).iter().all(|s| width(s) <= 10.0));
        assert_eq!(stretches(&word, 10.0).concat(), word);
        assert_eq!(stretches("[U+1F4A9][U+1F4A9][U+1F4A9]", 50.0), ["[U+1F4A9]", "[U+1F4A9]", "[U+1F4A9]"]);
    }
}
