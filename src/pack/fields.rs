//! Fields of entries as people read them, and as typed data: the tables of registers.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::book::{Cell, Column, Datum, Form as ColumnForm, Piece, Table};
use super::facts::Facts;
use super::pieces::{self, WITHHELD, plain};
use crate::document::{Data, Node};
use crate::schema::{Form, Shape};
use crate::workspace::{EntityView, duration};

/// Entries as a table: a column for each field that one of them fills, in the order of the schema.
pub(super) struct Entries<'f> {
    pub facts: &'f Facts<'f>,
    /// Schema of one entry.
    pub shape: Option<&'f Shape>,
    /// Name of the table.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Whether ids lead to the register: in a list outside of it.
    pub linked: bool,
}

impl Entries<'_> {
    /// The table of these entries.
    pub fn table(&self, entries: &[EntityView<'_>]) -> Table {
        let fields = self.fields(entries);
        let rows: Vec<Vec<Cell>> = entries.iter().map(|e| self.row(*e, &fields)).collect();
        let column = |(ix, field): (usize, &String)| {
            let shape = self.shape.and_then(|s| s.field(field));
            Column::new(heading(field), form(field, shape, rows.iter().filter_map(|r| r.get(ix))))
        };
        Table {
            name: self.name.clone(),
            title: self.title.clone(),
            columns: fields.iter().enumerate().map(column).collect(),
            rows,
            when_empty: "The register has no entries.".into(),
            anchors: if self.linked { Vec::new() } else { entries.iter().map(|e| e.id().to_owned()).collect() },
        }
    }

    fn fields(&self, entries: &[EntityView<'_>]) -> Vec<String> {
        let filled: BTreeSet<&str> = entries.iter().flat_map(|e| filled(e.node())).collect();
        let known = self.shape.into_iter().flat_map(Shape::field_names);
        let mut out: Vec<String> = known.filter(|f| filled.contains(f)).map(str::to_owned).collect();
        let others = filled.iter().filter(|f| !out.iter().any(|o| o == *f));
        let others: Vec<String> = others.map(|f| (*f).to_owned()).collect();
        out.extend(others);
        out
    }

    fn row(&self, entry: EntityView<'_>, fields: &[String]) -> Vec<Cell> {
        let of_field = |field: &String| match entry.node().get(field) {
            Some(_) if field == "id" && self.linked => pieces::cell(pieces::id(entry)),
            Some(node) => cell(self.facts, node, self.shape.and_then(|s| s.field(field))),
            None => Cell::default(),
        };
        fields.iter().map(of_field).collect()
    }
}

/// The fields of one entry, one below the other.
pub(super) fn listed(facts: &Facts<'_>, node: &Node, shape: Option<&Shape>, title: &str, name: &str) -> Table {
    let in_order = shape.into_iter().flat_map(Shape::field_names).filter(|f| node.get(f).is_some());
    let mut fields: Vec<&str> = in_order.collect();
    let others: Vec<&str> = filled(node).filter(|f| !fields.contains(f)).collect();
    fields.extend(others);
    let row = |field: &&str| {
        let value = node.get(field)?;
        Some(vec![Cell::text(heading(field)), cell(facts, value, shape.and_then(|s| s.field(field)))])
    };
    Table {
        name: name.to_owned(),
        title: title.to_owned(),
        columns: vec![Column::new("Field", ColumnForm::Short), Column::new("Value", ColumnForm::Text)],
        rows: fields.iter().filter_map(row).collect(),
        when_empty: "The entry has no fields.".into(),
        anchors: Vec::new(),
    }
}

fn filled(node: &Node) -> impl Iterator<Item = &str> {
    let says = |n: &Node| match &n.data {
        Data::Null => false,
        Data::Scalar { text, .. } => !text.is_empty(),
        Data::List(items) => !items.is_empty(),
        Data::Map(fields) => !fields.is_empty(),
    };
    node.fields().iter().filter(move |f| says(&f.value)).map(|f| &*f.key)
}

/// `due_on` as people read it.
pub(super) fn heading(field: &str) -> String {
    crate::workspace::heading(field)
}

fn form<'c>(field: &str, shape: Option<&Shape>, cells: impl Iterator<Item = &'c Cell>) -> ColumnForm {
    let filled: Vec<&Cell> = cells.filter(|c| !c.pieces.is_empty() && c.plain() != WITHHELD).collect();
    let all = |test: fn(&Datum) -> bool| !filled.is_empty() && filled.iter().all(|c| test(&c.datum));
    let few = |c: &&Cell| c.pieces.iter().all(|p| p.text.len() <= 20 && !p.text.contains(' ')) && c.pieces.len() <= 2;
    let word = shape.is_some_and(|s| !s.choices.is_empty() || matches!(s.form, Form::Bool));
    match () {
        () if all(|d| matches!(d, Datum::Date(_))) => ColumnForm::Date,
        () if all(|d| matches!(d, Datum::Number(_))) => ColumnForm::Number,
        () if word || matches!(field, "id" | "status" | "version") || filled.iter().all(few) => ColumnForm::Short,
        () => ColumnForm::Text,
    }
}

