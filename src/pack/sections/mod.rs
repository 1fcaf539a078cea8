//! The parts of a pack that are no document: indexes, registers, matrices, reports, lists to sample from.

mod approvals;
mod by_clause;
mod certification;
mod change_log;
mod cover;
mod coverage;
mod documents;
mod evidence;
mod findings;
mod objectives;
mod populations;
mod summary;
mod traceability;
mod validation;

use jiff::civil::Date;

pub use cover::cover;
pub use populations::populations;

use super::book::{Cell, Column, Form, Piece, Section, Table, Tone};
use super::facts::Facts;
use crate::document::Node;
use crate::report::full_sentence;

/// All sections in reading order.
#[must_use]
pub fn all(facts: &Facts<'_>) -> Vec<Section> {
    vec![
        summary::section(facts),
        by_clause::section(facts),
        documents::section(facts),
        approvals::section(facts),
        change_log::section(facts),
        coverage::section(facts),
        traceability::section(facts),
        objectives::section(facts),
        findings::section(facts),
        validation::section(facts),
        evidence::section(facts),
        certification::section(facts),
    ]
}

/// A section; blocks follow.
fn titled(id: &str, title: &str, intro: &str) -> Section {
    Section { id: id.into(), title: title.into(), intro: intro.into(), blocks: Vec::new() }
}

/// A table without rows.
fn table(name: &str, title: &str, columns: &[(&str, Form)], when_empty: &str) -> Table {
    Table {
        name: name.into(),
        title: title.into(),
        columns: columns.iter().map(|(title, form)| Column::new(*title, *form)).collect(),
        rows: Vec::new(),
        when_empty: when_empty.into(),
        anchors: Vec::new(),
    }
}

/// What the status of a document means to a reader.
pub(super) fn status_tone(status: &str) -> Tone {
    match status {
        "approved" => Tone::Good,
        "superseded" | "retired" => Tone::Muted,
        _ => Tone::Attention,
    }
}

/// A day something is due: one that has passed is marked, in words too.
pub(super) fn due_piece(facts: &Facts<'_>, due: Option<Date>) -> Piece {
    match due {
        Some(on) if on < facts.today => Piece::toned(format!("{on} (overdue)"), Tone::Bad),
        Some(on) => Piece::plain(on.to_string()),
        None => Piece::default(),
    }
}

/// The same as a typed cell.
fn due_cell(facts: &Facts<'_>, due: Option<Date>) -> Cell {
    let mut cell = Cell::date(due);
    if due.is_some() {
        cell.pieces = vec![due_piece(facts, due)];
    }
    cell
}

