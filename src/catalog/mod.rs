//! The standard and the toolkit as data: clauses, toolkit entries, word lists, templates. Knows no SMS.

mod lexicon;
mod templates;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use lexicon::{Lexicon, WordHit};
pub use templates::{template, templates};

use crate::document::{Node, load_csv};
use crate::source::FileId;

/// A clause of the standard: its title is a fact, the paraphrase is ours.
#[derive(Clone, Debug)]
pub struct Clause {
    /// `5.2.1`.
    pub id: String,
    /// The clause above it; empty for chapters.
    pub parent: String,
    /// Its title; `(untitled)` for numbered paragraphs.
    pub title: String,
    /// What it asks for, in our words.
    pub paraphrase: String,
    /// `document`, `record`, `document+record` or `none`.
    pub documented_information: String,
    /// Which document or record.
    pub which: String,
}

/// An entry of the toolkit: a document or register an SMS usually has.
#[derive(Clone, Debug)]
pub struct ToolkitEntry {
    /// `service-management-policy`.
    pub id: String,
    /// `SMS-POL-01`.
    pub doc_no: String,
    /// Its title.
    pub title: String,
    /// Level of documentation: 1 directs, 2 says how, 3 instructs, 4 proves and supports.
    pub level: u8,
    /// Kind of artifact.
    pub kind: String,
    /// Clauses it answers.
    pub clauses: Vec<String>,
    /// Role that owns it.
    pub owner: String,
    /// Role that approves it; `top-management` stands for whichever role that is.
    pub approver: String,
    /// ISO 8601 duration, or `per-use`.
    pub review_interval: String,
}

/// The whole catalogue.
#[derive(Debug)]
pub struct Catalog {
    clauses: Vec<Clause>,
    clause_index: BTreeMap<String, usize>,
    entries: Vec<ToolkitEntry>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::load);

impl Catalog {
    /// The embedded catalogue.
    #[must_use]
    pub fn get() -> &'static Self {
        &CATALOG
    }

    fn load() -> Self {
        let clauses: Vec<Clause> = rows(include_str!("data/clauses.csv")).iter().map(clause).collect();
        let clause_index = clauses.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        let entries = rows(include_str!("data/toolkit.csv")).iter().map(entry).collect();
        Self { clauses, clause_index, entries }
    }

    /// All clauses in the order of the standard.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// A clause by its number.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clause_index.get(id).and_then(|i| self.clauses.get(*i))
    }

    /// Number and title of a clause; a numbered paragraph without a title goes by that of the clause above it.
    #[must_use]
    pub fn clause_name(&self, id: &str) -> Option<String> {
        let untitled = |c: &&Clause| c.title.starts_with('(');
        let titled = std::iter::successors(self.clause(id), |c| self.clause(&c.parent)).find(|c| !untitled(c))?;
        Some(format!("{id} {}", titled.title))
    }

    /// Whether no clause stands below it.
    #[must_use]
    pub fn is_leaf(&self, id: &str) -> bool {
        self.clauses.iter().all(|c| c.parent != id)
    }

    /// Place of a clause in the standard's order; unknown ones come last.
    #[must_use]
    pub fn clause_order(&self, id: &str) -> usize {
        self.clause_index.get(id).copied().unwrap_or(usize::MAX)
    }

    /// All toolkit entries in the toolkit's order.
    #[must_use]
    pub fn entries(&self) -> &[ToolkitEntry] {
        &self.entries
    }

    /// A toolkit entry by its id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&ToolkitEntry> {
        self.entries.iter().find(|e| e.id == id)
    }
}

fn rows(text: &'static str) -> Vec<Node> {
    load_csv(FileId(0), text).0.rows
}

fn text(row: &Node, field: &str) -> String {
    row.str(field).unwrap_or_default().to_owned()
}

fn clause(row: &Node) -> Clause {
    Clause {
        id: text(row, "id"),
        parent: text(row, "parent"),
        title: text(row, "title"),
        paraphrase: text(row, "paraphrase"),
        documented_information: text(row, "documented_information"),
        which: text(row, "which"),
    }
}

fn entry(row: &Node) -> ToolkitEntry {
    let kind = match row.str("kind").unwrap_or_default() {
        // The roles document is a register with a body.
        "roles" => "register",
        other => other,
    };
    ToolkitEntry {
        id: text(row, "id"),
        doc_no: text(row, "doc_no"),
        title: text(row, "title"),
        level: text(row, "level").parse().unwrap_or(4),
        kind: kind.to_owned(),
        clauses: text(row, "clauses").split(';').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect(),
        owner: text(row, "owner_role"),
        approver: text(row, "approver_role"),
        review_interval: text(row, "review_interval"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_go_by_the_title_above() {
        let name = |id| Catalog::get().clause_name(id);
        assert_eq!(name("7.5.3.2").as_deref(), Some("7.5.3.2 Control of documented information"));
        assert_eq!(name("10.2").as_deref(), Some("10.2 Continual improvement"));
        assert_eq!(name("11"), None);
    }

    #[test]
    fn the_tables_are_whole() {
        let catalog = Catalog::get();
        assert_eq!((catalog.clauses().len(), catalog.entries().len()), (88, 161));
        assert!(catalog.clauses().iter().all(|c| c.parent.is_empty() || catalog.clause(&c.parent).is_some()));
        let unknown: Vec<_> =
            catalog.entries().iter().flat_map(|e| &e.clauses).filter(|c| catalog.clause(c).is_none()).collect();
        assert_eq!(unknown, Vec::<&String>::new());
        assert_eq!(catalog.entries().iter().filter(|e| e.kind == "policy").count(), 19);
    }
}
