//! Tables for people and for spreadsheets.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::one_line;

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: Cow<'static, str>,
    /// May be cut first when the table is too wide for the terminal.
    pub shrinks: bool,
    /// Left out when there is no room for all; the highest goes first, 0 never goes.
    pub dispensable: u8,
}

impl Column {
    /// A column that keeps its width as long as others can give way.
    #[must_use]
    pub fn firm(title: impl Into<Cow<'static, str>>) -> Self {
        Self { title: title.into(), shrinks: false, dispensable: 0 }
    }

    /// A column that gives way.
    #[must_use]
    pub fn soft(title: impl Into<Cow<'static, str>>) -> Self {
        Self { title: title.into(), shrinks: true, dispensable: 0 }
    }

    /// Lets the column go when there is no room; the highest goes first.
    #[must_use]
    pub fn dispensable(self, order: u8) -> Self {
        Self { dispensable: order, ..self }
    }
}

/// Rows of text under headings. Control characters of the SMS are shown, never sent.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

const GAP: &str = "  ";
/// What is left of a column that gives way.
const LEAST: usize = 12;

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; each cell becomes one line.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.iter().map(|c| one_line(c)).collect());
    }

    /// A Markdown table.
    #[must_use]
    pub fn markdown(&self) -> String {
        let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('`', "'");
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(self.columns.iter().map(|c| c.title.to_string()).collect());
        out.push_str(&line(self.columns.iter().map(|_| "---".to_owned()).collect()));
        for row in &self.rows {
            out.push_str(&line(row.iter().map(|c| cell(c)).collect()));
        }
        out
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Aligned columns, cut to a width when one is given; headings in bold when there is colour.
    #[must_use]
    pub fn text(&self, width: Option<usize>, heading: bool, colour: bool) -> String {
        let (kept, gone) = self.for_width(width, heading);
        let mut out = kept.lines(width, heading, colour);
        if !gone.is_empty() && heading {
            out.extend(["(no room for ", &gone.join(", "), ")\n"]);
        }
        out
    }

    /// The columns there is room for, and the names of the others.
    fn for_width(&self, limit: Option<usize>, heading: bool) -> (Self, Vec<Cow<'static, str>>) {
        let mut kept = Self { columns: self.columns.clone(), rows: self.rows.clone() };
        let mut gone = Vec::new();
        while let Some(index) = limit.and_then(|limit| kept.first_to_go(limit, heading)) {
            gone.extend(kept.columns.get(index).map(|c| c.title.clone()));
            kept.columns.remove(index);
            kept.rows.iter_mut().filter(|r| index < r.len()).for_each(|r| {
                r.remove(index);
            });
        }
        (kept, gone)
    }

    /// The column to leave out when even the narrowest form is too wide.
    fn first_to_go(&self, limit: usize, heading: bool) -> Option<usize> {
        let natural = self.widths(None, heading);
        let least = self.columns.iter().zip(&natural).map(|(c, w)| if c.shrinks { LEAST.min(*w) } else { *w });
        let needed = least.sum::<usize>() + GAP.len() * natural.len().saturating_sub(1);
        let open = self.columns.iter().enumerate().filter(|(_, c)| c.dispensable > 0 && needed > limit);
        open.max_by_key(|(_, c)| c.dispensable).map(|(index, _)| index)
    }

    fn lines(&self, width: Option<usize>, heading: bool, colour: bool) -> String {
        let widths = self.widths(width, heading);
        let mut out = String::new();
        if heading {
            let line = line(self.columns.iter().map(|c| &*c.title), &widths);
            let (bold, plain) = if colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
            out.extend([bold, &line, plain, "\n"]);
        }
        for row in &self.rows {
            out.push_str(&line(row.iter().map(String::as_str), &widths));
            out.push('\n');
        }
        out
    }

    fn widths(&self, limit: Option<usize>, heading: bool) -> Vec<usize> {
        let natural = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|r| r.get(index)).map(|c| c.width()).max().unwrap_or(0);
            if heading { cells.max(column.title.width()) } else { cells }
        };
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(natural).collect();
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        if let Some(limit) = limit {
            while widths.iter().sum::<usize>() + gaps > limit && self.narrow(&mut widths) {}
        }
        widths
    }

    /// Takes one from the widest column that may give way; from any other when none may.
    fn narrow(&self, widths: &mut [usize]) -> bool {
        let widest = |soft: bool, least: usize, widths: &[usize]| {
            let columns = self.columns.iter().zip(widths).enumerate();
            let open = columns.filter(|(_, (c, w))| (c.shrinks || !soft) && **w > least);
            open.max_by_key(|(index, (_, w))| (**w, *index)).map(|(index, _)| index)
        };
        let chosen = widest(true, LEAST, widths).or_else(|| widest(false, 2, widths));
        match chosen.and_then(|index| widths.get_mut(index)) {
            Some(width) => {
                *width -= 1;
                true
            }
            None => false,
        }
    }

    /// RFC 4180 with headings. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    #[must_use]
    pub fn csv(&self) -> String {
        let headings = self.columns.iter().map(|c| c.title.to_lowercase().replace(' ', "_")).collect();
        let rows = std::iter::once(&headings).chain(&self.rows);
        rows.map(|row| row.iter().map(|c| csv_cell(c)).collect::<Vec<_>>().join(",") + "\r\n").collect()
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let mut out = String::new();
    for (index, (cell, width)) in cells.zip(widths).enumerate() {
        if index > 0 {
            out.push_str(GAP);
        }
        let cell = cut(cell, *width);
        out.push_str(&cell);
        out.push_str(&" ".repeat(width.saturating_sub(cell.width())));
    }
    out.truncate(out.trim_end().len());
    out
}

