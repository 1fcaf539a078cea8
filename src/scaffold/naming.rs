//! Ids, folders and file names of new documents.

use std::collections::BTreeMap;

use super::blueprint::Blueprint;
use super::core_documents;
use crate::document::slug;
use crate::error::Error;
use crate::workspace::Workspace;

fn taken(ws: &Workspace, id: &str) -> bool {
    ws.entity(id).is_some() || ws.phantoms.contains(id)
}

pub(super) fn free_id(ws: &Workspace, id: &str) -> Result<String, Error> {
    if !is_id(id) {
        let message = format!("`{id}` is no id; nothing was written");
        let help = "An id is 2 to 64 letters and digits, joined by single hyphens, such as `SMS-PRC-07`.";
        return Err(Error::usage(message, help));
    }
    if taken(ws, id) {
        let path = ws.entity(id).map(|e| e.artifact().path().to_owned()).unwrap_or_default();
        let message = format!("the id {id} is in use ({path}); nothing was written");
        return Err(Error::usage(message, "Leave out `--id` to get the next free one."));
    }
    Ok(id.to_owned())
}

/// Whether a text is an id: 2 to 64 letters and digits, joined by single hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric());
    (2..=64).contains(&text.len()) && text.split('-').all(part)
}

/// The id the catalogue or the core profile gives, when free; else the next number behind the SMS's own ids of the kind.
pub(super) fn next_id(ws: &Workspace, blueprint: &Blueprint<'_>) -> Result<String, Error> {
    let own = match (blueprint.entry, &blueprint.register) {
        (Some(entry), _) => Some(entry.doc_no.clone()).filter(|no| is_id(no)),
        (None, Some(name)) => Some(register_id(name)?),
        (None, None) => None,
    };
    if let Some(own) = own.clone().filter(|own| !taken(ws, own)) {
        return Ok(own);
    }
    let prefix = own.filter(|_| blueprint.register.is_some()).map(|own| own + "-");
    let prefix =
        prefix.or_else(|| used_prefix(ws, &blueprint.kind)).unwrap_or_else(|| usual_prefix(ws, &blueprint.kind));
    let numbered = (1..10_000).map(|n| format!("{prefix}{n:02}"));
    Ok(numbered.into_iter().find(|id| !taken(ws, id)).unwrap_or(prefix))
}

pub(super) fn register_id(name: &str) -> Result<String, Error> {
    let core = core_documents()?.into_iter().find(|d| d.template == format!("registers/{name}"));
    Ok(core.map_or_else(|| format!("SMS-REG-{}", name.to_uppercase()), |d| d.id))
}

/// The prefix most ids of this kind have in this SMS.
fn used_prefix(ws: &Workspace, kind: &str) -> Option<String> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for artifact in ws.of_kind(kind) {
        let stem = artifact.id().trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.len() < artifact.id().len() && stem.ends_with('-') {
            *counted.entry(stem).or_default() += 1;
        }
    }
    counted.into_iter().max_by_key(|(stem, n)| (*n, std::cmp::Reverse(*stem))).map(|(stem, _)| stem.to_owned())
}

/// The prefix the toolkit gives documents of this kind.
fn usual_prefix(ws: &Workspace, kind: &str) -> String {
    let known = ws.catalog.entries().iter().find(|e| e.kind == kind);
    let stem = known.map(|e| e.doc_no.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    stem.unwrap_or_else(|| {
        format!("SMS-{}-", kind.chars().filter(|c| c.is_alphanumeric()).take(3).collect::<String>().to_uppercase())
    })
}

/// The folder most documents of a kind stand in, else the usual one.
#[must_use]
pub fn folder(ws: &Workspace, kind: &str) -> String {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for artifact in ws.of_kind(kind) {
        if let Some((folder, _)) = artifact.path().rsplit_once('/') {
            *counted.entry(folder).or_default() += 1;
        }
    }
    let most = counted.into_iter().max_by_key(|(folder, n)| (*n, std::cmp::Reverse(*folder)));
    most.map_or_else(|| usual_folder(kind), |(folder, _)| folder.to_owned())
}

pub(super) fn usual_folder(kind: &str) -> String {
    match kind {
        "context" => "context".into(),
        "policy" => "policies".into(),
        "process" => "processes".into(),
        "sop" => "procedures".into(),
        other => format!("{other}s"),
    }
}

pub(super) fn file_name(blueprint: &Blueprint<'_>) -> String {
    let name = match (blueprint.entry, &blueprint.register) {
        (Some(entry), _) if blueprint.title == entry.title => entry.id.clone(),
        (None, Some(register)) => register.clone(),
        _ => slug(&blueprint.title),
    };
    let short: String = name.chars().take(80).collect();
    let trimmed = short.trim_matches(['-', '_']);
    if trimmed.is_empty() { blueprint.kind.clone() } else { trimmed.to_owned() }
}
