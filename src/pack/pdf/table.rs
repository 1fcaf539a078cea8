//! Tables on paper: how wide each column may be, when the page turns, what of a long or wide table is printed.

use super::target::{Setting, shown};
use super::text::{widest_part, width};
use crate::pack::book::{Column, Form, Table};

/// Size of the letters in tables, in points.
const LETTERS: f64 = 8.0;
/// Left and right of a cell together, in points.
const PADDING: f64 = 10.0;
/// What a page holds between its margins, upright and turned, in points.
const UPRIGHT: f64 = 481.0;
const TURNED: f64 = 728.0;
/// Columns that an upright page, and a turned one, can hold.
const UPRIGHT_COLUMNS: usize = 7;
pub(super) const TURNED_COLUMNS: usize = 11;
/// Rows above which a register is printed in short.
const LONG_REGISTER: usize = 400;
/// Rows that are printed of any table at most.
pub(super) const MOST_ROWS: usize = 1000;
/// Rows of a table of a section in a book so large that it is divided: its first volume holds them all.
pub(super) const FEW_ROWS: usize = 200;
/// A row of fewer lines stays on one page.
const WHOLE_ROW: f64 = 14.0;
/// No column is narrower, in points.
const NARROWEST: f64 = 26.0;

/// How a column behaves: what it needs to keep its words whole, and what it would take.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    /// Widest word, in em of the letters.
    pub(super) word: f64,
    /// Widest line, in em of the letters.
    pub(super) line: f64,
    /// Holds running text.
    pub(super) text: bool,
}

impl Need {
    /// A column by its heading and what its cells say.
    pub(super) fn of<'t>(title: &str, cells: impl Iterator<Item = &'t str>, text: bool) -> Self {
        let mut need = Self { word: widest_part(title) * 1.1, line: width(title) * 1.1, text };
        for cell in cells {
            need.word = need.word.max(widest_part(cell));
            need.line = need.line.max(cell.lines().map(width).fold(0.0, f64::max));
        }
        need
    }

    fn least(&self) -> f64 {
        (self.word * LETTERS + PADDING).max(NARROWEST)
    }

    fn whole(&self) -> f64 {
        (self.line * LETTERS + PADDING).max(NARROWEST)
    }

    /// What makes a column that is not text comfortable: all of it on one line, within reason.
    fn modest(&self) -> f64 {
        if self.text { self.least() } else { self.whole().min(self.least().max(120.0)) }
    }
}

/// Whether a table with these columns needs a turned page.
pub(super) fn turns(needs: &[Need]) -> bool {
    needs.len() > UPRIGHT_COLUMNS || needs.iter().map(Need::least).sum::<f64>() > UPRIGHT * 1.05
}

/// Widths of the columns, in points; together they fill the page.
pub(super) fn widths(needs: &[Need], turned: bool) -> Vec<f64> {
    let page = if turned { TURNED } else { UPRIGHT };
    let whole: Vec<f64> = needs.iter().map(Need::whole).collect();
    if whole.iter().sum::<f64>() <= page {
        return filled(whole, needs, page);
    }
    let mut base: Vec<f64> = needs.iter().map(Need::modest).collect();
    if base.iter().sum::<f64>() > page {
        base = needs.iter().map(Need::least).collect();
    }
    let taken: f64 = base.iter().sum();
    if taken > page {
        return capped(base, page);
    }
    // Long texts get more room than short ones, but not in proportion: a paragraph beside a sentence would take all.
    let wishes: Vec<f64> = base.iter().zip(&whole).map(|(b, w)| (w - b).max(0.0).sqrt()).collect();
    let all_wishes = wishes.iter().sum::<f64>().max(1.0);
    base.iter().zip(wishes).map(|(b, wish)| b + (page - taken) * wish / all_wishes).collect()
}

/// Takes from the widest columns what is too much, so that the narrow ones keep their words whole.
fn capped(mut base: Vec<f64>, page: f64) -> Vec<f64> {
    let mut sorted = base.clone();
    sorted.sort_by(f64::total_cmp);
    let mut rest = page;
    let mut left = f64::from(u8::try_from(sorted.len()).unwrap_or(u8::MAX));
    for width in sorted {
        if width * left > rest {
            break;
        }
        rest -= width;
        left -= 1.0;
    }
    let cap = rest / left.max(1.0);
    for width in &mut base {
        *width = width.min(cap);
    }
    base
}

