//! Pieces of text, lists of facts, tables and charts.

use std::fmt::Write as _;

use super::links::{Place, entry_anchor};
use crate::pack::{Cell, Chart, Column, Form, Piece, Table, Tone, chart, markup};

/// A table with more rows is folded, so that a page stays easy to walk through.
const FOLDED_ABOVE: usize = 250;
/// A long table is folded by its first column when each value has as many rows on average.
const ROWS_OF_A_GROUP: usize = 3;
/// A table with more columns is printed on a page turned on its side.
const UPRIGHT_UP_TO: usize = 7;
/// A table with more columns is printed as one record after another: no page is wide enough.
const RECORDS_ABOVE: usize = 8;
/// A longer word is broken where the column ends.
const LONG_WORD: usize = 20;
/// The longest word of a column for short words that is kept on one line.
const SHORT: usize = 28;

/// How a table is placed on its page.
#[derive(Clone, Copy)]
pub(super) struct Placed<'t> {
    /// Its anchor, unique on the page.
    pub id: &'t str,
    /// Whether its rows are what links to entries lead to; such a table is never folded shut.
    pub entries: bool,
}

/// A table in a region of its own that scrolls sideways; its reason when it has no rows. A long one is folded: by the values of its
/// first column where each has several rows, or else as a whole.
pub(super) fn table(out: &mut String, place: Place<'_, '_>, table: &Table, placed: Placed<'_>) {
    let id = markup::anchor(placed.id);
    let title = markup::isolated(&table.title);
    if table.rows.is_empty() {
        let why = markup::isolated(&table.when_empty);
        let _ = writeln!(out, "<p id=\"{id}\"><strong>{title}:</strong> <span class=\"empty\">{why}</span></p>");
        return;
    }
    let caption = format!("{title}{}", remark(place, table));
    let whole = Part { table, rows: &table.rows, entries: placed.entries };
    if table.rows.len() <= FOLDED_ABOVE {
        region(out, place, whole, &id, &caption);
        return;
    }
    if let Some(groups) = groups(table).filter(|_| !placed.entries) {
        let _ = writeln!(out, "<p id=\"{id}\"><strong>{caption}</strong></p>");
        for (number, rows) in groups.into_iter().enumerate() {
            group(out, place, Part { rows, ..whole }, &format!("{id}_{number}"));
        }
        return;
    }
    let open = if placed.entries { " open" } else { "" };
    let rows = count(table.rows.len(), "row");
    let _ = writeln!(out, "<details{open}><summary>{title}: show all {rows}</summary>");
    region(out, place, whole, &id, &caption);
    out.push_str("</details>\n");
}

/// Folded rows below what they have in common.
fn group(out: &mut String, place: Place<'_, '_>, part: Part<'_>, id: &str) {
    let name = format!("{} ({})", group_name(part.rows), count(part.rows.len(), "row"));
    let shown = worst(part.rows).map_or_else(|| name.clone(), |tone| toned(tone, &name));
    let _ = writeln!(out, "<details class=\"group\"><summary>{shown}</summary>");
    region(out, place, part, id, &name);
    out.push_str("</details>\n");
}

/// Rows of a table that stand together.
#[derive(Clone, Copy)]
struct Part<'t> {
    table: &'t Table,
    rows: &'t [Vec<Cell>],
    entries: bool,
}

fn region(out: &mut String, place: Place<'_, '_>, part: Part<'_>, id: &str, caption: &str) {
    let records = part.table.columns.len() > RECORDS_ABOVE;
    let wide = if records { " records" } else { wide(part.table.columns.len()) };
    let _ = writeln!(
        out,
        "<div class=\"scroll{wide}\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\">\n<table>\n\
         <caption id=\"{id}\">{caption}</caption>"
    );
    head(out, part.table);
    rows(out, place, part);
    out.push_str("</table>\n</div>\n");
}

/// Rows that follow each other with one value in the first column; nothing when most values stand alone.
fn groups(table: &Table) -> Option<Vec<&[Vec<Cell>]>> {
    let value = |row: &Vec<Cell>| row.first().map(markup::cell_text);
    let groups: Vec<&[Vec<Cell>]> = table.rows.chunk_by(|a, b| value(a) == value(b)).collect();
    (groups.len() > 1 && groups.len() * ROWS_OF_A_GROUP <= table.rows.len()).then_some(groups)
}

/// What must not be hidden by folding rows.
fn worst(rows: &[Vec<Cell>]) -> Option<Tone> {
    let tones = || rows.iter().flatten().flat_map(|c| &c.pieces).map(|p| p.tone);
    [Tone::Bad, Tone::Attention].into_iter().find(|tone| tones().any(|t| t == *tone))
}

/// The first value of a group, and the second where it is the same in all rows.
fn group_name(rows: &[Vec<Cell>]) -> String {
    let text = |row: &Vec<Cell>, column: usize| row.get(column).map(markup::cell_text).unwrap_or_default();
    let Some(first) = rows.first() else { return String::new() };
    let second = text(first, 1);
    let same = rows.iter().all(|r| text(r, 1) == second);
    let name = if same { format!("{} {second}", text(first, 0)) } else { text(first, 0) };
    markup::isolated(name.trim())
}

/// How a table of so many columns is printed.
pub(super) fn wide(columns: usize) -> &'static str {
    if columns > UPRIGHT_UP_TO { " wide" } else { "" }
}

/// How many rows, and where they are as data.
fn remark(place: Place<'_, '_>, table: &Table) -> String {
    let rows = count(table.rows.len(), "row");
    let csv = place.csv(table).map_or_else(String::new, |href| format!(", <a href=\"{href}\">as CSV</a>"));
    format!(" <span class=\"count\">({rows}{csv})</span>")
}

