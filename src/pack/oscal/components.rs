//! The component definition: each current document is a component that answers the clauses it names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clauses::Clauses;
use super::frame::{About, Frame};
use super::parts::{day_prop, link, list, object, prop, sentence, told};
use super::text::{line, plain, token};
use crate::workspace::ArtifactView;

/// `component-definition.json`.
pub(super) fn definition(frame: &Frame<'_>, clauses: &Clauses<'_>) -> Vec<u8> {
    let mut documents: Vec<ArtifactView<'_>> = frame.facts.ws.artifacts().filter(|a| a.is_current()).collect();
    documents.sort_by_key(|d| (d.id(), d.path()));
    let components = list(documents.into_iter().map(|d| component(frame, clauses, d)));
    let title = format!("Documents of the service management system of {}", frame.organization());
    frame.file("component-definition", About { title: &title, note: "" }, vec![("components", components)], Vec::new())
}

fn component(frame: &Frame<'_>, clauses: &Clauses<'_>, document: ArtifactView<'_>) -> Value {
    let (key, file) = (frame.document_key(document), frame.file_of(document));
    let remarks = file.is_none().then_some("The file of this document is not in the pack.");
    let chapters = document.clauses().iter().filter(|c| clauses.control(c).is_none());
    let control = [
        prop("document-id", document.id()),
        prop("kind", document.kind()),
        prop("version", document.version()),
        prop("status", document.status()),
        prop("classification", document.front().str("classification").unwrap_or_default()),
        day_prop("effective-on", document.front().date("effective_on")),
        day_prop("review-due-on", document.review_due()),
    ];
    object([
        ("uuid", json!(frame.id("component", &key))),
        ("type", json!(component_type(document.kind()))),
        ("title", json!(title(document))),
        ("description", json!(told(Some(&description(frame, document))))),
        ("props", list(control.into_iter().chain(chapters.map(|c| prop("chapter", c))))),
        ("links", list([link(file.clone(), "reference")])),
        ("responsible-roles", roles(frame, document)),
        ("control-implementations", implementations(frame, clauses, document, &key)),
        ("remarks", json!(remarks)),
    ])
}

fn title(document: ArtifactView<'_>) -> String {
    line(document.title()).or_else(|| line(document.path())).unwrap_or_else(|| "Document".into())
}

/// The word of OSCAL for a kind of document; OSCAL allows others where it has none.
fn component_type(kind: &str) -> String {
    match kind {
        "policy" => "policy".into(),
        "process" | "procedure" | "sop" | "flowchart" => "process-procedure".into(),
        "plan" => "plan".into(),
        "guideline" | "checklist" | "presentation" => "guidance".into(),
        other => plain(other).unwrap_or_else(|| "document".into()),
    }
}

fn description(frame: &Frame<'_>, document: ArtifactView<'_>) -> String {
    let or = |text: &str, none: &str| plain(text).unwrap_or_else(|| none.to_owned());
    let owner = document.front().str("owner").map(|o| frame.facts.role(o));
    sentence(&format!(
        "{} {}, version {}, {}, owned by {}",
        or(document.kind(), "document"),
        or(document.id(), "without id"),
        or(document.version(), "not given"),
        or(document.status(), "without status"),
        or(&owner.unwrap_or_default(), "nobody named")
    ))
}

/// Owner and approvers, each role once with its duties.
fn roles(frame: &Frame<'_>, document: ArtifactView<'_>) -> Value {
    let front = document.front();
    let owner = front.str("owner").into_iter().map(|r| (r, "owner"));
    let approvers = front.texts("approvers").map(|(r, _)| (r, "approver"));
    let mut duties: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (role, duty) in owner.chain(approvers).filter(|(r, _)| !r.trim().is_empty()) {
        let kept = duties.entry(token(role)).or_default();
        let duty = prop("duty", duty);
        if !kept.contains(&duty) {
            kept.push(duty);
        }
    }
    let party = frame.party();
    list(duties.into_iter().map(|(id, duty)| json!({"role-id": id, "props": duty, "party-uuids": [party]})))
}

fn implementations(frame: &Frame<'_>, clauses: &Clauses<'_>, document: ArtifactView<'_>, key: &str) -> Value {
    let mut answered: BTreeMap<usize, (&str, String)> = BTreeMap::new();
    for clause in document.clauses() {
        if let Some(control) = clauses.control(clause) {
            answered.insert(clauses.order(clause), (clause, control));
        }
    }
    let requirements = list(answered.into_values().map(|(clause, control)| {
        let words = format!("The document names clause {} as one it answers.", clauses.name(clause));
        object([
            ("uuid", json!(frame.id("requirement", &format!("{key}\n{control}")))),
            ("control-id", json!(control)),
            ("description", json!(told(Some(&words)))),
        ])
    }));
    if requirements == json!([]) {
        return Value::Null;
    }
    json!([{
        "uuid": frame.id("implementation", key),
        "source": "catalog.json",
        "description": "Clauses that the document names in its control block.",
        "implemented-requirements": requirements,
    }])
}
