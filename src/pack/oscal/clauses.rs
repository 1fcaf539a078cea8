//! The catalog: the clause tree of the standard. Numbers and titles are facts, the words are our paraphrase.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::frame::{About, Frame};
use super::parts::{explained, list, object, prop, standard_prop, told};
use super::text::line;
use crate::catalog::{Catalog, Clause};

/// Controls are nested this deep; what lies deeper stands side by side, so that no reader runs out of stack.
const MAX_DEPTH: usize = 8;

/// The clause tree as controls: a chapter with clauses below it is a group, every other clause a control.
pub(super) struct Clauses<'c> {
    catalog: &'c Catalog,
    below: BTreeMap<&'c str, Vec<&'c Clause>>,
    /// Clauses that a chapter leads to. A tree of the user may hold others, such as a clause above itself.
    reached: BTreeSet<&'c str>,
}

impl<'c> Clauses<'c> {
    pub(super) fn of(catalog: &'c Catalog) -> Self {
        let mut below: BTreeMap<&str, Vec<&Clause>> = BTreeMap::new();
        for clause in catalog.clauses() {
            below.entry(&clause.parent).or_default().push(clause);
        }
        let mut out = Self { catalog, below, reached: BTreeSet::new() };
        let chapters: Vec<&Clause> = out.under("").to_vec();
        out.reached =
            chapters.iter().flat_map(|c| std::iter::once(*c).chain(out.all_under(c))).map(|c| &*c.id).collect();
        out
    }

    fn under(&self, parent: &str) -> &[&'c Clause] {
        self.below.get(parent).map_or(&[], Vec::as_slice)
    }

    /// Everything below a clause, in the order of the standard.
    fn all_under(&self, clause: &Clause) -> Vec<&'c Clause> {
        let mut waiting: Vec<&Clause> = self.under(&clause.id).iter().rev().copied().collect();
        let mut out = Vec::new();
        while let Some(next) = waiting.pop() {
            out.push(next);
            waiting.extend(self.under(&next.id).iter().rev());
        }
        out
    }

    fn is_group(&self, clause: &Clause) -> bool {
        clause.parent.is_empty() && !self.under(&clause.id).is_empty()
    }

    fn find(&self, clause: &str) -> Option<&'c Clause> {
        self.catalog.clause(clause).filter(|c| self.reached.contains(c.id.as_str()))
    }

    /// The control that a clause is; none for chapters and unknown clauses.
    pub(super) fn control(&self, clause: &str) -> Option<String> {
        self.find(clause).filter(|c| !self.is_group(c)).map(id)
    }

    /// The controls that a clause stands for: those below it when it is a chapter, else itself.
    pub(super) fn controls(&self, clause: &str) -> Vec<String> {
        match self.find(clause) {
            Some(found) if self.is_group(found) => self.all_under(found).into_iter().map(id).collect(),
            found => found.map(id).into_iter().collect(),
        }
    }

    /// The statement of a clause: what a finding is about.
    pub(super) fn statement(&self, clause: &str) -> Option<String> {
        self.find(clause).map(statement)
    }

    /// Number and title.
    pub(super) fn name(&self, clause: &str) -> String {
        self.find(clause).map_or_else(|| clause.to_owned(), |c| format!("{} {}", c.id, self.title(c)))
    }

    /// Controls in the order of the standard, as OSCAL selects them; each once.
    pub(super) fn selection<'a>(&self, clauses: impl IntoIterator<Item = &'a str>) -> Value {
        let mut clauses: Vec<&str> = clauses.into_iter().collect();
        clauses.sort_by_key(|c| self.order(c));
        let mut seen = BTreeSet::new();
        let controls = clauses.into_iter().flat_map(|c| self.controls(c)).filter(|c| seen.insert(c.clone()));
        list(controls.map(|c| json!({"control-id": c})))
    }

    /// Place in the order of the standard.
    pub(super) fn order(&self, clause: &str) -> usize {
        self.catalog.clause(clause).map_or(usize::MAX, |c| self.catalog.clause_order(&c.id))
    }

    /// A paragraph without a title goes by the title above it.
    fn title(&self, clause: &Clause) -> String {
        let untitled = |c: &&Clause| c.title.starts_with('(');
        let above = std::iter::successors(Some(clause), |c| self.catalog.clause(&c.parent)).take(MAX_DEPTH);
        match above.into_iter().find(|c| !untitled(c)) {
            Some(found) if found.id == clause.id => clause.title.clone(),
            Some(found) => format!("{}, paragraph {}", found.title, clause.id),
            None => clause.id.clone(),
        }
    }

    fn group(&self, clause: &Clause) -> Value {
        object([
            ("id", json!(id(clause))),
            ("class", json!("chapter")),
            ("title", json!(line(&self.title(clause)))),
            ("props", props(clause)),
            ("parts", json!([part(clause, "overview")])),
            ("controls", list(self.under(&clause.id).iter().map(|c| self.nested(c, 1)))),
        ])
    }

    fn nested(&self, clause: &Clause, depth: usize) -> Value {
        let below = match depth {
            ..MAX_DEPTH => list(self.under(&clause.id).iter().map(|c| self.nested(c, depth + 1))),
            _ => list(self.all_under(clause).into_iter().map(|c| self.alone(c, Value::Null))),
        };
        self.alone(clause, below)
    }

    fn alone(&self, clause: &Clause, below: Value) -> Value {
        object([
            ("id", json!(id(clause))),
            ("class", json!("clause")),
            ("title", json!(line(&self.title(clause)))),
            ("props", props(clause)),
            ("parts", json!([part(clause, "statement")])),
            ("controls", below),
        ])
    }
}

