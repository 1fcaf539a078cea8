//! Where links lead inside the file, and pieces of text with them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::table::{MOST_ROWS, printed_rows};
use super::text::{Ink, literal};
use crate::pack::book::{Book, Cell, Piece, Sheet, Target, Tone, linked};
use crate::pack::markup::between;

/// Longest address that becomes a link; a longer one stays text.
const ADDRESS: usize = 2000;

/// What everything that is set needs to know of the whole book.
pub(super) struct Setting<'b> {
    pub(super) book: &'b Book,
    pub(super) ink: Ink,
    /// Rows that are printed of a table of a section.
    pub(super) most_rows: usize,
    by_path: BTreeMap<&'b str, &'b Sheet>,
    sections: BTreeMap<&'b str, usize>,
    documents: BTreeMap<&'b str, usize>,
    entries: BTreeMap<&'b str, (usize, usize)>,
}

impl<'b> Setting<'b> {
    /// What holds in the file that prints these documents, and the sections when it is the first.
    pub(super) fn of(book: &'b Book, printed: &Range<usize>, first_file: bool) -> Self {
        let mut entries = BTreeMap::new();
        let sheets = || book.sheets.iter().enumerate().filter(|(i, _)| printed.contains(i));
        for (sheet, table) in sheets().filter_map(|(i, s)| Some((i, s.entries.as_ref()?))) {
            for (row, id) in table.anchors.iter().enumerate().take(printed_rows(table)) {
                entries.entry(id.as_str()).or_insert((sheet, row));
            }
        }
        Self {
            book,
            ink: Ink::default(),
            most_rows: MOST_ROWS,
            by_path: book.by_path(),
            sections: first(book.sections.iter().filter(|_| first_file).map(|s| s.id.as_str()).enumerate()),
            documents: first(sheets().map(|(i, s)| (i, s.path.as_str()))),
            entries,
        }
    }

    /// The name of the place a target leads to; none when the book does not print it.
    fn place(&self, target: &Target) -> Option<String> {
        match target {
            Target::Section(id) => self.sections.get(id.as_str()).map(|i| section(*i)),
            Target::Document(path) => self.documents.get(path.as_str()).map(|i| document(*i)),
            Target::Entry(id) => self.entries.get(id.as_str()).map(|(sheet, row)| entry(*sheet, *row)),
            Target::File(_) => None,
        }
    }

    /// The name of the place of a row, when it is the one that links to its id lead to.
    pub(super) fn place_of_row(&self, id: &str, sheet: usize, row: usize) -> Option<String> {
        (self.entries.get(id) == Some(&(sheet, row))).then(|| entry(sheet, row))
    }

    /// What opens a link of a document's Markdown, when it leads somewhere.
    pub(super) fn opening(&self, from: &Sheet, link: &str) -> Option<String> {
        if ["https://", "http://", "mailto:"].iter().any(|scheme| starts_with(link, scheme)) {
            return address(link).map(|a| format!("link({},{{", literal(&a)));
        }
        let (sheet, fragment) = linked(&self.by_path, from, link)?;
        let row = fragment.and_then(|f| self.place(&Target::Entry(f)));
        let place = row.or_else(|| self.place(&Target::Document(sheet.path.clone())))?;
        Some(format!("link(label({}),{{", literal(&place)))
    }

    /// Pieces of running text, one behind the other.
    pub(super) fn run(&self, pieces: &[Piece], room: f64) -> String {
        let set: String = pieces.iter().map(|p| self.piece(p, room)).collect();
        format!("{{{set}}}")
    }

    /// Pieces of a cell, divided by commas where they bring no divider.
    pub(super) fn cell(&self, pieces: &[Piece], room: f64) -> String {
        let mut out = String::from("{");
        for (index, piece) in pieces.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|i| pieces.get(i));
            if before.is_some_and(|b| !between(b, piece).is_empty()) {
                out.push_str("\", \";");
            }
            out.push_str(&self.piece(piece, room));
        }
        out.push('}');
        out
    }

    fn piece(&self, piece: &Piece, room: f64) -> String {
        let mut set = self.ink.words(&format!("{}{}", piece.text, path_beside(piece)), room);
        if let Some(place) = piece.target.as_ref().and_then(|t| self.place(t)) {
            set = format!("link(label({}),{{{set}}});", literal(&place));
        }
        match color(piece.tone) {
            Some(fill) => format!("text(fill:{fill},{{{set}}});"),
            None => set,
        }
    }
}

/// The text of a cell as it will stand there, to measure it.
pub(super) fn shown(cell: &Cell) -> String {
    let mut out = String::new();
    for (index, piece) in cell.pieces.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| cell.pieces.get(i));
        out.push_str(before.map_or("", |b| between(b, piece)));
        out.push_str(&piece.text);
        out.push_str(&path_beside(piece));
    }
    out
}

/// The path of a file that a piece leads to, unless the piece says it: there is nothing to follow on paper.
fn path_beside(piece: &Piece) -> String {
    match &piece.target {
        Some(Target::File(path)) if !piece.text.contains(path.as_str()) => format!(" ({path})"),
        _ => String::new(),
    }
}

pub(super) fn color(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Good => Some("good"),
        Tone::Attention => Some("attention"),
        Tone::Bad => Some("bad"),
        Tone::Muted => Some("muted"),
    }
}

/// Names of places are counted, so that no id can be one that Typst would read otherwise.
pub(super) fn section(index: usize) -> String {
    format!("s{index}")
}

/// The place of a document.
pub(super) fn document(index: usize) -> String {
    format!("d{index}")
}

fn entry(sheet: usize, row: usize) -> String {
    format!("e{sheet}-{row}")
}

fn first<'n>(names: impl Iterator<Item = (usize, &'n str)>) -> BTreeMap<&'n str, usize> {
    let mut out = BTreeMap::new();
    for (index, name) in names {
        out.entry(name).or_insert(index);
    }
    out
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme))
}

/// An address of plain characters only, the others in percent.
fn address(link: &str) -> Option<String> {
    let mut out = String::new();
    for byte in link.bytes() {
        match byte {
            b'!'..=b'~' if !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}') => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    (out.len() <= ADDRESS).then_some(out)
}
