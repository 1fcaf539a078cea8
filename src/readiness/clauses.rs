//! Each clause: what it asks for, what there is of it, what is missing.

use std::collections::BTreeMap;

use super::decide::{Facts, distinct, whereabouts};
use super::documents::DocumentState;
use super::records::Dated;
use super::{Action, Evidence, Missing};
use crate::catalog::Clause;
use crate::workspace::{ArtifactView, EntityView, is_within};

/// Whether a clause is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClauseVerdict {
    /// Nothing answers it.
    Open,
    /// Something is there; something it asks for is not.
    Partly,
    /// All it asks for is there.
    Answered,
}

impl ClauseVerdict {
    /// `open`, `partly` or `answered`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partly => "partly",
            Self::Answered => "answered",
        }
    }
}

/// What a clause asks for by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demanded {
    /// A document.
    pub document: bool,
    /// A record.
    pub record: bool,
}

/// How many leaf clauses stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All it asks for is there.
    pub answered: usize,
    /// Something is missing.
    pub partly: usize,
    /// Nothing is there.
    pub open: usize,
}

impl Counts {
    /// Counts verdicts.
    pub fn of(verdicts: impl Iterator<Item = ClauseVerdict>) -> Self {
        let mut out = Self::default();
        for verdict in verdicts {
            match verdict {
                ClauseVerdict::Answered => out.answered += 1,
                ClauseVerdict::Partly => out.partly += 1,
                ClauseVerdict::Open => out.open += 1,
            }
        }
        out
    }

    /// All of them.
    #[must_use]
    pub fn total(self) -> usize {
        self.answered + self.partly + self.open
    }

    fn verdict(self) -> ClauseVerdict {
        match (self.answered, self.partly + self.open) {
            (_, 0) => ClauseVerdict::Answered,
            (0, _) if self.partly == 0 => ClauseVerdict::Open,
            _ => ClauseVerdict::Partly,
        }
    }
}

/// A clause with what there is of it.
#[derive(Clone, Debug)]
pub struct ClauseState {
    /// `8.6.1`.
    pub id: String,
    /// Number and title.
    pub name: String,
    /// What it asks for by name.
    pub demanded: Demanded,
    /// Whether it is answered.
    pub verdict: ClauseVerdict,
    /// Leaf clauses below it; zero in a leaf.
    pub below: Counts,
    /// Documents that answer it, best first; of a parent, none.
    pub documents: Vec<DocumentState>,
    /// Records of the last twelve months, newest first.
    pub records: Vec<Dated>,
    /// Record types that are kept outside the SMS, by the register of documented information.
    pub elsewhere: Vec<Evidence>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

impl ClauseState {
    /// Nothing stands below it.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.below.total() == 0
    }

    /// 0 nothing, 1 present, 2 approved, 3 approved and current: the best of its documents.
    #[must_use]
    pub fn step(&self) -> u8 {
        self.documents.first().map_or(0, DocumentState::step)
    }

    /// A record of the last twelve months is there.
    #[must_use]
    pub fn evidenced(&self) -> bool {
        !self.records.is_empty()
    }
}

/// All clauses in the order of the standard.
pub(super) fn all(facts: &Facts<'_>) -> Vec<ClauseState> {
    let clauses = facts.ctx.catalog.clauses();
    let is_leaf = |c: &Clause| !clauses.iter().any(|other| other.parent == c.id);
    let leaves: BTreeMap<&str, ClauseState> =
        clauses.iter().filter(|c| is_leaf(c)).map(|c| (c.id.as_str(), leaf(facts, c))).collect();
    let state = |c: &Clause| leaves.get(c.id.as_str()).cloned().unwrap_or_else(|| parent(facts, c, &leaves));
    clauses.iter().map(state).collect()
}

fn parent(facts: &Facts<'_>, clause: &Clause, leaves: &BTreeMap<&str, ClauseState>) -> ClauseState {
    let within: Vec<_> = leaves.values().filter(|l| is_within(&l.id, &clause.id)).collect();
    let below = Counts::of(within.iter().map(|l| l.verdict));
    ClauseState {
        id: clause.id.clone(),
        name: facts.ctx.catalog.clause_name(&clause.id).unwrap_or_else(|| clause.id.clone()),
        demanded: Demanded::default(),
        verdict: below.verdict(),
        below,
        documents: Vec::new(),
        records: Vec::new(),
        elsewhere: Vec::new(),
        missing: Vec::new(),
    }
}