/// The id of a clause: numbers and names of standards hold only letters, digits, dots and dashes.
fn id(clause: &Clause) -> String {
    format!("clause-{}", clause.id.replace(':', "_"))
}

fn statement(clause: &Clause) -> String {
    format!("{}_smt", id(clause))
}

fn props(clause: &Clause) -> Value {
    let asked = match clause.documented_information.as_str() {
        "none" => "",
        word => word,
    };
    list([
        standard_prop("label", &clause.id),
        standard_prop("sort-id", &sort_id(clause)),
        explained("documented-information", asked, &clause.which),
    ])
}

/// The id with numbers of equal length, so that 10 comes after 9.
fn sort_id(clause: &Clause) -> String {
    let parts: Vec<String> = clause.id.replace(':', "_").split('.').map(|part| format!("{part:0>2}")).collect();
    format!("clause-{}", parts.join("."))
}

fn part(clause: &Clause, name: &str) -> Value {
    object([
        ("id", json!(statement(clause))),
        ("name", json!(name)),
        ("props", list([prop("wording", "paraphrase")])),
        ("prose", json!(told(Some(&clause.paraphrase)))),
    ])
}

/// `catalog.json`.
pub(super) fn catalog(frame: &Frame<'_>, clauses: &Clauses<'_>) -> Vec<u8> {
    let (groups, alone): (Vec<&Clause>, Vec<&Clause>) = clauses.under("").iter().partition(|c| clauses.is_group(c));
    let body = vec![
        ("controls", list(alone.into_iter().map(|c| clauses.nested(c, 1)))),
        ("groups", list(groups.into_iter().map(|c| clauses.group(c)))),
    ];
    let title = format!("Clauses of {}", standard(frame));
    let note = "Numbers and titles of clauses are facts. What a clause asks for is told as a paraphrase; the text of the \
                standard is not in this file.";
    frame.file("catalog", About { title: &title, note }, body, Vec::new())
}

fn standard(frame: &Frame<'_>) -> String {
    let own = &frame.facts.ws.config.standard;
    if frame.facts.ws.catalog.is_built_in_standard() { "ISO/IEC 20000-1:2018".into() } else { own.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn clauses_in_a_ring_are_no_controls_and_end() {
        let mut catalog = Catalog::get().clone();
        let table = "id,parent,title,paraphrase\nR,R,(ring),x\nS,T,(s),x\nT,S,(t),x\nA,,One,x\n";
        assert_eq!(catalog.add_clauses("ring", false, FileId(0), table).len(), 0);
        let clauses = Clauses::of(&catalog);
        assert_eq!((clauses.control("ring:R"), clauses.controls("ring:S")), (None, Vec::new()));
        assert_eq!(clauses.control("ring:A").as_deref(), Some("clause-ring_A"));
        assert_eq!(clauses.name("ring:T"), "ring:T");
        assert_eq!(clauses.title(catalog.clause("ring:T").unwrap()), "ring:T");
    }

    #[test]
    fn chapters_stand_for_their_clauses() {
        let clauses = Clauses::of(Catalog::get());
        assert_eq!((clauses.control("10"), clauses.control("99"), clauses.controls("99")), (None, None, Vec::new()));
        assert_eq!(clauses.controls("10"), ["clause-10.1", "clause-10.1.1", "clause-10.1.2", "clause-10.2"]);
        assert_eq!(clauses.name("6.1.2"), "6.1.2 Actions to address risks and opportunities, paragraph 6.1.2");
        assert_eq!(
            clauses.selection(["10.2", "9.1", "10.2"]),
            json!([{"control-id": "clause-9.1"}, {"control-id": "clause-10.2"}])
        );
    }
}
