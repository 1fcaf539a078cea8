//! The lists of a pack as a workbook: a sheet for each register, population and table of a section.
//!
//! Text is text, whatever it starts with: no cell is a formula. Days and numbers are typed. The only date in it is the one handed in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::{Timestamp, tz::TimeZone};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use super::{Book, Cell, Column, Datum, Form, Table, csv, markup};
use crate::error::Error;
use crate::report::{one_line, printable};

/// What a cell holds, in units of UTF-16.
const CELL: usize = 32_767;
/// What the name of a sheet holds, in units of UTF-16.
const NAME: usize = 31;
/// Rows of a sheet.
const ROWS: usize = 1_048_576;
/// The first sheet.
const CONTENTS: &str = "Contents";
/// Columns are no wider, in characters.
const WIDEST: usize = 60;
/// Excel counts days from 1900 and takes that year for a leap year: before March readers differ.
const FIRST_DAY: Date = date(1900, 3, 1);

/// The workbook of a book; `at` is its date.
pub fn workbook(book: &Book, at: Timestamp) -> Result<Vec<u8>, Error> {
    make(book, at, ROWS).map_err(|e| Error::Defect(format!("the workbook of the pack: {e}")))
}

fn make(book: &Book, at: Timestamp, most: usize) -> Result<Vec<u8>, XlsxError> {
    let style = Style::new();
    let mut out = Workbook::new();
    out.set_properties(&properties(book, at)?);
    let lists = lists(book);
    contents(out.add_worksheet(), &style, book, &lists, most)?;
    for list in &lists {
        let sheet = out.add_worksheet();
        sheet.set_name(&list.name)?;
        fill(sheet, &style, list, most)?;
    }
    out.save_to_buffer()
}

fn properties(book: &Book, at: Timestamp) -> Result<DocProperties, XlsxError> {
    let organization = one_line(&book.cover.organization);
    let utc = at.to_zoned(TimeZone::UTC).datetime();
    let (year, month, day) = (u16::try_from(utc.year()).unwrap_or_default(), part(utc.month()), part(utc.day()));
    let day = ExcelDateTime::from_ymd(year, month, day).or_else(|_| ExcelDateTime::from_ymd(1900, 1, 1))?;
    let moment = day.and_hms(u16::from(part(utc.hour())), part(utc.minute()), f64::from(part(utc.second())))?;
    Ok(DocProperties::new()
        .set_title(cut(&one_line(&book.cover.title), 250, "…"))
        .set_author(cut(&organization, 250, "…"))
        .set_company(cut(&organization, 250, "…"))
        .set_creation_datetime(&moment))
}

fn part(number: i8) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// A table with the name of its sheet and the path of its CSV file.
struct List<'b> {
    name: String,
    path: String,
    table: &'b Table,
}

fn lists(book: &Book) -> Vec<List<'_>> {
    let registers =
        book.sheets.iter().filter_map(|s| Some((std::ptr::from_ref(s.entries.as_ref()?), s.title.as_str())));
    let registers: BTreeMap<*const Table, &str> = registers.collect();
    // Excel keeps the name History for itself.
    let mut taken = BTreeSet::from([CONTENTS.to_lowercase(), "history".to_owned()]);
    let mut list = |(path, table): (String, _)| {
        let title = registers.get(&std::ptr::from_ref(table)).copied().unwrap_or(&table.title);
        List { name: free(&mut taken, title, &table.name), path, table }
    };
    csv::paths(book).into_iter().map(&mut list).collect()
}

/// A name for the sheet of a table: its title or that of its register, without what Excel refuses in names, unlike all others.
fn free(taken: &mut BTreeSet<String>, title: &str, otherwise: &str) -> String {
    let title = if title.trim().is_empty() { otherwise } else { title };
    let plain = |c: char| if "[]:*?/\\'".contains(c) { ' ' } else { c };
    let words: String = one_line(title).chars().map(plain).collect();
    let base = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let base = if base.is_empty() { "Table".to_owned() } else { base };
    let mut name = cut(&base, NAME, "…");
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let end = format!(" {number}");
        name = cut(&base, NAME - end.len(), "…") + &end;
        number += 1;
    }
    name
}

/// Text of so many units of UTF-16; where some is cut off, the mark says so.
fn cut(text: &str, most: usize, mark: &str) -> String {
    let units = |t: &str| t.encode_utf16().count();
    if text.len() <= most || units(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(units(mark));
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).chain(mark.chars()).collect()
}

/// How the cells look.
struct Style {
    title: Format,
    head: Format,
    text: Format,
    date: Format,
    number: Format,
}

impl Style {
    fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: cell()
                .set_bold()
                .set_text_wrap()
                .set_background_color(0x00E6_E9EE)
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_text_wrap(),
            date: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            number: cell(),
        }
    }
}

