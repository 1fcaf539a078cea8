//! The list of objective evidence: each record with what it shows, where it is kept and for how long.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{table, titled};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table};
use crate::pack::facts::Facts;
use crate::pack::fields::period_in_words;
use crate::pack::pieces::{self, count};
use crate::workspace::{ArtifactView, EntityView};

/// Records of one document that are named one by one; more are told by their number, and listed in the populations.
const NAMED: usize = 40;

const COLUMNS: [(&str, Form); 8] = [
    ("Record", Form::Text),
    ("Clauses", Form::Short),
    ("Date", Form::Date),
    ("What it shows", Form::Text),
    ("Stands in", Form::Text),
    ("Source", Form::Text),
    ("Kept for", Form::Short),
    ("Owner", Form::Text),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "evidence-list",
        "Evidence list",
        "Records of the last twelve months that show the system at work. Where a register holds very many, the table \
         names their number; the lists to sample from hold them all.",
    );
    let records = records(facts);
    let kept = kept_elsewhere(facts);
    let said = format!("{} from {} to {}.", count(records.len(), "record"), facts.readiness.since, facts.today);
    out.blocks.push(Block::Text(vec![Piece::plain(said)]));
    out.blocks.push(Block::Table(list(facts, &records)));
    out.blocks.push(Block::Table(kept));
    out
}

/// Clauses with their place in the standard.
type Clauses = BTreeSet<(usize, String)>;
/// Path, day and id of a record.
type Key = (String, std::cmp::Reverse<Date>, String);

/// A record with the clauses it answers.
struct Record {
    path: String,
    id: String,
    on: Date,
    clauses: Clauses,
}

/// Every record some clause counts on, newest first within its document.
fn records(facts: &Facts<'_>) -> Vec<Record> {
    let mut out: BTreeMap<Key, Clauses> = BTreeMap::new();
    for clause in facts.readiness.leaves() {
        for dated in &clause.records {
            let key = (dated.evidence.path.clone(), std::cmp::Reverse(dated.on), dated.evidence.id.clone());
            let order = facts.ws.catalog.clause_order(&clause.id);
            out.entry(key).or_default().insert((order, clause.id.clone()));
        }
    }
    let record = |((path, on, id), clauses): (Key, Clauses)| Record { path, id, on: on.0, clauses };
    out.into_iter().map(record).collect()
}

fn list(facts: &Facts<'_>, records: &[Record]) -> Table {
    let why = "There is no record of the last twelve months.";
    let mut out = table("evidence-list", "Records of the last twelve months", &COLUMNS, why);
    for group in records.chunk_by(|a, b| a.path == b.path) {
        if group.len() <= NAMED {
            out.rows.extend(group.iter().map(|r| one(facts, r)));
        } else {
            out.rows.extend(many(facts, group));
        }
    }
    out
}

fn one(facts: &Facts<'_>, record: &Record) -> Vec<Cell> {
    let entity = facts.ws.entity(&record.id);
    let artifact = entity.map(EntityView::artifact);
    let shown = entity.map_or_else(|| Piece::plain(&record.id), pieces::named);
    row(facts, shown, &record.clauses, record.on, artifact, artifact.filter(|a| a.id() != record.id))
}

/// Many records of one document in a line.
fn many(facts: &Facts<'_>, records: &[Record]) -> Option<Vec<Cell>> {
    let newest = records.first()?;
    let artifact = facts.ws.entity(&newest.id).map(EntityView::artifact);
    let oldest = records.iter().map(|r| r.on).min().unwrap_or(newest.on);
    let text = format!("{} from {oldest} to {}", count(records.len(), "record"), newest.on);
    let clauses = records.iter().flat_map(|r| r.clauses.iter().cloned()).collect();
    let shown = Piece { target: artifact.and_then(|a| pieces::document(a).target), ..Piece::plain(text) };
    Some(row(facts, shown, &clauses, newest.on, artifact, artifact))
}

