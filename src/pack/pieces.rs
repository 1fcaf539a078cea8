//! Words that lead somewhere: documents, entries, roles, evidence.

use super::book::{Cell, Piece, Target, Tone};
use super::facts::Facts;
use crate::document::Step;
use crate::readiness::Evidence;
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// What stands in the SMS where something must not leave.
pub(super) const WITHHELD: &str = "[withheld]";

/// Where an entity is shown: its document, or the row of the register it stands in.
pub(super) fn target(entity: EntityView<'_>) -> Target {
    let document = || Target::Document(entity.artifact().path().to_owned());
    if entity.is_artifact() {
        return document();
    }
    let [key @ Step::Key(name), index @ Step::Index(_), ..] = entity.path() else { return document() };
    let front = entity.artifact().front();
    let row = front.at(&[key.clone(), index.clone()]).and_then(|n| n.str("id")).filter(|_| &**name == "entries");
    row.map_or_else(document, |id| Target::Entry(id.to_owned()))
}

/// The id of an entity, leading to it.
pub(super) fn id(entity: EntityView<'_>) -> Piece {
    Piece::link(entity.id(), target(entity))
}

/// Id and title of an entity, leading to it; of a part of an entry, which entry it is.
pub(super) fn named(entity: EntityView<'_>) -> Piece {
    let title = match entity.label() {
        label if label == entity.id() && entity.is_artifact() => entity.artifact().title(),
        label if label == entity.id() => "",
        label => label,
    };
    let target = target(entity);
    let within = match &target {
        Target::Entry(row) if row != entity.id() => format!(" in {row}"),
        Target::Document(_) if !entity.is_artifact() && title.is_empty() => format!(" in {}", entity.artifact().id()),
        _ => String::new(),
    };
    Piece::link(join(entity.id(), title) + &within, target)
}

/// Id and title of a document, leading to it.
pub(super) fn document(artifact: ArtifactView<'_>) -> Piece {
    let id = if artifact.id().is_empty() { artifact.path() } else { artifact.id() };
    Piece::link(join(id, artifact.title()), Target::Document(artifact.path().to_owned()))
}

/// The id of a document, leading to it; its path when it has none.
pub(super) fn document_id(artifact: ArtifactView<'_>) -> Piece {
    let id = if artifact.id().is_empty() { artifact.path() } else { artifact.id() };
    Piece::link(id, Target::Document(artifact.path().to_owned()))
}

/// A text that may be an id: then it leads there.
pub(super) fn maybe_id(ws: &Workspace, text: &str) -> Piece {
    ws.entity(text).map_or_else(|| plain(text), id)
}

/// Evidence as readiness tells it.
pub(super) fn evidence(ws: &Workspace, evidence: &Evidence) -> Piece {
    let text = if evidence.id.is_empty() { &evidence.path } else { &evidence.id };
    match ws.entity(&evidence.id) {
        Some(entity) => Piece::link(text, target(entity)),
        None => Piece::link(text, Target::Document(evidence.path.clone())),
    }
}

/// The title of a role, leading to its entry.
pub(super) fn role(facts: &Facts<'_>, name: &str) -> Piece {
    match facts.ws.entity(name).filter(|e| e.is("role")) {
        Some(role) => Piece::link(facts.role(name), target(role)),
        None => plain(name),
    }
}

/// Text; what is withheld looks so.
pub(super) fn plain(text: &str) -> Piece {
    let tone = if text == WITHHELD { Tone::Muted } else { Tone::Plain };
    Piece::toned(text, tone)
}

/// A cell that leads somewhere.
pub(super) fn cell(piece: Piece) -> Cell {
    Cell::pieces(vec![piece])
}

/// A cell that says that something is missing.
pub(super) fn gap(text: &str) -> Cell {
    Cell::toned(text, Tone::Bad)
}

fn join(id: &str, title: &str) -> String {
    if title.is_empty() { id.to_owned() } else { format!("{id} {title}") }
}

/// The first of many pieces, and how many more there are.
pub(super) fn few(mut pieces: Vec<Piece>, most: usize) -> Vec<Piece> {
    let more = pieces.len().saturating_sub(most);
    if more > 0 {
        pieces.truncate(most);
        pieces.push(Piece::plain(format!("and {more} more")));
    }
    pieces
}

/// A number with its word, `3 documents`.
pub(super) fn count(n: usize, word: &str) -> String {
    crate::report::count(n, word)
}