/// A value as a cell: typed where it is a day or a number, leading somewhere where it names something.
pub(super) fn cell(facts: &Facts<'_>, node: &Node, shape: Option<&Shape>) -> Cell {
    match &node.data {
        Data::Null => Cell::default(),
        Data::Scalar { text, .. } => scalar_cell(facts, text, shape),
        Data::List(items) => {
            let item = shape.and_then(Shape::item);
            let numbered = items.len() > 1;
            let each = |(ix, n): (usize, &Node)| pieces_of(facts, n, item, numbered.then_some(ix + 1));
            Cell::pieces(items.iter().enumerate().flat_map(each).collect())
        }
        Data::Map(_) => Cell::pieces(pieces_of(facts, node, shape, None)),
    }
}

fn scalar_cell(facts: &Facts<'_>, text: &str, shape: Option<&Shape>) -> Cell {
    let number = || text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let is_number = shape.is_some_and(|s| matches!(s.form, Form::Number));
    if let Some(day) = exact_day(text).filter(|_| shape.is_none_or(|s| s.refs.is_empty())) {
        return Cell::date(Some(day));
    }
    if let Some(number) = number().filter(|_| is_number) {
        return Cell::number(text, number);
    }
    pieces::cell(piece(facts, text, shape))
}

/// A day and nothing more.
fn exact_day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// A scalar as a piece: a role by its title, another id as a link, yes and no, lengths of time in words.
fn piece(facts: &Facts<'_>, text: &str, shape: Option<&Shape>) -> Piece {
    let refers = shape.is_some_and(|s| !s.refs.is_empty());
    match facts.ws.entity(text).filter(|_| refers) {
        Some(target) if target.is("role") => pieces::role(facts, text),
        Some(target) => pieces::id(target),
        None if refers => plain(text),
        None => plain(&words(text, shape)),
    }
}