fn row(
    facts: &Facts<'_>,
    shown: Piece,
    clauses: &Clauses,
    on: Date,
    artifact: Option<ArtifactView<'_>>,
    stands_in: Option<ArtifactView<'_>>,
) -> Vec<Cell> {
    let ids: Vec<&str> = clauses.iter().map(|(_, c)| c.as_str()).collect();
    let titles: Vec<String> = ids.iter().map(|c| facts.ws.catalog.clause_name(c).unwrap_or_default()).collect();
    let kind = artifact.and_then(|a| kind_of_record(facts, a, &ids));
    let said = |field: &str| kind.and_then(|k| k.str(field)).unwrap_or_default();
    let own = artifact.and_then(|a| a.front().str("retention"));
    let kept = own.unwrap_or_else(|| said("retention"));
    let owner = artifact.and_then(|a| a.front().str("owner")).unwrap_or_default();
    vec![
        pieces::cell(shown),
        Cell::text(ids.join(", ")),
        Cell::date(Some(on)),
        Cell::text(titles.join("; ")),
        Cell::pieces(stands_in.map(pieces::document).into_iter().collect()),
        Cell::text(if said("location").is_empty() { "this system" } else { said("location") }),
        Cell::text(period_in_words(kept).unwrap_or_else(|| kept.to_owned())),
        pieces::cell(pieces::role(facts, owner)),
    ]
}

/// The kind of record in the register of documented information: the one that names the document, else one of its clause.
fn kind_of_record<'f>(facts: &Facts<'f>, artifact: ArtifactView<'_>, clauses: &[&str]) -> Option<EntityView<'f>> {
    let kinds = || facts.ws.of_type("documented-information").filter(|e| e.str("class") == Some("record"));
    let names = |e: &EntityView<'_>| e.references().any(|r| r.to == artifact.id());
    let about = |e: &EntityView<'_>| e.node().texts("clauses").any(|(c, _)| clauses.contains(&c));
    kinds().find(names).or_else(|| kinds().find(about))
}

/// Kinds of records that are kept outside of this system: told by where they are.
fn kept_elsewhere(facts: &Facts<'_>) -> Table {
    let columns = [
        ("Kind of record", Form::Text),
        ("Clauses", Form::Short),
        ("Kept in", Form::Text),
        ("Kept for", Form::Short),
        ("Access", Form::Text),
        ("Owner", Form::Text),
    ];
    let why = "The register of documented information names no kind of record.";
    let mut out = table("kinds-of-records", "Kinds of records and where they are kept", &columns, why);
    for kind in facts.ws.of_type("documented-information").filter(|e| e.str("class") == Some("record")) {
        let said = |field: &str| kind.str(field).unwrap_or_default();
        let clauses: Vec<&str> = kind.node().texts("clauses").map(|(c, _)| c).collect();
        out.rows.push(vec![
            pieces::cell(pieces::named(kind)),
            Cell::text(clauses.join(", ")),
            Cell::text(said("location")),
            Cell::text(period_in_words(said("retention")).unwrap_or_else(|| said("retention").to_owned())),
            Cell::text(said("access")),
            pieces::cell(pieces::role(facts, said("owner"))),
        ]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;
    use crate::workspace::is_within;

    fn touches(clauses: &str, wanted: &str) -> bool {
        clauses.split(", ").any(|c| is_within(c, wanted))
    }

    #[test]
    fn each_record_says_what_it_shows_and_when() {
        sample::with("stage-2", false, |facts| {
            let out = section(facts);
            let Block::Table(list) = &out.blocks[1] else { panic!() };
            assert!(list.rows.len() > 30, "{}", list.rows.len());
            let changes = list.rows.iter().filter(|r| touches(&r[1].plain(), "8.5.1")).collect::<Vec<_>>();
            assert!(!changes.is_empty());
            assert!(changes.iter().all(|r| r[0].pieces[0].target.is_some() && !r[2].pieces.is_empty()), "{changes:?}");
            assert!(list.rows.iter().any(|r| !r[6].plain().is_empty()));
        });
    }
}
