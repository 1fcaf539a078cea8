//! The index by clause: from a requirement to its evidence in one step.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{table, titled};
use crate::catalog::Clause;
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::Facts;
use crate::pack::people::People;
use crate::pack::pieces::{self, count};
use crate::pack::standing;
use crate::readiness::{Approval, ClauseState, ClauseVerdict, Counts, Dated, DocumentState};
use crate::report::full_sentence;
use crate::trust::day;
use crate::workspace::{ArtifactView, is_within};

const COLUMNS: [(&str, Form); 10] = [
    ("Clause", Form::Short),
    ("Title", Form::Text),
    ("What it asks for", Form::Text),
    ("Answer", Form::Short),
    ("Evidence", Form::Text),
    ("Kind", Form::Short),
    ("Version", Form::Short),
    ("Owner", Form::Text),
    ("Date", Form::Date),
    ("State", Form::Text),
];

/// Newest records of a register that are named one by one.
const NAMED: usize = 3;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "index-by-clause",
        "Index by clause",
        "Start here from a clause of the standard. Each line names one document or one kind of record that answers it, \
         and leads there. What a clause asks for is told in our own words. Clauses that nothing answers stand here too.",
    );
    let counts = Counts::of(facts.readiness.leaves().map(|c| c.verdict));
    out.blocks.push(Block::Text(vec![Piece::plain(format!(
        "{} of {} clauses are answered, {} in part, {} not.",
        counts.answered,
        counts.total(),
        counts.partly,
        counts.open
    ))]));
    out.blocks.push(Block::Table(index(facts)));
    out
}

fn index(facts: &Facts<'_>) -> Table {
    let mut out = table("index-by-clause", "Index by clause", &COLUMNS, "The catalogue of clauses is empty.");
    let people = People::of(facts);
    for state in &facts.readiness.clauses {
        let index = Index { facts, people: &people, state };
        let lines = if state.is_leaf() { index.leaf() } else { index.parent() };
        out.rows.extend(index.rows(lines));
    }
    out
}

/// One line of evidence: what, kind, version, owner, date, state.
struct Line {
    evidence: Cell,
    kind: String,
    version: String,
    owner: Piece,
    date: Option<Date>,
    state: Cell,
}

struct Index<'i> {
    facts: &'i Facts<'i>,
    people: &'i People,
    state: &'i ClauseState,
}