fn head(out: &mut String, table: &Table) {
    out.push_str("<thead><tr>");
    for column in &table.columns {
        let class = match column.form {
            _ if has_long_word(&column.title) => " class=\"l\"",
            Form::Number => " class=\"n\"",
            _ => "",
        };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", markup::isolated(&column.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn rows(out: &mut String, place: Place<'_, '_>, part: Part<'_>) {
    let Part { table, entries, .. } = part;
    let mut seen = std::collections::BTreeSet::new();
    let named = table.columns.len() > RECORDS_ABOVE;
    let name = |c: &Column| if named { format!(" data-name=\"{}\"", markup::line(&c.title)) } else { String::new() };
    let columns: Vec<_> = table.columns.iter().map(|c| (c.form, name(c))).collect();
    for (index, row) in part.rows.iter().enumerate() {
        let entry = table.anchors.get(index).filter(|a| entries && !a.is_empty() && seen.insert(a.as_str()));
        let id = entry.map_or_else(String::new, |a| format!(" id=\"{}\"", entry_anchor(a)));
        let _ = write!(out, "<tr{id}>");
        for (index, (cell, (form, name))) in row.iter().zip(&columns).enumerate() {
            let names_row = index == 0 && *form == Form::Short && !cell.pieces.is_empty();
            let (open, close) = if names_row { ("th scope=\"row\"", "th") } else { ("td", "td") };
            let class = class(cell, *form);
            let _ = write!(out, "<{open}{class}{name}>{}</{close}>", values(place, &cell.pieces));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n");
}

fn class(cell: &Cell, form: Form) -> &'static str {
    let length = || cell.pieces.iter().map(|p| p.text.chars().count()).sum::<usize>();
    match form {
        _ if cell.pieces.iter().any(|p| has_long_word(&p.text)) => " class=\"l\"",
        Form::Number => " class=\"n\"",
        Form::Date => " class=\"s\"",
        Form::Short if length() <= SHORT => " class=\"s\"",
        Form::Text if length() > SHORT => " class=\"w\"",
        Form::Short | Form::Text => "",
    }
}

/// Whether a text has a word that would push a column too wide.
pub(super) fn has_long_word(text: &str) -> bool {
    text.split([' ', '\n', '-']).any(|w| w.chars().count() > LONG_WORD)
}

/// Values with what separates them.
pub(super) fn values(place: Place<'_, '_>, pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut before: Option<&Piece> = None;
    for next in pieces {
        out.push_str(before.map_or("", |b| markup::between(b, next)));
        piece(&mut out, place, next);
        before = Some(next);
    }
    out
}

/// A sentence made of pieces.
pub(super) fn sentence(place: Place<'_, '_>, pieces: &[Piece]) -> String {
    let mut out = String::new();
    for next in pieces {
        piece(&mut out, place, next);
    }
    out
}

fn piece(out: &mut String, place: Place<'_, '_>, piece: &Piece) {
    let text = markup::isolated(&piece.text);
    let linked = match piece.target.as_ref().and_then(|t| place.href(t)) {
        Some(href) => format!("<a href=\"{href}\">{text}</a>"),
        None => text,
    };
    out.push_str(&toned(piece.tone, &linked));
}

/// Meaning as a mark with a name, besides its colour.
pub(super) fn toned(tone: Tone, inner: &str) -> String {
    let Some(Mark { class, sign, name }) = mark(tone).filter(|_| !inner.trim().is_empty()) else {
        return inner.to_owned();
    };
    // A dash says enough.
    if !inner.contains(char::is_alphanumeric) {
        return format!("<span class=\"{class}\">{inner}</span>");
    }
    format!(
        "<span class=\"{class}\"><span class=\"mark\" role=\"img\" aria-label=\"{name}\">{sign}</span>{inner}</span>"
    )
}

pub(super) struct Mark {
    pub class: &'static str,
    pub sign: &'static str,
    pub name: &'static str,
}

pub(super) fn mark(tone: Tone) -> Option<Mark> {
    let (class, sign, name) = match tone {
        Tone::Plain => return None,
        Tone::Good => ("good", "✓", "in order"),
        Tone::Attention => ("attention", "!", "to be looked at"),
        Tone::Bad => ("bad", "✗", "missing or wrong"),
        Tone::Muted => ("muted", "○", "not decided, withheld or not applicable"),
    };
    Some(Mark { class, sign, name })
}

/// Labels with what they say.
pub(super) fn facts(out: &mut String, place: Place<'_, '_>, facts: &[(String, Vec<Piece>)]) {
    if facts.is_empty() {
        return;
    }
    out.push_str("<dl class=\"facts\">\n");
    for (label, pieces) in facts {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", markup::isolated(label), values(place, pieces));
    }
    out.push_str("</dl>\n");
}

/// A chart with its sentence, and its values as a table for those who cannot see it.
pub(super) fn figure(out: &mut String, chart: &Chart) {
    let title = markup::isolated(&chart.title);
    let name = markup::line(&chart.title);
    let _ = write!(
        out,
        "<figure>\n<figcaption>{title}</figcaption>\n<p>{}</p>\n\
         <div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Chart: {name}\">{}</div>\n\
         <details><summary>Values of the chart</summary>\n<table><thead><tr><th scope=\"col\">Period</th>\
         <th scope=\"col\" class=\"n\">Value</th></tr></thead>\n<tbody>\n",
        markup::isolated(&chart.description),
        chart::svg(chart)
    );
    for (period, value) in &chart.series {
        let period = markup::isolated(period);
        let _ = writeln!(out, "<tr><th scope=\"row\" class=\"s\">{period}</th><td class=\"n\">{value}</td></tr>");
    }
    out.push_str("</tbody></table></details>\n</figure>\n");
}

pub(super) fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
