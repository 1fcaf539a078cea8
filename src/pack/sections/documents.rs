//! The document register: every controlled document, computed and never typed.

use super::{due_cell, status_tone, table, titled};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table};
use crate::pack::facts::Facts;
use crate::pack::{pieces, standing};
use crate::trust::day;
use crate::workspace::{ArtifactView, Filter};

const COLUMNS: [(&str, Form); 14] = [
    ("No.", Form::Short),
    ("Title", Form::Text),
    ("Kind", Form::Short),
    ("Version", Form::Short),
    ("Status", Form::Short),
    ("Owner", Form::Text),
    ("Approver", Form::Text),
    ("Approved on", Form::Date),
    ("Effective on", Form::Date),
    ("Next review", Form::Date),
    ("Clauses", Form::Text),
    ("Approval", Form::Text),
    ("Classification", Form::Short),
    ("Path", Form::Text),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = new();
    out.blocks.extend(standing::not_judged(facts).map(|why| Block::Text(vec![Piece::plain(why)])));
    out.blocks.push(Block::Table(register(facts)));
    out
}

fn new() -> Section {
    titled(
        "document-register",
        "Document register",
        "Every controlled document of the service management system with its version, its owner and its approval. It is \
         computed from the documents and their history. The number leads to the document.",
    )
}

/// Every controlled document.
pub(super) fn register(facts: &Facts<'_>) -> Table {
    let mut out = table("document-register", "Document register", &COLUMNS, "There is no controlled document.");
    out.rows = facts.ws.master_list(&Filter::default()).into_iter().map(|a| row(facts, a)).collect();
    out
}

fn row(facts: &Facts<'_>, a: ArtifactView<'_>) -> Vec<Cell> {
    let front = a.front();
    let standing = standing::of(facts, a);
    let approved = standing.as_ref().and_then(standing::Standing::approved);
    let asked = || front.texts("approvers").map(|(r, _)| pieces::role(facts, r)).collect();
    let who = approved.map_or_else(asked, |v| {
        standing::approvers(facts, &v.approvals).into_iter().map(Piece::plain).collect::<Vec<_>>()
    });
    vec![
        pieces::cell(pieces::document_id(a)),
        Cell::text(a.title()),
        Cell::text(a.kind()),
        Cell::text(a.version()),
        Cell::toned(a.status(), status_tone(a.status())),
        pieces::cell(pieces::role(facts, front.str("owner").unwrap_or_default())),
        Cell::pieces(who),
        Cell::date(approved.and_then(|v| day(v.on).parse().ok())),
        Cell::date(front.date("effective_on")),
        due_cell(facts, Some(a).filter(|a| a.is_current()).and_then(ArtifactView::review_due)),
        Cell::text(a.clauses().join(", ")),
        standing::cell(facts, a),
        Cell::text(front.str("classification").unwrap_or_default()),
        Cell::text(a.path()),
    ]
}