/// The first sheet: what the workbook is, and the way to every other.
fn contents(
    sheet: &mut Worksheet,
    style: &Style,
    book: &Book,
    lists: &[List<'_>],
    most: usize,
) -> Result<(), XlsxError> {
    sheet.set_name(CONTENTS)?;
    sheet.set_column_width(0, 36)?.set_column_width(1, 60)?.set_column_width(2, 10)?.set_column_width(3, 44)?;
    let title = format!("{}, {}", book.cover.title, book.cover.organization);
    sheet.write_string_with_format(0, 0, text(&title, ""), &style.title)?;
    let today = book.cover.today.map_or_else(String::new, |d| format!("As of {d}. "));
    sheet.write_string(1, 0, text(&format!("{today}Commit {}.", book.cover.commit), ""))?;
    for (column, title) in (0..).zip(["Sheet", "Holds", "Rows", "Same as"]) {
        sheet.write_string_with_format(3, column, title, &style.head)?;
    }
    for (row, list) in (4..).zip(lists) {
        let link = Url::new(format!("internal:'{}'!A1", list.name)).set_text(&list.name);
        sheet.write_url(row, 0, link)?;
        sheet.write_string_with_format(row, 1, text(&list.table.title, ""), &style.text)?;
        sheet.write_number_with_format(row, 2, f64::from(count(list.table.rows.len())), &style.number)?;
        let cut = if list.table.rows.len() > room(most) { " (complete there only)" } else { "" };
        sheet.write_string_with_format(row, 3, format!("{}{cut}", list.path), &style.text)?;
    }
    sheet.set_freeze_panes(4, 0)?;
    Ok(())
}

/// Rows that fit below the titles, with one left to say that more were cut off.
fn room(most: usize) -> usize {
    most.saturating_sub(2)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn fill(sheet: &mut Worksheet, style: &Style, list: &List<'_>, most: usize) -> Result<(), XlsxError> {
    let table = list.table;
    for (column, shape) in (0..).zip(&table.columns) {
        sheet.set_column_width(column, f64::from(count(width(table, usize::from(column), shape))))?;
        sheet.write_string_with_format(0, column, text(&shape.title, &list.path), &style.head)?;
    }
    for (row, cells) in (1..).zip(table.rows.iter().take(room(most))) {
        for (column, cell) in (0..).zip(cells.iter().take(table.columns.len())) {
            write(sheet, style, (row, column), cell, &list.path)?;
        }
    }
    let shown = count(table.rows.len().min(room(most)));
    if table.rows.len() > room(most) {
        let said = format!("Cut off here: all {} rows are in {}.", table.rows.len(), list.path);
        sheet.write_string(shown + 1, 0, said)?;
    } else if shown == 0 && !table.when_empty.is_empty() {
        sheet.write_string(1, 0, text(&table.when_empty, ""))?;
    }
    let columns = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    if let Some(end) = columns.checked_sub(1) {
        sheet.autofilter(0, 0, shown, end)?;
    }
    sheet.set_freeze_panes(1, 0)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, style: &Style, at: (u32, u16), cell: &Cell, path: &str) -> Result<(), XlsxError> {
    let (row, column) = at;
    match cell.datum {
        Datum::Date(on) if on >= FIRST_DAY => {
            let year = u16::try_from(on.year()).unwrap_or_default();
            let on = ExcelDateTime::from_ymd(year, part(on.month()), part(on.day()))?;
            sheet.write_datetime_with_format(row, column, &on, &style.date)?;
        }
        Datum::Number(number) if number.is_finite() => {
            sheet.write_number_with_format(row, column, number, &style.number)?;
        }
        Datum::Date(_) | Datum::Number(_) | Datum::Text => {
            sheet.write_string_with_format(row, column, text(&markup::cell_text(cell), path), &style.text)?;
        }
    }
    Ok(())
}

/// Text that a cell holds; where it is too long, it says where the rest is.
fn text(text: &str, path: &str) -> String {
    let shown = printable(&text.replace("\r\n", "\n")).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    let rest = if path.is_empty() { String::new() } else { format!(": all of it is in {path}") };
    cut(&shown, CELL, &format!("… [cut off here{rest}]"))
}

/// A width that shows most of a column without pushing the others away.
fn width(table: &Table, column: usize, shape: &Column) -> usize {
    let (least, most) = match shape.form {
        Form::Date => return 12,
        Form::Number => (8, 16),
        Form::Short => (8, 26),
        Form::Text => (14, WIDEST),
    };
    let longest = |t: &str| t.lines().map(|l| l.chars().count()).max().unwrap_or_default();
    let cells = table.rows.iter().take(500).filter_map(|r| r.get(column)).map(|c| longest(&markup::cell_text(c)));
    // The button of the filter takes room beside the title.
    let title = longest(&shape.title) + 3;
    cells.max().unwrap_or_default().max(title).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use calamine::{Data, DataType as _, Reader as _, Xlsx};

    use super::super::specimen::{HOSTILE, book};
    use super::super::{Block, Section};
    use super::*;

    fn at() -> Timestamp {
        "2026-11-20T12:34:56Z".parse().unwrap()
    }

    fn open(bytes: Vec<u8>) -> Xlsx<std::io::Cursor<Vec<u8>>> {
        Xlsx::new(std::io::Cursor::new(bytes)).unwrap()
    }

    fn of(table: Table) -> Book {
        Book { sections: vec![Section { blocks: vec![Block::Table(table)], ..Section::default() }], ..Book::default() }
    }

    fn one_column(rows: Vec<Cell>) -> Table {
        let columns = vec![Column::new("Column", Form::Text)];
        let rows = rows.into_iter().map(|c| vec![c]).collect();
        Table { name: "a-table".into(), title: "A table".into(), columns, rows, ..Table::default() }
    }

    #[test]
    fn the_workbook_reads_back_with_types() {
        let mut workbook = open(workbook(&book(), at()).unwrap());
        assert_eq!(workbook.sheet_names().first().map(String::as_str), Some("Contents"));
        let sheet = workbook.worksheet_range("Register of Risks and Opportun…").unwrap();
        assert_eq!(sheet.get((0, 0)), Some(&Data::String("id".into())));
        let names = workbook.sheet_names();
        let tones = names.iter().find(|n| n.starts_with("Tones")).unwrap();
        let sheet = workbook.worksheet_range(tones).unwrap();
        // 5 March 2026 in days since 1900, as Excel counts.
        let Some(Data::DateTime(day)) = sheet.get((1, 2)) else { panic!("no date") };
        assert_eq!((day.as_f64(), day.is_datetime()), (46086.0, true));
        assert_eq!(sheet.get((1, 3)), Some(&Data::Float(-99.9)));
        let text = sheet.get((1, 4)).unwrap().get_string().unwrap();
        assert!(text.starts_with("=1+1 <script>") && text.contains("\\u{1b}[31m\\u{202e}"), "{text}");
        assert!(workbook.worksheet_formula(tones).unwrap().is_empty(), "no cell is a formula");
    }

    #[test]
    fn the_same_book_gives_the_same_bytes() {
        assert_eq!(workbook(&book(), at()).unwrap(), workbook(&book(), at()).unwrap());
    }

    #[test]
    fn names_of_sheets_are_short_plain_and_unlike() {
        let mut taken = BTreeSet::from(["history".to_owned()]);
        let mut name = |title: &str| free(&mut taken, title, "table-name");
        assert_eq!(name("Changes: all [of] '26/27"), "Changes all of 26 27");
        assert_eq!(name("changes all of 26 27"), "changes all of 26 27 2");
        assert_eq!(name("HISTORY"), "HISTORY 2");
        assert_eq!(name(" "), "table-name");
        assert_eq!(name("'[]'"), "Table");
        for title in ["🧯".repeat(40), "w".repeat(300), "w".repeat(300), HOSTILE.into()] {
            assert!(name(&title).encode_utf16().count() <= NAME);
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_off_and_said() {
        let long = Cell::text("🧯".repeat(CELL));
        let mut book = open(make(&of(one_column(vec![long, Cell::text("b"), Cell::text("c")])), at(), 4).unwrap());
        let sheet = book.worksheet_range("A table").unwrap();
        let text = sheet.get((1, 0)).unwrap().get_string().unwrap();
        assert!(
            text.encode_utf16().count() <= CELL
                && text.ends_with("… [cut off here: all of it is in tables/a-table.csv]")
        );
        let last = Data::String("Cut off here: all 3 rows are in tables/a-table.csv.".into());
        assert_eq!((sheet.get((3, 0)), sheet.height()), (Some(&last), 4));
        let contents = book.worksheet_range("Contents").unwrap();
        assert_eq!(contents.get_value((4, 3)), Some(&Data::String("tables/a-table.csv (complete there only)".into())));
    }

    #[test]
    fn strange_values_stay_text() {
        let odd = Cell { datum: Datum::Number(f64::NAN), ..Cell::text("not a number") };
        let old = Cell::date(Some(date(1899, 12, 31)));
        let escape = Cell::text("_x0041_");
        let mut book = open(workbook(&of(one_column(vec![odd, old, escape])), at()).unwrap());
        let sheet = book.worksheet_range("A table").unwrap();
        let texts: Vec<_> = (1..4).filter_map(|r| sheet.get((r, 0)).and_then(|c| c.get_string())).collect();
        assert_eq!(texts, ["not a number", "1899-12-31", "_x0041_"]);
        assert!(workbook(&Book::default(), at()).is_ok());
        let empty = Table { columns: Vec::new(), when_empty: "Nothing.".into(), ..one_column(vec![]) };
        assert!(workbook(&of(empty), at()).is_ok());
    }
}