impl Index<'_> {
    fn rows(&self, lines: Vec<Line>) -> Vec<Vec<Cell>> {
        let title = self.state.name.trim_start_matches(self.state.id.as_str()).trim();
        let paraphrase = self.facts.ws.catalog.clause(&self.state.id).map_or("", |c: &Clause| &c.paraphrase);
        let row = |(ix, line): (usize, Line)| {
            vec![
                Cell::text(&self.state.id),
                Cell::text(title),
                Cell::text(if ix == 0 { paraphrase } else { "" }),
                answer(self.state),
                line.evidence,
                Cell::text(line.kind),
                Cell::text(line.version),
                Cell::pieces(vec![line.owner]),
                Cell::date(line.date),
                line.state,
            ]
        };
        lines.into_iter().enumerate().map(row).collect()
    }

    fn leaf(&self) -> Vec<Line> {
        let mut out: Vec<Line> = self.state.documents.iter().filter_map(|d| self.document(d)).collect();
        out.extend(self.records(&self.state.records));
        out.extend(self.elsewhere());
        out.extend(self.state.missing.iter().map(|m| nothing(&self.people.without(&m.text))));
        out
    }

    /// A clause with clauses below: what names it itself, and where the rest stands.
    fn parent(&self) -> Vec<Line> {
        let below = self.state.below;
        let said = format!("{} of {} clauses below it are answered", below.answered, below.total());
        let mut out = vec![Line { state: Cell::text(said), ..Line::of(Cell::default(), "group of clauses") }];
        let names = |a: &ArtifactView<'_>| a.is_current() && a.claims(&self.state.id);
        out.extend(self.facts.ws.artifacts().filter(names).map(|a| self.artifact(a, stated(self.facts, a))));
        out.extend(self.records(&self.below()));
        out
    }

    /// Records of the clauses right below, newest first: whoever starts from their heading finds them in one step. Of
    /// chapters and wide headings they would be too many.
    fn below(&self) -> Vec<Dated> {
        let id = &self.state.id;
        let within: Vec<&ClauseState> =
            self.facts.readiness.clauses.iter().filter(|c| c.id != *id && is_within(&c.id, id)).collect();
        if !id.contains('.') || within.iter().any(|c| !c.is_leaf()) {
            return Vec::new();
        }
        let mut out: Vec<Dated> = within.iter().flat_map(|c| c.records.iter().cloned()).collect();
        out.sort_by(|a, b| b.on.cmp(&a.on).then_with(|| a.evidence.cmp(&b.evidence)));
        out.dedup();
        out
    }

    fn document(&self, document: &DocumentState) -> Option<Line> {
        let artifact = self.facts.ws.artifact_at(&document.evidence.path)?;
        Some(self.artifact(artifact, self.document_state(document)))
    }

    fn artifact(&self, a: ArtifactView<'_>, state: Cell) -> Line {
        let approved = standing::of(self.facts, a).and_then(|s| s.approved().and_then(|v| day(v.on).parse().ok()));
        Line {
            version: a.version().to_owned(),
            owner: pieces::role(self.facts, a.front().str("owner").unwrap_or_default()),
            date: approved.or_else(|| a.front().date("effective_on")),
            state,
            ..Line::of(pieces::cell(pieces::document(a)), a.kind())
        }
    }

    fn document_state(&self, document: &DocumentState) -> Cell {
        let approval = match &document.approval {
            Approval::Proven => "approved, proved by its signatures".into(),
            Approval::NotRequired => "in use, the trust policy asks for no approval".into(),
            Approval::Claimed => "approved by its own word, not proved".into(),
            Approval::No(why) => format!("not approved: {}", self.people.without(why)),
        };
        let tone = match (&document.approval, document.stale.is_empty()) {
            (Approval::No(_), _) => Tone::Bad,
            (Approval::Claimed, _) | (_, false) => Tone::Attention,
            (_, true) => Tone::Good,
        };
        let stale = document.stale.iter().map(|m| self.people.without(&m.text));
        Cell::toned(std::iter::once(approval).chain(stale).collect::<Vec<_>>().join("; "), tone)
    }

    /// Records by the document they stand in, newest first, the newest of each by name.
    fn records(&self, records: &[Dated]) -> Vec<Line> {
        let mut by_place: BTreeMap<&str, Vec<&Dated>> = BTreeMap::new();
        for dated in records {
            by_place.entry(&dated.evidence.path).or_default().push(dated);
        }
        by_place.into_iter().map(|(path, records)| self.kept(path, &records)).collect()
    }

    fn kept(&self, path: &str, records: &[&Dated]) -> Line {
        let ws = self.facts.ws;
        let named: Vec<Piece> = records.iter().map(|d| named(self.facts, d)).collect();
        let entity = records.first().and_then(|d| ws.entity(&d.evidence.id));
        let place = ws.artifact_at(path).or_else(|| entity.map(crate::workspace::EntityView::artifact));
        let own = records.len() == 1 && place.is_some_and(|a| records.iter().all(|d| d.evidence.id == a.id()));
        let mut evidence: Vec<Piece> = place.filter(|_| !own).map(pieces::document).into_iter().collect();
        evidence.extend(pieces::few(named, NAMED));
        let newest = records.first().map(|d| d.on);
        let told = newest.map_or_else(String::new, |on| format!(", newest of {on}"));
        let state = format!("{} of the last twelve months{told}", count(records.len(), "record"));
        Line {
            version: place.map_or_else(String::new, |a| a.version().to_owned()),
            owner: place
                .map_or_else(Piece::default, |a| pieces::role(self.facts, a.front().str("owner").unwrap_or_default())),
            date: newest,
            state: Cell::toned(state, Tone::Good),
            ..Line::of(Cell::pieces(evidence), "record")
        }
    }

    fn elsewhere(&self) -> Vec<Line> {
        let ws = self.facts.ws;
        let place = |e: &crate::readiness::Evidence| {
            let entity = ws.entity(&e.id);
            let location = entity.and_then(|e| e.str("location")).unwrap_or_default();
            let owner = entity.and_then(|e| e.str("owner")).unwrap_or_default();
            Line {
                owner: pieces::role(self.facts, owner),
                state: Cell::text(format!("kept in: {location}")),
                ..Line::of(
                    pieces::cell(entity.map_or_else(|| pieces::evidence(ws, e), pieces::named)),
                    "kept elsewhere",
                )
            }
        };
        self.state.elsewhere.iter().map(place).collect()
    }
}