fn leaf(facts: &Facts<'_>, clause: &Clause) -> ClauseState {
    let information = clause.documented_information.as_str();
    let demanded = Demanded { document: information.contains("document"), record: information.contains("record") };
    let documents = documents(facts, clause, demanded);
    let records = records(facts, clause);
    let mut state = ClauseState {
        id: clause.id.clone(),
        name: facts.ctx.catalog.clause_name(&clause.id).unwrap_or_else(|| clause.id.clone()),
        demanded,
        verdict: ClauseVerdict::Open,
        below: Counts::default(),
        documents,
        records,
        elsewhere: elsewhere(facts, &clause.id),
        missing: Vec::new(),
    };
    state.missing = missing(facts, clause, &state);
    let nothing = state.documents.is_empty() && state.records.is_empty();
    state.verdict = match (state.missing.is_empty(), nothing) {
        (true, _) => ClauseVerdict::Answered,
        (false, true) => ClauseVerdict::Open,
        (false, false) => ClauseVerdict::Partly,
    };
    state
}

/// What counts as the document of a clause. Where it asks for none, whatever names it counts.
fn documents(facts: &Facts<'_>, clause: &Clause, demanded: Demanded) -> Vec<DocumentState> {
    let listed = facts.yardstick.demands.get(&clause.id).map_or(&[][..], |d| &d.document);
    let counts = |artifact: ArtifactView<'_>| match (demanded.document, listed.is_empty()) {
        (true, false) => listed.iter().any(|s| is_meant(facts, artifact, s, &clause.id)),
        (true, true) => artifact.claims(&clause.id) && is_telling(artifact.kind()),
        (false, _) => names(artifact, &clause.id) || belongs(facts, artifact, &clause.id),
    };
    let mut found: Vec<_> = facts.current().filter(|(a, _)| counts(*a)).map(|(_, d)| d.clone()).collect();
    found.sort_by(|a, b| b.step().cmp(&a.step()).then_with(|| a.evidence.cmp(&b.evidence)));
    found
}

/// Whether a document is what a selector of the demands means.
fn is_meant(facts: &Facts<'_>, artifact: ArtifactView<'_>, selector: &str, clause: &str) -> bool {
    match selector.split_once(':') {
        Some(("kind", kind)) => artifact.kind() == kind && artifact.claims(clause),
        Some(("register", name)) => artifact.register() == Some(name),
        Some(("entry", entry)) => facts.is_grown_from(artifact, entry),
        _ => false,
    }
}

/// Kinds that say how things are done. Forms, slides and records are no answer to a demand for a document.
fn is_telling(kind: &str) -> bool {
    !matches!(kind, "agenda" | "flowchart" | "form" | "log" | "presentation" | "record" | "report" | "template")
}

/// Names the clause or one above it; a whole chapter is too wide to answer anything.
fn names(artifact: ArtifactView<'_>, clause: &str) -> bool {
    artifact.clauses().iter().any(|c| c == clause || (c.contains('.') && is_within(clause, c)))
}

/// The register's schema says that it is about the clause.
fn belongs(facts: &Facts<'_>, artifact: ArtifactView<'_>, clause: &str) -> bool {
    artifact.kind() == "register" && artifact.register().is_some_and(|r| schema_names(facts, r, clause))
}

fn schema_names(facts: &Facts<'_>, register: &str, clause: &str) -> bool {
    let schema = facts.ctx.ws.schemas.register(register);
    let listed = schema.and_then(|s| s.annotation("x-clauses")).and_then(serde_json::Value::as_array);
    listed.into_iter().flatten().filter_map(serde_json::Value::as_str).any(|c| c == clause)
}

/// Records of the last twelve months, newest first: entries of the registers that count, and records and reports that name
/// the clause.
fn records(facts: &Facts<'_>, clause: &Clause) -> Vec<Dated> {
    let listed = facts.yardstick.demands.get(&clause.id).map_or(&[][..], |d| &d.record);
    let mut found: Vec<Dated> = if listed.is_empty() {
        let registers = facts.ctx.ws.schemas.registers().filter(|r| schema_names(facts, r, &clause.id));
        registers.flat_map(|r| facts.entries(r)).filter_map(|e| facts.dated(e)).collect()
    } else {
        listed.iter().flat_map(|s| chosen(facts, s)).filter_map(|e| facts.dated(e)).collect()
    };
    let kept = facts.current().map(|(a, _)| a).filter(|a| matches!(a.kind(), "record" | "report" | "log"));
    let naming = kept.filter(|a| a.claims(&clause.id)).filter_map(ArtifactView::entity);
    found.extend(naming.filter_map(|e| facts.dated(e)));
    found.retain(|d| d.on >= facts.since);
    found.sort_by(|a, b| b.on.cmp(&a.on).then_with(|| a.evidence.cmp(&b.evidence)));
    found.dedup();
    found
}