/// What a line of `changes` says: what changed, and why.
pub(super) fn reason(change: &Node) -> String {
    let said = |field: &str| change.str(field).map(full_sentence).unwrap_or_default();
    [said("summary"), said("why")].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::pack::book::{Block, Target};
    use crate::pack::facts::sample;

    /// A section as text: what an auditor reads, row by row.
    pub fn text(section: &Section) -> String {
        let mut out = format!("# {}\n{}\n", section.title, section.intro);
        let line = |pieces: &[Piece]| pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("");
        for block in &section.blocks {
            match block {
                Block::Heading(text) => out += &format!("## {text}\n"),
                Block::Text(pieces) => out += &format!("{}\n", line(pieces)),
                Block::List(items) => items.iter().for_each(|i| out += &format!("- {}\n", line(i))),
                Block::Table(table) => out += &rows(table),
                Block::Chart(chart) => out += &format!("[{}] {}\n", chart.title, chart.description),
            }
        }
        out
    }

    fn rows(table: &Table) -> String {
        let head: Vec<&str> = table.columns.iter().map(|c| c.title.as_str()).collect();
        let mut out = format!("### {}: {}\n{}\n", table.name, table.title, head.join(" | "));
        if table.rows.is_empty() {
            out += &format!("{}\n", table.when_empty);
        }
        for row in &table.rows {
            out += &format!("{}\n", row.iter().map(Cell::plain).collect::<Vec<_>>().join(" | "));
        }
        out
    }

    fn tables(section: &Section) -> Vec<&Table> {
        section.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None }).collect()
    }

    #[test]
    fn sections_stand_in_the_order_people_read_them() {
        sample::with("stage-2", false, |facts| {
            let all = all(facts);
            let ids: Vec<&str> = all.iter().map(|s| s.id.as_str()).collect();
            assert_eq!(
                ids,
                [
                    "summary",
                    "index-by-clause",
                    "document-register",
                    "approvals-register",
                    "change-log",
                    "coverage-matrix",
                    "traceability-matrix",
                    "objectives",
                    "findings-and-actions",
                    "validation",
                    "evidence-list",
                    "certification",
                ]
            );
            for section in &all {
                assert!(!section.title.is_empty() && section.intro.ends_with('.'), "{}", section.id);
                assert!(text(section).lines().count() > 3, "{}", section.id);
            }
        });
    }

    #[test]
    fn tables_are_whole_and_their_names_unique() {
        let since = crate::pack::Since { label: "tag a".into(), commit: None, on: jiff::civil::date(2026, 2, 1) };
        sample::with("surveillance", false, |facts| {
            for since in [None, Some(since)] {
                let facts = Facts { since, commit: facts.commit.clone(), ..*facts };
                let all = all(&facts);
                let populations = populations(&facts);
                let sheets = crate::pack::sheets(&facts, &facts.ws.artifacts().map(|a| a.path().to_owned()).collect());
                let in_sheets = sheets.iter().filter_map(|s| s.entries.as_ref());
                let every: Vec<&Table> = all.iter().flat_map(tables).chain(&populations).chain(in_sheets).collect();
                let names: BTreeSet<&str> = every.iter().map(|t| t.name.as_str()).collect();
                assert_eq!(names.len(), every.len());
                for table in every {
                    let name = &table.name;
                    assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
                    assert!(table.rows.iter().all(|r| r.len() == table.columns.len()), "{name}");
                    assert!(table.when_empty.ends_with('.'), "{name}");
                    assert!(table.anchors.is_empty() || table.anchors.len() == table.rows.len(), "{name}");
                }
            }
        });
    }

    /// No link leads nowhere: each document and each entry that is named is printed somewhere.
    #[test]
    fn every_link_arrives() {
        sample::with("stage-2", false, |facts| {
            let sections = all(facts);
            let sheets = crate::pack::sheets(facts, &facts.ws.artifacts().map(|a| a.path().to_owned()).collect());
            let paths: BTreeSet<&str> = sheets.iter().map(|s| s.path.as_str()).collect();
            let anchors: BTreeSet<&str> =
                sheets.iter().filter_map(|s| s.entries.as_ref()).flat_map(|t| &t.anchors).map(String::as_str).collect();
            let ids: BTreeSet<&str> = sections.iter().map(|s| s.id.as_str()).collect();
            let in_sections = sections.iter().flat_map(tables);
            let in_sheets = sheets.iter().filter_map(|s| s.entries.as_ref());
            let populations = populations(facts);
            let cells = in_sections.chain(in_sheets).chain(&populations).flat_map(|t| t.rows.iter().flatten());
            let control = sheets.iter().flat_map(|s| s.control.iter().flat_map(|(_, p)| p));
            let mut met = 0;
            for piece in cells.flat_map(|c| &c.pieces).chain(control) {
                let Some(target) = &piece.target else { continue };
                let arrives = match target {
                    Target::Document(path) => paths.contains(path.as_str()),
                    Target::Entry(id) => anchors.contains(id.as_str()),
                    Target::Section(id) => ids.contains(id.as_str()),
                    Target::File(_) => false,
                };
                assert!(arrives, "{piece:?}");
                met += 1;
            }
            assert!(met > 2000, "{met}");
        });
    }
}