/// The room that is left goes to the columns of text; when there are none, to all.
fn filled(mut whole: Vec<f64>, needs: &[Need], page: f64) -> Vec<f64> {
    let rest = page - whole.iter().sum::<f64>();
    let any_text = needs.iter().any(|n| n.text);
    let takes = |n: &Need| if any_text { f64::from(u8::from(n.text)) } else { n.line.max(1.0) };
    let shares: f64 = needs.iter().map(takes).sum();
    for (column, need) in whole.iter_mut().zip(needs) {
        *column += rest * takes(need) / shares.max(1.0);
    }
    whole
}

/// The room of a cell for words, in em.
pub(super) fn room(column: f64) -> f64 {
    ((column - PADDING) / LETTERS).max(1.5)
}

/// The room for words in a column, in em, before the widths are known: what it has when all are as narrow as each other.
pub(super) fn room_of_share(columns: usize, may_turn: bool) -> f64 {
    let page = if may_turn && columns > UPRIGHT_COLUMNS { TURNED } else { UPRIGHT };
    let share = f64::from(u8::try_from(columns.clamp(1, TURNED_COLUMNS)).unwrap_or(1));
    room(page / share).min(11.4)
}

/// A column as Typst: its width.
pub(super) fn columns(widths: &[f64]) -> String {
    widths.iter().map(|w| format!("{w:.1}pt,")).collect()
}

/// How many rows of a table are printed.
pub(super) fn printed_rows(table: &Table) -> usize {
    table.rows.len().min(MOST_ROWS)
}

/// The columns that a turned page can hold; the others follow below each row.
fn beside(table: &Table) -> Vec<usize> {
    (0..table.columns.len().min(TURNED_COLUMNS)).collect()
}

/// Id, label, status and main date, as far as a table has them.
fn in_short(columns: &[Column]) -> Vec<usize> {
    let position = |wanted: &dyn Fn(&Column) -> bool| columns.iter().position(wanted);
    let status = |c: &Column| c.title.to_lowercase().contains("status");
    let mut out: Vec<usize> = [
        (!columns.is_empty()).then_some(0),
        position(&|c| c.form == Form::Text),
        position(&status),
        position(&|c| c.form == Form::Date),
    ]
    .into_iter()
    .flatten()
    .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A table with its needs measured.
pub(super) struct Laid<'t> {
    table: &'t Table,
    /// The columns that stand side by side.
    leading: Vec<usize>,
    needs: Vec<Need>,
    /// How many rows are printed.
    rows: usize,
    /// Printed in short: the other columns are left to the data files, instead of following below each row.
    short: bool,
}

impl<'t> Laid<'t> {
    /// A table of a section: an index, a matrix, a report.
    pub(super) fn of(table: &'t Table, most: usize) -> Self {
        Self::with(table, beside(table), table.rows.len().min(most), false)
    }

    /// The entries of a register, which the data files hold too: a long one is printed in short.
    pub(super) fn register(table: &'t Table) -> Self {
        let short = table.rows.len() > LONG_REGISTER;
        let leading = if short { in_short(&table.columns) } else { beside(table) };
        Self::with(table, leading, printed_rows(table), short)
    }

    /// A table with all its rows, whatever its length.
    pub(super) fn complete(table: &'t Table) -> Self {
        Self::with(table, beside(table), table.rows.len(), false)
    }

    fn with(table: &'t Table, leading: Vec<usize>, rows: usize, short: bool) -> Self {
        let needs = leading.iter().map(|i| need(table, *i)).collect();
        Self { table, leading, needs, rows, short }
    }

    /// Whether it needs a turned page.
    pub(super) fn turns(&self) -> bool {
        !self.table.rows.is_empty() && turns(&self.needs)
    }

    /// The table as statements; `sheet` is the document whose entries the rows are.
    pub(super) fn set(&self, setting: &Setting<'_>, turned: bool, sheet: Option<usize>) -> String {
        if self.table.rows.is_empty() {
            return format!("par(emph({{{}}}));", setting.ink.words(&self.table.when_empty, 50.0));
        }
        let widths = widths(&self.needs, turned);
        let mut out = self.in_short_note(setting);
        out.push_str(&self.opening(setting, &widths));
        for row in 0..self.rows {
            self.row(setting, &widths, row, sheet, &mut out);
        }
        out.push_str(");");
        out
    }

