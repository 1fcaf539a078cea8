//! The standard and the toolkit as data: clauses, toolkit entries, word lists, templates. Knows no SMS.

mod checklist;
mod demands;
mod entry;
mod families;
mod lexicon;
mod overlay;
mod pattern;
mod stages;
mod templates;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

pub use checklist::{Question, built_in_questions, questions};
pub use demands::{Demand, built_in_demands, demands};
pub use entry::{OutlineHeading, ToolkitEntry};
pub use families::{Family, Neighbour};
pub use lexicon::{Lexicon, WordHit};
pub use overlay::{KnownNames, OwnFile};
pub use pattern::{Pattern, Screen, Suspect};
pub use stages::{Gate, GateCondition, PackContent, Selector, Share, Stage, Stages, Timing};
pub use templates::{template, templates};

use crate::document::{Node, load_csv, load_toml};
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

/// The whole catalogue.
#[derive(Clone, Debug)]
pub struct Catalog {
    clauses: Vec<Clause>,
    clause_index: BTreeMap<String, usize>,
    entries: Vec<ToolkitEntry>,
    families: Vec<Family>,
    /// Name of the standard whose clauses go by their numbers alone.
    standard: String,
    /// Templates of the user, by name.
    templates: BTreeMap<String, OwnFile>,
    /// Checklists of the user.
    checklists: Vec<OwnFile>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::load);

/// Deeper no clause tree goes.
const MAX_CLAUSE_DEPTH: usize = 32;

impl Catalog {
    /// The embedded catalogue.
    #[must_use]
    pub fn get() -> &'static Self {
        &CATALOG
    }

    fn load() -> Self {
        let clauses: Vec<Clause> =
            rows(include_str!("data/clauses.csv")).iter().map(|row| Clause::from_row(row, &|id| id)).collect();
        let clause_index = clauses.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        let entries = rows(include_str!("data/toolkit.csv")).iter().map(|r| ToolkitEntry::from_row(r, None)).collect();
        let families = load_toml(FileId(0), include_str!("data/families.toml"));
        let families = families.map(|node| Family::all(&node)).unwrap_or_default();
        let standard = overlay::BUILT_IN.to_owned();
        let (templates, checklists) = (BTreeMap::new(), Vec::new());
        Self { clauses, clause_index, entries, families, standard, templates, checklists }
    }

    /// All clauses in the order of the standard.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// A clause by its number; one of another standard with the name of that standard before it (`iso-22301:8.4`).
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        let short =
            id.split_once(':').filter(|(standard, _)| *standard == self.standard).map_or(id, |(_, number)| number);
        self.clause_index.get(short).and_then(|i| self.clauses.get(*i))
    }

    /// Number and title of a clause; a numbered paragraph without a title goes by that of the clause above it.
    #[must_use]
    pub fn clause_name(&self, id: &str) -> Option<String> {
        let untitled = |c: &&Clause| c.title.starts_with('(');
        // A clause tree of the user may run in a ring.
        let mut above = std::iter::successors(self.clause(id), |c| self.clause(&c.parent)).take(MAX_CLAUSE_DEPTH);
        let titled = above.find(|c| !untitled(c))?;
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

    /// Practices with the entries and registers that belong together.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// What belongs beside an entry, closest first.
    #[must_use]
    pub fn neighbours<'a>(&'a self, entry: &'a ToolkitEntry) -> Vec<Neighbour<'a>> {
        families::neighbours(&self.families, entry)
    }

    /// Whether a document is this entry: it grew from it (`template`), or it is the entry's register (`register`, none for
    /// a document that is no register) and grew from no other entry for that register.
    #[must_use]
    pub fn is_of_entry(&self, entry: &ToolkitEntry, template: Option<&str>, register: Option<&str>) -> bool {
        let same_register = entry.register.is_some() && register == entry.register.as_deref();
        let other = || template.and_then(|t| self.entry(t)).is_some_and(|e| e.register == entry.register);
        template == Some(entry.id.as_str()) || same_register && !other()
    }

    /// Names of all registers the toolkit speaks of, whether they have a schema or not.
    #[must_use]
    pub fn registers(&self) -> BTreeSet<&str> {
        let of_families = self.families.iter().flat_map(|f| &f.registers);
        of_families.chain(self.entries.iter().filter_map(|e| e.register.as_ref())).map(String::as_str).collect()
    }

    /// The text of a template, such as `entries/service-management-policy` or `init/smsctl.toml`.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&str> {
        self.templates.get(name).map(|t| t.text.as_str()).or_else(|| template(name))
    }

    /// Where a template stands that the user brings; none for a built-in one.
    #[must_use]
    pub fn own_template(&self, name: &str) -> Option<&OwnFile> {
        self.templates.get(name)
    }

    /// Whether clauses that go by their numbers alone are those of the standard smsctl brings.
    #[must_use]
    pub fn is_built_in_standard(&self) -> bool {
        self.standard == overlay::BUILT_IN
    }

    /// All questions of readiness: those smsctl brings, then the user's.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let own = self.checklists.iter().flat_map(|list| questions(&list.text));
        built_in_questions().iter().cloned().chain(own).collect()
    }

    /// Lists of questions of readiness that the user brings, as they stand.
    #[must_use]
    pub fn own_checklists(&self) -> &[OwnFile] {
        &self.checklists
    }
}

fn rows(text: &'static str) -> Vec<Node> {
    load_csv(FileId(0), text).0.rows
}

fn text(row: &Node, field: &str) -> String {
    row.str(field).unwrap_or_default().to_owned()
}

impl Clause {
    /// A clause from a row of a tree; `full` gives a number the name of its standard.
    fn from_row(row: &Node, full: &dyn Fn(String) -> String) -> Self {
        Self {
            id: full(text(row, "id")),
            parent: full(text(row, "parent")),
            title: text(row, "title"),
            paraphrase: text(row, "paraphrase"),
            documented_information: text(row, "documented_information"),
            which: text(row, "which"),
        }
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
        assert!(catalog.entries().iter().all(|e| (e.kind == "register") == e.register.is_some()));
        assert!(catalog.entries().iter().all(|e| !e.title.is_empty() && !e.outline.is_empty()));
    }

    #[test]
    fn every_entry_has_a_family_and_families_name_entries() {
        let catalog = Catalog::get();
        let members: BTreeSet<&str> = catalog.families().iter().flat_map(|f| &f.entries).map(String::as_str).collect();
        let entries: BTreeSet<&str> = catalog.entries().iter().map(|e| e.id.as_str()).collect();
        assert_eq!(members, entries);
        let overlaps = catalog.entries().iter().flat_map(|e| &e.overlaps).filter(|o| !o.starts_with("register:"));
        assert_eq!(overlaps.filter(|o| catalog.entry(o).is_none()).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn the_closest_neighbours_come_first() {
        let catalog = Catalog::get();
        let near = catalog.neighbours(catalog.entry("change-management-process").unwrap());
        assert_eq!(near.first(), Some(&Neighbour::Entry("sop-change-control")));
        assert!(
            near.contains(&Neighbour::Register("changes"))
                && near.contains(&Neighbour::Entry("change-management-policy"))
        );
        assert!(!near.contains(&Neighbour::Entry("change-management-process")));
    }
}
