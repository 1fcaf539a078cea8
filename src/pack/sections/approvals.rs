//! The approvals register: who approved which text of which document, and what proves it.

use super::{table, titled};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::Facts;
use crate::pack::pieces;
use crate::pack::standing::{self, hex, needed, rests_on};
use crate::trust::versions::parts;
use crate::trust::{Approval, ApprovedVersion, Judged, Pending, Versions, day};
use crate::workspace::Filter;

const COLUMNS: [(&str, Form); 10] = [
    ("Document", Form::Short),
    ("Title", Form::Text),
    ("Version", Form::Short),
    ("Approved by", Form::Text),
    ("On", Form::Date),
    ("Key", Form::Text),
    ("Approval", Form::Text),
    ("Rests on", Form::Text),
    ("Authorship", Form::Short),
    ("SHA-256 of the text", Form::Text),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "approvals-register",
        "Approvals register",
        "Each line is one signature under one version of one document. The key and the digest can be checked with the \
         files of this pack; VERIFY.md says how.",
    );
    out.blocks.extend(standing::not_judged(facts).map(|why| Block::Text(vec![Piece::toned(why, Tone::Attention)])));
    let why = standing::not_judged(facts).unwrap_or_else(|| "There is no approval in the history.".into());
    let mut all = table("approvals-register", "Approved versions and approvals begun", &COLUMNS, &why);
    if let Some(judged) = facts.judged() {
        all.rows = rows(facts, judged);
    }
    out.blocks.push(Block::Table(all));
    out.blocks.extend(facts.judged().map(|_| Block::Table(without(facts))));
    out
}

fn rows(facts: &Facts<'_>, judged: &Judged) -> Vec<Vec<Cell>> {
    judged.versions.iter().flat_map(|(id, versions)| of_document(facts, judged, id, versions)).collect()
}

/// Newest first: what was begun, then what holds.
fn of_document(facts: &Facts<'_>, judged: &Judged, id: &str, versions: &Versions) -> Vec<Vec<Cell>> {
    let begun = versions.pending.iter().filter(|p| judged.at_tip.get(id) == Some(&p.digest));
    let mut out: Vec<Vec<Cell>> = begun.flat_map(|p| pending(facts, id, p)).collect();
    let mut held: Vec<&ApprovedVersion> = versions.approved.iter().filter(|v| v.ended.is_none()).collect();
    held.sort_by_key(|v| std::cmp::Reverse((parts(&v.version), v.position)));
    let newest = held.first().map(|v| v.digest.clone());
    for version in held {
        let current = judged.at_tip.get(id) == Some(&version.digest);
        let state = match (current, newest.as_ref() == Some(&version.digest)) {
            (true, _) => Cell::toned(format!("{}, in force", how(version)), Tone::Good),
            (false, true) => Cell::toned(format!("{}; the document has another text now", how(version)), Tone::Bad),
            (false, false) => Cell::toned(format!("{}, earlier version", how(version)), Tone::Muted),
        };
        let authorship = if version.authors.signed { "signed" } else { "claimed" };
        for approval in standing::approvals(facts, &version.approvals) {
            out.push(row(facts, id, approval, [state.clone(), Cell::text(authorship)]));
        }
    }
    out
}

fn how(version: &ApprovedVersion) -> String {
    format!("approved{}", version.how_in_brief())
}

fn pending(facts: &Facts<'_>, id: &str, pending: &Pending) -> Vec<Vec<Cell>> {
    let control = facts.ws.entity(id).map(|e| crate::rules::approval::control(e.artifact())).unwrap_or_default();
    let state =
        Cell::toned(format!("begun, still needed: {}", needed(facts, &control, &pending.missing)), Tone::Attention);
    let found = standing::approvals(facts, &pending.approvals);
    found.into_iter().map(|a| row(facts, id, a, [state.clone(), Cell::default()])).collect()
}

fn row(facts: &Facts<'_>, id: &str, approval: &Approval, [state, authorship]: [Cell; 2]) -> Vec<Cell> {
    let statement = &approval.statement;
    let entity = facts.ws.entity(id);
    let document = entity.map_or_else(|| Piece::plain(id), pieces::id);
    vec![
        pieces::cell(document),
        Cell::text(entity.map_or("", |e| e.artifact().title())),
        Cell::text(&statement.version),
        Cell::text(facts.approver(approval)),
        Cell::date(day(statement.signed_at).parse().ok()),
        Cell::text(approval.key.as_ref().map_or("", |k| k.0.as_str())),
        state,
        Cell::text(rests_on(facts, approval)),
        authorship,
        Cell::text(hex(&statement.digest)),
    ]
}

/// Documents whose text of today has no approval that holds: they are named, not left out.
fn without(facts: &Facts<'_>) -> Table {
    let columns =
        [("Document", Form::Text), ("Version", Form::Short), ("Status", Form::Short), ("Approval", Form::Text)];
    let mut out = table(
        "documents-without-approval",
        "Documents whose present text nobody approved",
        &columns,
        "Every document has the approval it needs.",
    );
    for a in facts.ws.master_list(&Filter::default()).into_iter().filter(|a| a.is_current()) {
        let passes = standing::of(facts, a).is_some_and(|s| s.verdict.passes());
        if !passes {
            let document = pieces::cell(pieces::document(a));
            out.rows.push(vec![document, Cell::text(a.version()), Cell::text(a.status()), standing::cell(facts, a)]);
        }
    }
    out
}
