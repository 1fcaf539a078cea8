//! The coverage matrix: clauses against kinds of documents and records, empty places shown.

use super::{table, titled};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Target, Tone};
use crate::pack::facts::Facts;
use crate::pack::sheets::names_clause;
use crate::readiness::ClauseState;
use crate::workspace::ArtifactView;

/// Columns of the matrix with the kinds they count; kinds no column names go to the last but one.
const GROUPS: [(&str, &[&str]); 8] = [
    ("Policies", &["policy"]),
    ("Plans, scope", &["plan", "context"]),
    ("Processes", &["process", "flowchart"]),
    ("Procedures", &["procedure", "sop", "guideline"]),
    ("Agreements", &["agreement"]),
    ("Registers", &["register"]),
    ("Reports, records", &["record", "report", "log"]),
    ("Other documents", &[]),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "coverage-matrix",
        "Coverage matrix",
        "How many current documents of each kind name a clause, and how many records of the last twelve months show it \
         at work. A dash is an empty place. The index by clause names the documents.",
    );
    out.blocks.push(Block::Text(vec![
        Piece::plain("Which documents these are stands in the "),
        Piece::link("index by clause", Target::Section("index-by-clause".into())),
        Piece::plain("."),
    ]));
    let mut columns = vec![("Clause", Form::Short), ("Title", Form::Text)];
    columns.extend(GROUPS.iter().map(|(title, _)| (*title, Form::Number)));
    columns.extend([("Records of 12 months", Form::Number), ("Answer", Form::Short)]);
    let mut matrix = table("coverage-matrix", "Clauses by kind of evidence", &columns, "There are no clauses.");
    matrix.rows = facts.readiness.leaves().map(|c| row(facts, c)).collect();
    out.blocks.push(Block::Table(matrix));
    out
}

fn row(facts: &Facts<'_>, clause: &ClauseState) -> Vec<Cell> {
    let current: Vec<ArtifactView<'_>> =
        facts.ws.artifacts().filter(|a| a.is_current() && names_clause(*a, &clause.id)).collect();
    let title = clause.name.trim_start_matches(clause.id.as_str()).trim();
    let mut out = vec![Cell::text(&clause.id), Cell::text(title)];
    out.extend(GROUPS.iter().map(|(_, kinds)| number(current.iter().filter(|a| belongs(a.kind(), kinds)).count())));
    out.push(number(clause.records.len()));
    out.push(super::by_clause::answer(clause));
    out
}

fn belongs(kind: &str, kinds: &[&str]) -> bool {
    let known = || GROUPS.iter().any(|(_, kinds)| kinds.contains(&kind));
    if kinds.is_empty() { !known() } else { kinds.contains(&kind) }
}

fn number(n: usize) -> Cell {
    if n == 0 {
        return Cell::toned("–", Tone::Muted);
    }
    let exact = u32::try_from(n).unwrap_or(u32::MAX);
    Cell::number(n.to_string(), f64::from(exact))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn every_clause_has_a_row_and_empty_places_show() {
        sample::with("stage-2", false, |facts| {
            let out = super::super::tests::text(&section(facts));
            assert!(out.contains("8.5.1.2 | Change management initiation |") || out.contains("8.5.1.2 |"), "{out}");
            assert!(out.contains("| – |"), "{out}");
            let rows = out
                .lines()
                .filter(|l| l.ends_with("| answered") || l.ends_with("| in part") || l.ends_with("| not answered"));
            assert_eq!(rows.count(), facts.readiness.leaves().count());
        });
    }
}