    fn opening(&self, setting: &Setting<'_>, widths: &[f64]) -> String {
        let mut out = format!("table(columns:({}),", columns(widths));
        let numbers = self.leading.iter().filter_map(|i| self.table.columns.get(*i)).map(|c| c.form == Form::Number);
        let align: String = numbers.map(|n| if n { "right," } else { "left," }).collect();
        out.push_str(&format!("align:({align}),"));
        if self.has_below() {
            out.push_str("stroke:none,");
        }
        out.push_str("table.header(");
        for (index, width) in self.leading.iter().zip(widths) {
            let title = self.table.columns.get(*index).map_or("", |c| c.title.as_str());
            out.push_str(&heading(&setting.ink.words(title, room(*width) / 1.1)));
        }
        out.push_str("),");
        out
    }

    fn row(&self, setting: &Setting<'_>, widths: &[f64], row: usize, sheet: Option<usize>, out: &mut String) {
        let Some(cells) = self.table.rows.get(row) else { return };
        let place = sheet.zip(self.table.anchors.get(row)).and_then(|(s, id)| setting.place_of_row(id, s, row));
        let place = place.map_or_else(String::new, |p| format!("[#metadata(none)<{p}>];"));
        let below = self.below(setting, row);
        let mut lines = if below.is_empty() { 0.0 } else { 2.0 };
        let mut first = String::new();
        let mut others = String::new();
        for (nth, (index, width)) in self.leading.iter().zip(widths).enumerate() {
            let Some(cell) = cells.get(*index) else { continue };
            lines = f64::max(lines, lines_of(&shown(cell), room(*width)));
            let set = setting.cell(&cell.pieces, room(*width));
            if nth == 0 { first = format!("{{{place}{set}}}") } else { others.push_str(&format!("{set},")) }
        }
        let whole = if lines <= WHOLE_ROW { "breakable:false," } else { "" };
        let deep = if below.is_empty() { "" } else { "rowspan:2," };
        out.push_str(&format!("table.cell({whole}{deep}{first}),{others}{below}"));
        out.push_str(if self.has_below() { "table.hline()," } else { "" });
    }

    /// Whether fields without a column follow below each row.
    fn has_below(&self) -> bool {
        !self.short && self.table.columns.len() > self.leading.len()
    }

    /// The filled fields that have no column, on one line over the columns behind the first.
    fn below(&self, setting: &Setting<'_>, row: usize) -> String {
        if !self.has_below() {
            return String::new();
        }
        let cells = self.table.rows.get(row).map_or(&[][..], Vec::as_slice);
        let rest = cells.iter().zip(&self.table.columns).skip(self.leading.len());
        let mut said = String::new();
        for (cell, column) in rest.filter(|(c, _)| !shown(c).trim().is_empty()) {
            if !said.is_empty() {
                said.push_str("\" · \";");
            }
            said.push_str(&format!("text(fill:muted,{{{}\": \"}});", setting.ink.words(&column.title, 50.0)));
            said.push_str(&format!("{};", setting.cell(&cell.pieces, 50.0)));
        }
        if said.is_empty() {
            return String::new();
        }
        format!("table.cell(colspan:{},align:left,{{{said}}}),", self.leading.len().saturating_sub(1))
    }

    /// What is not printed of a long table, and where it stands.
    fn in_short_note(&self, setting: &Setting<'_>) -> String {
        let (all, printed) = (self.table.rows.len(), self.rows);
        if !self.short && printed == all {
            return String::new();
        }
        let rows = if printed < all { format!("the first {printed} of {all} rows") } else { format!("all {all} rows") };
        let (shown, columns) = (self.leading.len(), self.table.columns.len());
        let which = if self.short { format!("{rows}, with {shown} of {columns} columns") } else { rows };
        let said = format!(
            "Printed here: {which}. The complete list is the file {}.csv, and the sheet of that name in the workbook.",
            self.table.name
        );
        format!("par({{{}}});", setting.ink.words(&said, 50.0))
    }
}