/// Entities a selector of the demands means as records.
fn chosen<'s>(facts: &'s Facts<'_>, selector: &'s str) -> Vec<EntityView<'s>> {
    match selector.split_once(':') {
        Some(("register", name)) => facts.entries(name).collect(),
        Some(("measurement", kind)) => {
            let of_kind = move |m: &EntityView<'_>| m.refs("metric").any(|metric| metric.str("kind") == Some(kind));
            facts.ctx.ws.of_type("measurement").filter(of_kind).collect()
        }
        Some(("entry", entry)) => facts.grown_from(entry).into_iter().filter_map(|(a, _)| a.entity()).collect(),
        _ => Vec::new(),
    }
}

/// Record types with a place outside, such as the personnel system.
fn elsewhere(facts: &Facts<'_>, clause: &str) -> Vec<Evidence> {
    let about = |e: &EntityView<'_>| {
        e.str("class") == Some("record") && e.has("location") && e.node().texts("clauses").any(|(c, _)| c == clause)
    };
    let found = facts.entries("documented-information").filter(about);
    let place = |e: EntityView<'_>| Evidence { id: e.id().to_owned(), ..whereabouts(e.artifact()) };
    distinct(found.map(place).collect())
}

fn missing(facts: &Facts<'_>, clause: &Clause, state: &ClauseState) -> Vec<Missing> {
    let mut out = Vec::new();
    let asks = state.demanded;
    match state.documents.first() {
        None if asks.document || !asks.record => out.push(no_document(facts, clause, asks)),
        // Where only a record is asked for, a document that is there must be more than a draft.
        Some(best) if asks.document || !asks.record || best.step() < 2 => out.extend(best.missing()),
        _ => {}
    }
    if asks.record && !state.evidenced() {
        out.push(no_record(facts, clause, &state.elsewhere));
    }
    out
}

fn no_document(facts: &Facts<'_>, clause: &Clause, asks: Demanded) -> Missing {
    let which = if asks.document && !clause.which.is_empty() { format!(" ({})", clause.which) } else { String::new() };
    let what = if asks.document { "the document it asks for is missing" } else { "nothing answers it" };
    Missing::new(format!("{what}{which}"), document_to_write(facts, clause))
}

/// The register or toolkit entry that would answer a clause, the one named first in the demands, else in the toolkit.
fn document_to_write(facts: &Facts<'_>, clause: &Clause) -> Option<Action> {
    let listed = facts.yardstick.demands.get(&clause.id).map_or(&[][..], |d| &d.document);
    let entries = facts.ctx.catalog.entries();
    let for_selector = |selector: &String| match selector.split_once(':')? {
        ("register", name) => Some(facts.fill(name)),
        ("entry", id) => facts.ctx.catalog.entry(id).map(write),
        ("kind", kind) => entries.iter().find(|e| e.kind == kind && e.clauses.contains(&clause.id)).map(write),
        _ => None,
    };
    let usual = || entries.iter().find(|e| e.clauses.contains(&clause.id) && is_telling(&e.kind)).map(write);
    listed.iter().find_map(for_selector).or_else(usual)
}

fn write(entry: &crate::catalog::ToolkitEntry) -> Action {
    Action::new(format!("Write the {}", entry.title), format!("smsctl new {}", entry.id))
}

fn no_record(facts: &Facts<'_>, clause: &Clause, elsewhere: &[Evidence]) -> Missing {
    let listed = facts.yardstick.demands.get(&clause.id).map_or(&[][..], |d| &d.record);
    let register = listed.iter().find_map(|s| match s.split_once(':')? {
        ("register", name) => Some(name),
        ("measurement", _) => Some("measurements"),
        _ => None,
    });
    let known: Vec<&str> = elsewhere.iter().map(|e| e.id.as_str()).collect();
    let also =
        if known.is_empty() { String::new() } else { format!("; {} says where they are kept", known.join(", ")) };
    let which = if clause.which.is_empty() { String::new() } else { format!(" ({})", clause.which) };
    Missing::new(format!("no record of the last twelve months{which}{also}"), register.map(|name| facts.fill(name)))
}