/// The text, or as much of it as fits with a mark that something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Text that a spreadsheet would calculate gets an apostrophe in front, the wide forms of East Asian keyboards among it.
pub(crate) fn not_calculated(text: String) -> String {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(risky) { format!("'{text}") } else { text }
}

fn csv_cell(text: &str) -> String {
    let text = not_calculated(text.to_owned());
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&[Column::firm("ID"), Column::soft("TITLE"), Column::firm("PATH")]);
        table.row(&["A-1".into(), "方針 and more words".into(), "a.md".into()]);
        table.row(&["A-02".into(), "Short\u{1b}[31m".into(), "b.md".into()]);
        table
    }

    #[test]
    fn columns_line_up_by_display_width() {
        insta::assert_snapshot!(table().text(None, true, false), @r"
        ID    TITLE                PATH
        A-1   方針 and more words  a.md
        A-02  Short\u{1b}[31m      b.md
        ");
    }

    #[test]
    fn a_narrow_terminal_cuts_the_soft_column_first() {
        let text = table().text(Some(24), true, false);
        assert!(text.lines().all(|l| l.width() <= 24), "{text}");
        assert!(text.contains("方針 and mo…") && text.contains("a.md"), "{text}");
        let mut slim = table();
        slim.columns[2] = slim.columns[2].clone().dispensable(1);
        let text = slim.text(Some(20), true, false);
        assert!(!text.contains("a.md") && text.ends_with("(no room for PATH)\n"), "{text}");
        let text = table().text(Some(12), false, false);
        assert!(text.lines().all(|l| l.width() <= 12), "{text}");
    }

    #[test]
    fn csv_runs_no_formula_and_quotes_what_needs_it() {
        let mut table = Table::new(&[Column::firm("A B"), Column::firm("C")]);
        table.row(&["=1+1".into(), "say \"x\", y".into()]);
        table.row(&["-".into(), "a\nb".into()]);
        table.row(&["＝cmd".into(), "＠x".into()]);
        assert_eq!(table.csv(), "a_b,c\r\n'=1+1,\"say \"\"x\"\", y\"\r\n'-,a b\r\n'＝cmd,'＠x\r\n");
    }
}
