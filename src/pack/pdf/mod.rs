//! The pack as one PDF: cover, contents, sections, every document.
//!
//! One direction: the book → Typst source (`pages`, `table`, `body`; always made, so that anybody can set it again) → pages and
//! a tagged PDF/A (`press`, with the feature `pdf`). Texts of the SMS stand in that source as strings alone, and the press
//! can read nothing but it: no file, no package, no network, no clock.

mod body;
mod pages;
#[cfg(feature = "pdf")]
mod press;
mod table;
mod target;
mod text;

use std::ops::Range;

use jiff::Timestamp;

use super::book::{Book, Sheet, Table};
use crate::error::Error;

#[cfg(feature = "pdf")]
pub use press::render;

/// Whether this build can set a PDF. Else a pack holds the Typst source in its place.
pub const AVAILABLE: bool = cfg!(feature = "pdf");

/// A book that weighs no more is one file. Setting it takes about a kilobyte of memory for each byte.
const ONE_FILE: usize = 6_000_000;
/// What each file of a heavier book may weigh.
const ONE_VOLUME: usize = 400_000;

/// The Typst source of the whole book in one file.
#[must_use]
pub fn source(book: &Book) -> String {
    Volume::whole(book).source()
}

/// One of the files a book is printed in.
#[derive(Clone, Debug)]
pub struct Volume<'b> {
    book: &'b Book,
    /// The documents in it.
    sheets: Range<usize>,
    /// Which of how many, from 1.
    number: usize,
    of: usize,
    /// The documents of the others, by number; told in the first only.
    others: Vec<(usize, Range<usize>)>,
}

impl<'b> Volume<'b> {
    fn whole(book: &'b Book) -> Self {
        Self { book, sheets: 0..book.sheets.len(), number: 1, of: 1, others: Vec::new() }
    }

    /// Which of the volumes it is, from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// `audit-pack` for the first, `audit-pack-2` for the second.
    #[must_use]
    pub fn stem(&self, name: &str) -> String {
        if self.number == 1 { name.to_owned() } else { format!("{name}-{}", self.number) }
    }

    /// Its title: that of the book, with its number when there are several.
    fn title(&self) -> String {
        let title = &self.book.cover.title;
        if self.of == 1 { title.clone() } else { format!("{title}, volume {} of {}", self.number, self.of) }
    }

    /// Its Typst source.
    #[must_use]
    pub fn source(&self) -> String {
        pages::pages(self)
    }
}

impl Volume<'_> {
    /// The volume for print, dated `at`, and the ending of its file: a PDF, or its Typst source where no press is built in.
    ///
    /// # Errors
    /// When the press refuses its own source, which is a defect.
    #[cfg(feature = "pdf")]
    pub fn print(&self, at: Timestamp) -> Result<(&'static str, Vec<u8>), Error> {
        Ok(("pdf", self.render(at)?))
    }

    /// The volume for print, and the ending of its file: its Typst source, because no press is built in.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(feature = "pdf"))]
    pub fn print(&self, _at: Timestamp) -> Result<(&'static str, Vec<u8>), Error> {
        Ok(("typ", self.source().into_bytes()))
    }
}

/// The files a book is printed in: one, unless it is so large that a computer could not hold all its pages at once.
#[must_use]
pub fn volumes(book: &Book) -> Vec<Volume<'_>> {
    divided(book, ONE_FILE, ONE_VOLUME)
}

fn divided(book: &Book, one_file: usize, one_volume: usize) -> Vec<Volume<'_>> {
    let weights: Vec<usize> = book.sheets.iter().map(weight).collect();
    let front: usize = book.sections.iter().flat_map(tables).map(table_weight).sum();
    if front + weights.iter().sum::<usize>() <= one_file {
        return vec![Volume::whole(book)];
    }
    let ranges = ranges(front, &weights, one_volume);
    let of = ranges.len();
    let others: Vec<_> = ranges.iter().cloned().enumerate().skip(1).map(|(i, r)| (i + 1, r)).collect();
    let volume = |(index, sheets): (usize, Range<usize>)| {
        let others = if index == 0 { others.clone() } else { Vec::new() };
        Volume { book, sheets, number: index + 1, of, others }
    };
    ranges.into_iter().enumerate().map(volume).collect()
}

