//! A line of a file as people see it: nothing hidden in it, tabs as spaces, long lines cut around the place that matters.

use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::{Location, harmful};
use crate::source::{SourceFile, SourceMap, Span};

const TAB: usize = 4;

/// A line made fit to show.
pub(super) struct Excerpt {
    /// The text, without line break.
    pub text: String,
    /// Byte in `text` and column of each character that is shown, and of the end.
    places: Vec<Place>,
    /// Characters of the line before the first that is shown.
    skipped: usize,
}

#[derive(Clone, Copy)]
struct Place {
    byte: usize,
    column: usize,
}

impl Excerpt {
    /// Shows the characters `marks` of a line, with as much around them as fits into `room` columns.
    pub fn new(line: &str, marks: Range<usize>, room: usize) -> Self {
        // Far more than fits, far less than a hostile line.
        let skipped = marks.start.saturating_sub(4 * room);
        let line = line.trim_start_matches('\u{feff}');
        let mut rest = line.chars().skip(skipped);
        let whole = spell(rest.by_ref().take(8 * room));
        let more = rest.next().is_some();
        whole.window(skipped, marks, room, more)
    }

    /// Byte in the text and column on the screen of a character of the line; the nearest that is shown.
    pub fn place(&self, character: usize) -> (usize, usize) {
        let last = self.places.len().saturating_sub(1);
        let shown = character.saturating_sub(self.skipped).min(last);
        self.places.get(shown).map_or((0, 0), |p| (p.byte, p.column))
    }
}

/// Text with the places of its characters.
struct Spelt {
    text: String,
    places: Vec<Place>,
}

fn spell(chars: impl Iterator<Item = char>) -> Spelt {
    let mut spelt = Spelt { text: String::new(), places: Vec::new() };
    let mut column = 0;
    for c in chars {
        spelt.places.push(Place { byte: spelt.text.len(), column });
        let start = spelt.text.len();
        match c {
            '\t' => spelt.text.extend(std::iter::repeat_n(' ', TAB - column % TAB)),
            c if harmful(c) => spelt.text.extend(c.escape_unicode()),
            c => {
                spelt.text.push(c);
                column += c.width().unwrap_or(0);
                continue;
            }
        }
        column += spelt.text.len() - start;
    }
    spelt.places.push(Place { byte: spelt.text.len(), column });
    spelt
}

impl Spelt {
    fn at(&self, index: usize) -> Place {
        let last = self.places.last().copied().unwrap_or(Place { byte: 0, column: 0 });
        self.places.get(index).copied().unwrap_or(last)
    }

    fn window(self, skipped: usize, marks: Range<usize>, room: usize, more: bool) -> Excerpt {
        let end = self.places.len() - 1;
        let (a, b) = (self.at(marks.start - skipped).column, self.at(marks.end.max(marks.start) - skipped).column);
        let from = first_column(a, b, self.at(end).column + usize::from(more), room);
        let left = usize::from(from > 0 || skipped > 0);
        let first = self.places.partition_point(|p| p.column < from + usize::from(from > 0)).min(end);
        let start = self.at(first);
        let fits = |columns: usize| self.places.partition_point(|p| p.column <= start.column + columns) - 1;
        let last = if !more && fits(room - left) == end { end } else { fits(room - left - 1).max(first) };
        let right = more || last < end;
        let dots = |shown: bool| if shown { "…" } else { "" };
        let shown = self.text.get(start.byte..self.at(last).byte).unwrap_or_default();
        let move_by = dots(left > 0).len();
        let places = self.places.get(first..=last).unwrap_or_default().iter();
        Excerpt {
            text: format!("{}{shown}{}", dots(left > 0), dots(right)),
            places: places
                .map(|p| Place { byte: p.byte - start.byte + move_by, column: p.column - start.column + left })
                .collect(),
            skipped: skipped + first,
        }
    }
}

/// Where the window starts so that the marks from `a` to `b` are in it, with something before them.
fn first_column(a: usize, b: usize, total: usize, room: usize) -> usize {
    if total <= room || b < room {
        0
    } else if b - a + 3 <= room {
        a.saturating_sub(room / 3).max(b + 1 - room).min(total - room)
    } else {
        a.saturating_sub(2)
    }
}

/// The file a place lies in, when its text is there to be shown.
pub(super) fn file<'a>(sources: &'a SourceMap, place: &Location, span: Span) -> Option<&'a SourceFile> {
    sources.files().get(span.file.0 as usize).filter(|file| file.path == place.path)
}

/// The characters of the first line of a place: its columns from 0.
pub(super) fn marks(place: &Location, line: &str) -> Range<usize> {
    let start = place.start.column - 1;
    let end = if place.end.line == place.start.line {
        place.end.column - 1
    } else {
        line.trim_start_matches('\u{feff}').chars().count()
    };
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with a line of marks below it.
    fn show(line: &str, marks: Range<usize>, room: usize) -> (String, Range<usize>) {
        let excerpt = Excerpt::new(line, marks.clone(), room);
        let (from, to) = (excerpt.place(marks.start), excerpt.place(marks.end));
        assert!(excerpt.text.is_char_boundary(from.0) && excerpt.text.is_char_boundary(to.0));
        (excerpt.text, from.1..to.1)
    }

    #[test]
    fn wide_hidden_and_tab_characters_move_the_marks() {
        assert_eq!(show("ab cd", 3..5, 40), ("ab cd".into(), 3..5));
        assert_eq!(show("\u{feff}漢字 x", 3..4, 40), ("漢字 x".into(), 5..6));
        assert_eq!(show("a\tx", 2..3, 40), ("a   x".into(), 4..5));
        assert_eq!(show("e\u{301}x", 2..3, 40), ("e\u{301}x".into(), 1..2));
        assert_eq!(show("\u{202e}x", 1..2, 40), ("\\u{202e}x".into(), 8..9));
        assert_eq!(show("", 0..0, 40), (String::new(), 0..0));
        assert_eq!(show("ab", 2..2, 40), ("ab".into(), 2..2));
        assert_eq!(show("ab", 7..9, 40), ("ab".into(), 2..2));
    }

    #[test]
    fn long_lines_are_cut_around_the_marks() {
        let line: String = ('a'..='z').collect();
        assert_eq!(show(&line, 0..1, 10), ("abcdefghi…".into(), 0..1));
        assert_eq!(show(&line, 13..15, 10), ("…lmnopqrs…".into(), 3..5));
        assert_eq!(show(&line, 25..26, 10), ("…rstuvwxyz".into(), 9..10));
        assert_eq!(show(&line, 26..26, 10).1, 10..10);
        assert_eq!(show(&line, 5..25, 10), ("…efghijkl…".into(), 2..9));
    }

    #[test]
    fn nothing_is_wider_than_the_room_and_nothing_panics() {
        let chars = ['a', '漢', '\t', '\u{301}', '\u{202e}', 'ש', '\u{7}'];
        for seed in 0..400_usize {
            let line: String = (0..seed % 67).map(|i| chars[(seed * 31 + i * i) % chars.len()]).collect();
            for start in 0..line.chars().count() + 2 {
                let (text, _) = show(&line, start..start + seed % 9, 20);
                let width: usize = text.chars().map(|c| c.width().unwrap_or(0)).sum();
                assert!(width <= 20, "{text:?} is {width} wide");
            }
        }
    }
}