fn words(text: &str, shape: Option<&Shape>) -> String {
    let bool = shape.is_some_and(|s| matches!(s.form, Form::Bool));
    match text {
        "true" if bool => "yes".into(),
        "false" if bool => "no".into(),
        _ => period_in_words(text).unwrap_or_else(|| text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// `P6M` as `6 months`; none for anything else.
pub(super) fn period_in_words(text: &str) -> Option<String> {
    let span = text.starts_with('P').then(|| duration(text)).flatten()?;
    let units = [
        (i64::from(span.get_years()), "year"),
        (i64::from(span.get_months()), "month"),
        (i64::from(span.get_weeks()), "week"),
        (i64::from(span.get_days()), "day"),
        (i64::from(span.get_hours()), "hour"),
        (span.get_minutes(), "minute"),
        (span.get_seconds(), "second"),
    ];
    let said = units.into_iter().filter(|(n, _)| *n > 0);
    let said: Vec<String> =
        said.map(|(n, unit)| if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// An item of a list: its words, then what it names, each leading there.
fn pieces_of(facts: &Facts<'_>, node: &Node, shape: Option<&Shape>, number: Option<usize>) -> Vec<Piece> {
    let Data::Map(_) = &node.data else {
        return match node.as_str() {
            Some(text) => vec![piece(facts, text, shape)],
            None => node.items().iter().flat_map(|n| pieces_of(facts, n, shape.and_then(Shape::item), None)).collect(),
        };
    };
    let mut links = Vec::new();
    let told = in_words(facts, node, shape, &mut links);
    let told = number.map_or_else(|| told.clone(), |n| format!("{n}. {told}"));
    std::iter::once(plain(&told)).chain(links).collect()
}

/// Fields that come first when a map is told, without their names.
const LEADS: [&str; 9] = ["id", "text", "title", "what", "name", "person", "stage", "version", "statement"];

/// A map as a phrase: `order two lines (owner Operations manager, due on 2026-06-30)`. What it names goes to `links`.
fn in_words(facts: &Facts<'_>, node: &Node, shape: Option<&Shape>, links: &mut Vec<Piece>) -> String {
    if let Some(target) = target_in_words(node) {
        return target;
    }
    let mut lead: Vec<String> = Vec::new();
    let mut rest: Vec<String> = Vec::new();
    for field in node.fields() {
        let shape = shape.and_then(|s| s.field(&field.key));
        let said = value_in_words(facts, &field.value, shape, links);
        match (said.is_empty(), LEADS.contains(&&*field.key)) {
            (true, _) => {}
            (false, true) => lead.push(said),
            (false, false) => rest.push(format!("{} {said}", name_in_words(&field.key))),
        }
    }
    match (lead.is_empty(), rest.is_empty()) {
        (true, _) => rest.join(", "),
        (false, true) => lead.join(" "),
        (false, false) => format!("{} ({})", lead.join(" "), rest.join(", ")),
    }
}

fn name_in_words(field: &str) -> String {
    match field {
        "valid_from" => "from".into(),
        "valid_to" => "to".into(),
        other => heading(other).to_lowercase(),
    }
}

fn value_in_words(facts: &Facts<'_>, node: &Node, shape: Option<&Shape>, links: &mut Vec<Piece>) -> String {
    match &node.data {
        Data::Null => String::new(),
        Data::Scalar { text, .. } => {
            let piece = piece(facts, text, shape);
            let role = facts.ws.entity(text).is_some_and(|e| e.is("role"));
            if piece.target.is_some() && !role {
                links.push(piece);
                return String::new();
            }
            piece.text
        }
        Data::List(items) => {
            let item = shape.and_then(Shape::item);
            let all: Vec<String> = items.iter().map(|n| value_in_words(facts, n, item, links)).collect();
            all.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ")
        }
        Data::Map(_) => in_words(facts, node, shape, links),
    }
}

/// `{comparator: ">=", value: 99.9, unit: "%"}` as `at least 99.9 %`.
pub(super) fn target_in_words(node: &Node) -> Option<String> {
    let comparator = match node.str("comparator")? {
        ">=" => "at least ",
        "<=" => "at most ",
        ">" => "above ",
        "<" => "below ",
        "=" => "exactly ",
        _ => "",
    };
    let value = node.str("value")?;
    let upper = node.str("upper").map_or_else(String::new, |u| format!(" to {u}"));
    let unit = node.str("unit").map_or_else(String::new, |u| format!(" {u}"));
    let per = node.str("per").and_then(period_in_words).map_or_else(String::new, |p| format!(", over {p}"));
    let by = node.str("by").map_or_else(String::new, |d| format!(", by {d}"));
    let of = ["metric", "measure", "name", "title", "text"].into_iter().find_map(|f| node.str(f));
    let of = of.map_or_else(String::new, |t| format!("{t} "));
    Some(format!("{of}{comparator}{value}{upper}{unit}{per}{by}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;
    use crate::readiness;

    fn register(name: &str) -> Vec<Vec<String>> {
        sample::with("stage-2", false, |facts| {
            let schema = facts.ws.schemas.entry(name);
            let shape = schema.map(|s| &s.shape);
            let entries = Entries { facts, shape, name: name.into(), title: name.into(), linked: false };
            let table = entries.table(&readiness::entries(facts.ws, name).collect::<Vec<_>>());
            assert_eq!(table.anchors.len(), table.rows.len());
            let head: Vec<String> = table.columns.iter().map(|c| c.title.clone()).collect();
            std::iter::once(head).chain(table.rows.iter().map(|r| r.iter().map(Cell::plain).collect())).collect()
        })
    }

    fn field(table: &[Vec<String>], id: &str, column: &str) -> String {
        let at = table[0].iter().position(|c| c == column).unwrap();
        table.iter().find(|r| r[0] == id).unwrap()[at].clone()
    }

    #[test]
    fn nested_fields_are_told_in_words() {
        let roles = register("roles");
        assert_eq!(field(&roles, "chief-executive-officer", "Holders"), "P-001 (from 2018-05-01)");
        let objectives = register("objectives");
        assert_eq!(field(&objectives, "OBJ-01", "Target"), "at least 99.90 %, over 1 month");
        assert_eq!(field(&objectives, "OBJ-01", "Frequency"), "1 month");
        assert_eq!(field(&objectives, "OBJ-01", "Commitment"), "PC-01");
    }

    #[test]
    fn every_row_has_every_column_and_no_column_is_empty() {
        sample::with("stage-2", false, |facts| {
            for name in facts.ws.schemas.registers() {
                let shape = facts.ws.schemas.entry(name).map(|s| &s.shape);
                let entries = Entries { facts, shape, name: name.into(), title: name.into(), linked: true };
                let table = entries.table(&readiness::entries(facts.ws, name).collect::<Vec<_>>());
                for row in &table.rows {
                    assert_eq!(row.len(), table.columns.len(), "{name}");
                }
                for (ix, column) in table.columns.iter().enumerate() {
                    assert!(table.rows.iter().any(|r| !r[ix].plain().is_empty()), "{name} {}", column.title);
                }
            }
        });
    }

    #[test]
    fn days_and_numbers_are_typed() {
        sample::with("stage-2", false, |facts| {
            let shape = facts.ws.schemas.entry("measurements").map(|s| &s.shape);
            let entries = Entries { facts, shape, name: "m".into(), title: "M".into(), linked: true };
            let table = entries.table(&readiness::entries(facts.ws, "measurements").collect::<Vec<_>>());
            let form = |title: &str| table.columns.iter().find(|c| c.title == title).unwrap().form;
            assert_eq!(form("Value"), ColumnForm::Number);
            assert_eq!(form("Collected on"), ColumnForm::Date);
            assert_eq!(form("Period"), ColumnForm::Short);
        });
    }

    #[test]
    fn lengths_of_time_are_words() {
        assert_eq!(period_in_words("P1Y6M").as_deref(), Some("1 year 6 months"));
        assert_eq!(period_in_words("PT4H").as_deref(), Some("4 hours"));
        assert_eq!(period_in_words("Plan"), None);
        assert_eq!(period_in_words("P1"), None);
    }
}