/// Runs of documents that weigh no more than asked, where a single one does not weigh more by itself.
fn ranges(front: usize, weights: &[usize], most: usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut weighed) = (0, front);
    for (index, weight) in weights.iter().enumerate() {
        let holds_something = index > start || (out.is_empty() && front > 0);
        if weighed + weight > most && holds_something {
            out.push(start..index);
            (start, weighed) = (index, 0);
        }
        weighed += weight;
    }
    out.push(start..weights.len());
    out
}

/// About how many bytes of source a document becomes.
fn weight(sheet: &Sheet) -> usize {
    let tables = sheet.entries.iter().chain(&sheet.versions);
    500 + sheet.control.len() * 100 + sheet.body.len() * 5 / 4 + tables.map(table_weight).sum::<usize>()
}

fn tables(section: &super::book::Section) -> impl Iterator<Item = &Table> {
    section.blocks.iter().filter_map(|b| if let super::book::Block::Table(table) = b { Some(table) } else { None })
}

fn table_weight(table: &Table) -> usize {
    let printed = table.rows.iter().take(table::printed_rows(table)).flatten();
    printed.map(|cell| 20 + cell.pieces.iter().map(|p| p.text.len()).sum::<usize>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::book::{Cell, Column, Section};

    fn book(documents: usize) -> Book {
        let sheet = |i: usize| Sheet {
            id: format!("D-{i}"),
            title: format!("Document {i}"),
            path: format!("plans/{i}.md"),
            body: format!("See [one](1.md) and [last](9.md).\n\n{}", "word ".repeat(400)),
            ..Sheet::default()
        };
        let section = Section { id: "a".into(), title: "Register".into(), ..Section::default() };
        Book { sheets: (0..documents).map(sheet).collect(), sections: vec![section], ..Book::default() }
    }

    #[test]
    fn a_large_book_is_divided_and_every_document_stands_in_one_volume() {
        let book = book(10);
        let volumes = divided(&book, 20_000, 12_500);
        let ranges: Vec<_> = volumes.iter().map(|v| v.sheets.clone()).collect();
        assert_eq!(ranges, [0..4, 4..8, 8..10]);
        assert_eq!(volumes[1].stem("audit-pack"), "audit-pack-2");
        let first = volumes[0].source();
        assert!(first.contains("volume 1 of 3") && first.contains("\"Register\""));
        assert!(first.contains("{{\"D-9\";}}),{\"Document 9\";},{\"volume 3\";}"), "{first}");
        let last = volumes[2].source();
        assert!(last.contains("volume 3 of 3") && !last.contains("\"Register\"") && last.contains("2 of 10"), "{last}");
        // What the volume does not print cannot be linked to.
        assert!(last.contains("link(label(\"d9\")") && !last.contains("label(\"d1\")"));
        assert_eq!(divided(&book, 1_000_000, 10).len(), 1);
    }

    #[test]
    fn a_document_or_section_that_is_too_heavy_has_a_volume_of_its_own() {
        assert_eq!(ranges(0, &[50, 1, 1], 10), [0..1, 1..3]);
        assert_eq!(ranges(50, &[1, 1], 10), [0..0, 0..2]);
        assert_eq!(ranges(0, &[], 10).len(), 1);
    }

    #[test]
    fn weight_is_about_the_size_of_the_source() {
        let mut book = book(40);
        book.sheets[0].entries = Some(Table {
            columns: vec![Column::default(); 3],
            rows: vec![vec![Cell::text("some words of a cell"); 3]; 300],
            ..Table::default()
        });
        let weighed: usize = book.sheets.iter().map(weight).sum();
        let written = source(&book).len();
        assert!(weighed * 3 > written * 2 && weighed * 2 < written * 3, "{weighed} {written}");
    }
}