/// About how many lines a text takes in a column.
fn lines_of(text: &str, room: f64) -> f64 {
    text.lines().map(|l| (width(l) / room).ceil()).sum()
}

fn need(table: &Table, column: usize) -> Need {
    let cells: Vec<String> = table.rows.iter().filter_map(|r| r.get(column)).map(shown).collect();
    let (title, form) = table.columns.get(column).map_or(("", Form::Text), |c| (c.title.as_str(), c.form));
    Need::of(title, cells.iter().map(String::as_str), form == Form::Text)
}

/// A cell of the heading row, with a comma behind it.
pub(super) fn heading(words: &str) -> String {
    format!("table.cell(fill:shade,strong({{{words}}})),")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::book::{Book, Cell};

    fn table(columns: usize, rows: usize) -> Table {
        let forms = [Form::Short, Form::Text, Form::Date, Form::Number];
        let column = |i: usize| Column::new(format!("Column {i}"), forms[i % 4]);
        let row = |r: usize| (0..columns).map(|c| Cell::text(format!("r{r}c{c}"))).collect();
        Table {
            name: "risks".into(),
            columns: (0..columns).map(column).collect(),
            rows: (0..rows).map(row).collect(),
            when_empty: "There are none.".into(),
            ..Table::default()
        }
    }

    fn set(table: &Table, turned: bool) -> String {
        let book = Book::default();
        Laid::of(table, MOST_ROWS).set(&Setting::of(&book, &(0..0), true), turned, None)
    }

    #[test]
    fn columns_fill_the_page_and_never_more() {
        for columns in 1..=11 {
            for letters in [1, 9, 40, 400] {
                let text = "long words ".repeat(letters) + &"x".repeat(letters);
                let needs: Vec<Need> =
                    (0..columns).map(|i| Need::of("Heading", [text.as_str()].into_iter(), i % 2 == 0)).collect();
                for (turned, page) in [(false, UPRIGHT), (true, TURNED)] {
                    let sum: f64 = widths(&needs, turned).iter().sum();
                    assert!((sum - page).abs() < 0.01, "{columns} columns of {letters}: {sum}");
                }
            }
        }
    }

    #[test]
    fn short_columns_keep_their_words_and_texts_take_the_rest() {
        let text = "A long explanation of what was decided and why. ".repeat(6);
        let needs =
            [Need::of("Id", ["RISK-00012"].into_iter(), false), Need::of("Why", [text.as_str()].into_iter(), true)];
        let widths = widths(&needs, false);
        assert!(widths[0] > 50.0 && widths[0] < 80.0, "{widths:?}");
        assert!(widths[1] > 400.0, "{widths:?}");
    }

    #[test]
    fn the_page_turns_for_more_than_seven_columns() {
        assert!(!Laid::of(&table(7, 2), MOST_ROWS).turns());
        assert!(Laid::of(&table(8, 2), MOST_ROWS).turns());
        assert!(!Laid::of(&table(8, 0), MOST_ROWS).turns(), "an empty table is a sentence");
    }

    #[test]
    fn columns_beyond_eleven_follow_below_their_row() {
        let out = set(&table(13, 2), true);
        assert!(out.contains("colspan:10") && out.contains("rowspan:2"), "{out}");
        assert!(out.contains("text(fill:muted,{\"Column 12\";\": \"});{\"r1c12\";}"), "{out}");
    }

    #[test]
    fn a_long_table_is_printed_in_short_and_says_so() {
        let book = Book::default();
        let register = |t: &Table| Laid::register(t).set(&Setting::of(&book, &(0..0), true), false, Some(0));
        let out = register(&table(8, 401));
        assert!(out.contains("all 401 rows, with 3 of 8 columns") && out.contains("risks.csv"), "{out}");
        assert!(out.contains("\"r400c0\"") && out.contains("\"r400c2\"") && !out.contains("\"r400c3\""));
        assert!(!register(&table(8, 400)).contains("Printed here"));
        let out = set(&table(8, 2500), true);
        assert!(
            out.contains("Printed here: the first 1000 of 2500 rows.") && out.contains("\"r0c7\""),
            "{}",
            &out[..300]
        );
    }

    #[test]
    fn an_empty_table_says_why() {
        assert_eq!(set(&table(3, 0), false), "par(emph({\"There are none.\";}));");
    }
}
