//! Tables as CSV: one file a table, for whoever samples or counts.
//!
//! After RFC 4180: lines end with CR LF, the first row holds the titles. UTF-8 without a byte order mark, which readers that follow
//! the RFC would take for a part of the first title; for Excel there is the workbook. Text that a spreadsheet would take for a
//! formula has an apostrophe in front. Days are written year-month-day, numbers with a point.

use std::collections::BTreeSet;

use super::{Book, Cell, Datum, Files, Table, markup};
use crate::report::{not_calculated, printable};

/// The longest name of a file, so that it can be unpacked anywhere.
const LONGEST: usize = 80;

/// Every table of the book as a file: `tables/` for sections and registers, `populations/` for what is sampled from.
#[must_use]
pub fn files(book: &Book) -> Files {
    paths(book).into_iter().map(|(path, table)| (path, csv(table).into_bytes())).collect()
}

/// Every table that is written, with its path in the pack: those of sections, registers, populations.
///
/// A document that is one entry of its own has a table of fields; it is read on its page and is no list.
#[must_use]
pub fn paths(book: &Book) -> Vec<(String, &Table)> {
    let fields = book.sheets.iter().filter_map(|s| s.entries.as_ref()).filter(|t| !is_list(t));
    let left_out: BTreeSet<*const Table> = fields.map(std::ptr::from_ref).collect();
    let populations: BTreeSet<*const Table> = book.populations.iter().map(std::ptr::from_ref).collect();
    let mut taken = BTreeSet::new();
    let mut out = Vec::new();
    for table in book.tables().filter(|t| !left_out.contains(&std::ptr::from_ref(*t))) {
        let folder = if populations.contains(&std::ptr::from_ref(table)) { "populations" } else { "tables" };
        out.push((free(&mut taken, folder, &file_name(&table.name)), table));
    }
    out
}

/// Whether a table lists entries, even none, or else the fields of one.
pub(super) fn is_list(table: &Table) -> bool {
    table.rows.is_empty() || !table.anchors.is_empty()
}

/// The path; with a number when another table has it.
fn free(taken: &mut BTreeSet<String>, folder: &str, name: &str) -> String {
    let mut path = format!("{folder}/{name}.csv");
    let mut number = 2;
    while !taken.insert(path.clone()) {
        path = format!("{folder}/{name}-{number}.csv");
        number += 1;
    }
    path
}

/// A name that every system takes: plain small letters, digits and dashes, no device of Windows.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = name.chars().map(plain).take(LONGEST).collect();
    let name = name.trim_matches('-');
    if name.is_empty() || is_device(name) {
        format!("table-{name}").trim_end_matches('-').to_owned()
    } else {
        name.to_owned()
    }
}

fn is_device(name: &str) -> bool {
    matches!(name, "con" | "prn" | "aux" | "nul")
        || name.strip_prefix("com").or_else(|| name.strip_prefix("lpt")).is_some_and(|n| n.len() == 1)
}

fn csv(table: &Table) -> String {
    let mut out = String::new();
    record(&mut out, table.columns.iter().map(|c| plain(&c.title)));
    for row in &table.rows {
        record(&mut out, row.iter().map(value));
    }
    out
}

fn record(out: &mut String, values: impl Iterator<Item = String>) {
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        field(out, &value);
    }
    out.push_str("\r\n");
}

fn field(out: &mut String, value: &str) {
    if value.contains(['"', ',', '\n', '\r']) || value.starts_with(' ') || value.ends_with(' ') {
        out.push('"');
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(value);
    }
}

/// What a cell says as data: days and numbers are never taken for formulas, text may be.
fn value(cell: &Cell) -> String {
    match cell.datum {
        Datum::Date(date) => date.to_string(),
        Datum::Number(number) => {
            let written = markup::cell_text(cell);
            if written.trim().parse::<f64>().is_ok() { written.trim().to_owned() } else { number.to_string() }
        }
        Datum::Text => plain(&markup::cell_text(cell)),
    }
}

/// Text as text: what a spreadsheet would calculate is kept from it, what a terminal would obey is shown.
fn plain(text: &str) -> String {
    not_calculated(printable(&text.replace("\r\n", "\n")))
}

#[cfg(test)]
mod tests {
    use super::super::{Block, Column, Form, Section, Sheet};
    use super::*;

    fn table(name: &str, cells: Vec<Cell>) -> Table {
        let columns = cells.iter().enumerate().map(|(i, _)| Column::new(format!("c{i}"), Form::Text)).collect();
        Table { name: name.into(), columns, rows: vec![cells], ..Table::default() }
    }

    fn line(cell: Cell) -> String {
        let text = csv(&table("x", vec![cell]));
        text.strip_prefix("c0\r\n").unwrap().strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn text_is_quoted_where_it_must_be() {
        let cells = vec![Cell::text("a, \"b\"\r\nc"), Cell::date(Some("2026-01-02".parse().unwrap())), Cell::text("")];
        assert_eq!(csv(&table("x", cells)), "c0,c1,c2\r\n\"a, \"\"b\"\"\nc\",2026-01-02,\r\n");
    }

    #[test]
    fn formulas_are_kept_from_spreadsheets_but_numbers_are_numbers() {
        for text in ["=1+1", "+1", "-1", "@sum", "\t=1", "\n=1", "＝1"] {
            let first = line(Cell::text(text)).trim_start_matches('"').chars().next();
            assert_eq!(first, Some('\''), "{text:?}");
        }
        assert_eq!(line(Cell::text("\r=1")), "\\u{d}=1");
        assert_eq!(line(Cell::number("-1.50", -1.5)), "-1.50");
        assert_eq!(line(Cell::number("=cmd()", -1.5)), "-1.5");
        assert_eq!(line(Cell::text("a\u{1b}[31m")), "a\\u{1b}[31m");
    }

    #[test]
    fn every_list_has_a_file_of_its_own() {
        let mut register = table("risks", vec![Cell::text("R-1")]);
        register.anchors = vec!["R-1".into()];
        let book = Book {
            sections: vec![Section {
                blocks: vec![Block::Table(table("risks", vec![])), Block::Table(table("NUL", vec![]))],
                ..Section::default()
            }],
            sheets: vec![
                Sheet { entries: Some(register), ..Sheet::default() },
                Sheet { entries: Some(table("fields", vec![Cell::text("a")])), ..Sheet::default() },
            ],
            populations: vec![table("../changes", vec![])],
            ..Book::default()
        };
        let paths: Vec<String> = paths(&book).into_iter().map(|(p, _)| p).collect();
        assert_eq!(
            paths,
            ["tables/risks.csv", "tables/table-nul.csv", "tables/risks-2.csv", "populations/changes.csv"]
        );
    }
}
