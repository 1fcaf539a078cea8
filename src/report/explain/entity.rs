//! An entity of the SMS: what it is, where it stands, what it names and who names it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Topic;
use super::standard::section;
use crate::report::register::place;
use crate::report::sentence;
use crate::report::trace::title_of;
use crate::workspace::{EntityView, Reference, Workspace};

pub(super) fn entity(name: &str, ws: &Workspace) -> Option<Topic> {
    let alike = || (0..ws.entities.len()).map(|ix| ws.entity_at(ix)).find(|e| e.id().eq_ignore_ascii_case(name));
    let entity = ws.entity(name).or_else(alike)?;
    let artifact = entity.artifact();
    let mut page = format!("# {} `{}`\n\n{}\n\n", sentence(entity.kind()), entity.id(), title_of(entity));
    let _ = writeln!(page, "- stands in: {}", place(entity));
    if !entity.is_artifact() {
        let _ = writeln!(page, "- document: `{}` {}", artifact.id(), artifact.title());
    }
    for field in ["version", "status", "owner"] {
        if let Some(value) = entity.str(field) {
            let _ = writeln!(page, "- {field}: {value}");
        }
    }
    section(&mut page, "It refers to", entity.references().map(|r| outgoing(ws, r)));
    section(&mut page, "Referred to by", entity.referrers().map(|(from, r)| incoming(from, r)));
    let _ = writeln!(page, "\n`smsctl trace {}` follows it both ways.", entity.id());
    Some(Topic { what: "entity", name: entity.id().into(), page, json: to_json(entity) })
}

fn outgoing(ws: &Workspace, reference: &Reference) -> String {
    match reference.target.map(|ix| ws.entity_at(ix)) {
        Some(target) => format!("`{}` {} ({})", target.id(), label(target), reference.field),
        None => match of_the_standard(ws, reference) {
            Some(title) => format!("`{}` {title} ({})", reference.to, reference.field),
            None => format!("`{}`, which does not exist ({})", reference.to, reference.field),
        },
    }
}

/// Clauses and toolkit entries are in the catalogue, not among the entities of the SMS.
fn of_the_standard<'a>(ws: &'a Workspace, reference: &Reference) -> Option<&'a str> {
    let catalog = &ws.catalog;
    match reference.accepts.first()?.as_str() {
        "clause" => catalog.clause(&reference.to).map(|c| c.title.as_str()),
        "toolkit-entry" => catalog.entry(&reference.to).map(|e| e.title.as_str()),
        _ => None,
    }
}

fn incoming(from: EntityView<'_>, reference: &Reference) -> String {
    format!("`{}` {} ({}), {}", from.id(), label(from), reference.field, place(from))
}

fn label(entity: EntityView<'_>) -> String {
    let title = title_of(entity);
    if title.is_empty() { entity.kind().to_owned() } else { title }
}

fn to_json(entity: EntityView<'_>) -> Value {
    let tie = |id: &str, field: &str| json!({"id": id, "field": field});
    json!({
        "what": "entity", "name": entity.id(), "type": entity.kind(), "label": entity.label(),
        "where": place(entity), "document": entity.artifact().id(), "status": entity.str("status"),
        "refers_to": entity.references().map(|r| tie(&r.to, &r.field)).collect::<Vec<_>>(),
        "referred_to_by": entity.referrers().map(|(from, r)| tie(from.id(), &r.field)).collect::<Vec<_>>(),
    })
}