impl Line {
    fn of(evidence: Cell, kind: &str) -> Self {
        let (version, state) = (String::new(), Cell::default());
        Self { evidence, kind: kind.to_owned(), version, owner: Piece::default(), date: None, state }
    }
}

/// A clause is answered, in part or not.
pub(super) fn answer(state: &ClauseState) -> Cell {
    match state.verdict {
        ClauseVerdict::Answered => Cell::toned("answered", Tone::Good),
        ClauseVerdict::Partly => Cell::toned("in part", Tone::Attention),
        ClauseVerdict::Open => Cell::toned("not answered", Tone::Bad),
    }
}

fn nothing(text: &str) -> Line {
    Line { state: Cell::toned(full_sentence(text), Tone::Bad), ..Line::of(pieces::gap("missing"), "missing") }
}

fn named(facts: &Facts<'_>, dated: &Dated) -> Piece {
    facts.ws.entity(&dated.evidence.id).map_or_else(|| pieces::evidence(facts.ws, &dated.evidence), pieces::named)
}

fn stated(facts: &Facts<'_>, artifact: ArtifactView<'_>) -> Cell {
    match standing::of(facts, artifact) {
        Some(_) => standing::cell(facts, artifact),
        None if artifact.is_approved() => Cell::toned("approved by its own word, not proved", Tone::Attention),
        None => Cell::toned(artifact.status(), Tone::Attention),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::book::Target;
    use crate::pack::facts::sample;
    use crate::readiness::Readiness;

    fn rows(facts: &Facts<'_>) -> Vec<Vec<Cell>> {
        index(facts).rows
    }

    #[test]
    fn a_clause_leads_to_its_newest_records_in_one_step() {
        sample::with("stage-2", false, |facts| {
            let rows = rows(facts);
            for clause in ["8.5.1", "8.5.1.2", "8.5.1.3"] {
                let of: Vec<_> = rows.iter().filter(|r| r[0].plain() == clause).collect();
                let leads =
                    |id: &str| of.iter().flat_map(|r| &r[4].pieces).any(|p| p.target == Some(Target::Entry(id.into())));
                assert!(leads("CHG-0040"), "{clause}: {of:?}");
                assert!(of.iter().all(|r| r[1].plain().contains("Change management")), "{clause}");
            }
        });
    }

    #[test]
    fn every_clause_is_there_and_what_is_missing_is_named() {
        sample::with("stage-2", false, |facts| {
            let rows = rows(facts);
            for clause in &facts.readiness.clauses {
                assert!(rows.iter().any(|r| r[0].plain() == clause.id), "{}", clause.id);
            }
        });
    }

    #[test]
    fn of_an_empty_system_every_clause_is_shown_as_not_answered() {
        let mut tree = crate::source::MemoryTree::default();
        tree.put("smsctl.toml", Some(b"[sms]\norganization = \"N\"\n".to_vec()));
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        sample::with("stage-1", false, |facts| {
            let ctx = crate::rules::Ctx::new(&ws, facts.today);
            let questions = ws.catalog.questions();
            let yardstick = crate::readiness::Yardstick::new(&ws.catalog, &questions);
            let verdict = crate::rules::run(&ctx);
            let readiness: Readiness = crate::readiness::assess(&ctx, &verdict, yardstick);
            let facts = Facts { ws: &ws, readiness: &readiness, since: None, commit: facts.commit.clone(), ..*facts };
            let rows = rows(&facts);
            let open = |clause: &str| {
                let row = rows.iter().find(|r| r[0].plain() == clause && r[4].plain() == "missing").unwrap();
                assert_eq!((row[3].plain().as_str(), row[3].pieces[0].tone), ("not answered", Tone::Bad), "{clause}");
            };
            readiness.leaves().for_each(|c| open(&c.id));
        });
    }
}
