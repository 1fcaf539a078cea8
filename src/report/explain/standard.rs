//! Clauses and toolkit entries.

use std::fmt::Write as _;

use serde_json::json;

use super::{Topic, list};
use crate::catalog::{Catalog, Clause, Neighbour, ToolkitEntry};
use crate::rules;
use crate::workspace::{ArtifactView, Filter, Workspace};

/// `5.2.1 Establishing …`; untitled paragraphs and unknown clauses are their number.
pub(super) fn titled(id: &str) -> String {
    titled_in(Catalog::get(), id)
}

/// The same in the catalogue of an SMS.
fn titled_in(catalog: &Catalog, id: &str) -> String {
    match catalog.clause(id) {
        Some(clause) if !clause.title.starts_with('(') => format!("{id} {}", clause.title),
        _ => id.to_owned(),
    }
}

pub(super) fn clause(name: &str, ws: Option<&Workspace>) -> Option<Topic> {
    let catalog = super::catalog(ws);
    let clause = catalog.clause(name.strip_prefix("clause ").unwrap_or(name))?;
    let resting: Vec<_> = rules::all().iter().filter(|r| r.clauses.contains(&clause.id.as_str())).collect();
    let entries: Vec<_> = catalog.entries().iter().filter(|e| e.clauses.contains(&clause.id)).collect();
    let here = ws.map_or_else(Vec::new, |ws| claiming(ws, &clause.id));
    let mut page =
        format!("# Clause {}\n\n{}\n\n{}\n", titled_in(catalog, &clause.id), clause.paraphrase, information(clause));
    let below = catalog.clauses().iter().filter(|c| c.parent == clause.id).map(|c| titled_in(catalog, &c.id));
    section(&mut page, "Below it", below);
    section(&mut page, "Rules that rest on it", resting.iter().map(|r| format!("`{}`: {}", r.name, r.summary)));
    section(&mut page, "Toolkit entries that answer it", entries.iter().map(|e| format!("`{}`: {}", e.id, e.title)));
    section(&mut page, "Documents of this SMS that answer it", here.iter().map(|a| said(*a)));
    let json = json!({
        "what": "clause", "name": clause.id, "title": clause.title, "paraphrase": clause.paraphrase,
        "documented_information": clause.documented_information, "which": clause.which,
        "rules": resting.iter().map(|r| r.name).collect::<Vec<_>>(),
        "toolkit_entries": entries.iter().map(|e| &e.id).collect::<Vec<_>>(),
        "documents": here.iter().map(|a| a.id()).collect::<Vec<_>>(),
    });
    Some(Topic { what: "clause", name: clause.id.clone(), page, json })
}

fn information(clause: &Clause) -> String {
    let what = match clause.documented_information.as_str() {
        "document" => "asks for a document",
        "record" => "asks for a record",
        "document+record" => "asks for a document and a record",
        _ => "names none",
    };
    let which = if clause.which.is_empty() { String::new() } else { format!(": {}", clause.which) };
    format!("Documented information: the clause {what}{which}.")
}

fn claiming<'a>(ws: &'a Workspace, clause: &str) -> Vec<ArtifactView<'a>> {
    let mut found = ws.master_list(&Filter::default());
    found.retain(|a| a.claims(clause));
    found
}

fn said(artifact: ArtifactView<'_>) -> String {
    format!("`{}` {} ({})", artifact.id(), artifact.title(), artifact.path())
}

pub(super) fn section(page: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(page, "\n## {title}\n");
        for item in items {
            let _ = writeln!(page, "- {item}");
        }
    }
}

pub(super) fn entry(name: &str, ws: Option<&Workspace>) -> Option<Topic> {
    let catalog = super::catalog(ws);
    let entry = catalog.entries().iter().find(|e| e.id == name || e.doc_no.to_lowercase() == name)?;
    let grown = ws.map_or_else(Vec::new, |ws| ws.of_entry(entry).collect::<Vec<_>>());
    let interval = if entry.review_interval == "per-use" { "with each use" } else { &entry.review_interval };
    let mut page = format!("# {}: toolkit entry `{}`\n\n", entry.title, entry.id);
    let _ = writeln!(page, "- document number: `{}`", entry.doc_no);
    let _ = writeln!(page, "- kind: `{}`{}", entry.kind, of_register(entry));
    let _ = writeln!(page, "- answers: {}", list(entry.clauses.iter().map(|c| titled_in(catalog, c))));
    let _ = writeln!(page, "- owner: `{}`, approver: `{}`", entry.owner, entry.approver);
    let _ = writeln!(page, "- review: {interval}");
    let _ = writeln!(page, "\n`smsctl new {}` starts it.", entry.id);
    section(&mut page, "In this SMS", grown.iter().map(|a| said(*a)));
    section(&mut page, "Its headings", entry.outline.iter().filter(|h| h.depth == 1).map(|h| h.text.clone()));
    let neighbours = catalog.neighbours(entry);
    section(&mut page, "Belongs with", neighbours.iter().map(|n| neighbour(catalog, *n)));
    let json = json!({
        "what": "toolkit-entry", "level": entry.level, "group": entry.group, "register": entry.register,
        "columns": entry.columns, "outline": entry.outline.iter().map(|h| &h.text).collect::<Vec<_>>(),
        "belongs_with": neighbours.iter().map(|n| match n {
            Neighbour::Entry(id) => (*id).to_owned(),
            Neighbour::Register(name) => format!("register:{name}"),
        }).collect::<Vec<_>>(), "name": entry.id, "document_number": entry.doc_no, "title": entry.title,
        "kind": entry.kind, "clauses": entry.clauses, "owner": entry.owner, "approver": entry.approver,
        "review_interval": entry.review_interval, "documents": grown.iter().map(|a| a.id()).collect::<Vec<_>>(),
    });
    Some(Topic { what: "toolkit-entry", name: entry.id.clone(), page, json })
}

fn of_register(entry: &ToolkitEntry) -> String {
    entry.register.as_ref().map(|name| format!(", the register `{name}`")).unwrap_or_default()
}

fn neighbour(catalog: &Catalog, neighbour: Neighbour<'_>) -> String {
    match neighbour {
        Neighbour::Entry(id) => {
            let title = catalog.entry(id).map(|e| e.title.as_str()).unwrap_or_default();
            format!("`{id}`: {title}")
        }
        Neighbour::Register(name) => format!("the register `{name}`"),
    }
}
