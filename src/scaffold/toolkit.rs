//! `init --profile toolkit`: every document of the toolkit that makes sense on the first day, linked with each other.

use std::collections::BTreeSet;

use super::blueprint::{Blueprint, Place, Planner};
use super::index::{Index, Known};
use super::init::{Answers, CoreDocument, core_documents};
use super::naming::{register_id, usual_folder};
use super::{NewFile, open_references, tables};
use crate::catalog::Catalog;
use crate::document::{self, FrontMatter};
use crate::error::Error;
use crate::schema::SchemaSet;
use crate::source::{FileId, MemoryTree};
use crate::workspace;

/// A document to be written.
struct Planned<'a> {
    blueprint: Blueprint<'a>,
    id: String,
    path: String,
    /// Owner by the core profile.
    owner: Option<String>,
}

/// The documents, in the order a person works through them: those of the core profile, then the others by kind.
///
/// # Errors
/// When an embedded template is broken.
pub(super) fn documents(answers: &Answers) -> Result<Vec<NewFile>, Error> {
    let (catalog, schemas) = (Catalog::get(), SchemaSet::default());
    let mut planner = Planner {
        catalog,
        schemas: &schemas,
        index: Index::default(),
        roles: Vec::new(),
        taken: BTreeSet::new(),
        organization: answers.organization.clone(),
        language: answers.language.clone(),
        today: answers.today,
    };
    let all = plan(&planner)?;
    planner.index = Index { documents: all.iter().map(known).collect() };
    if let Some(roles) = all.iter().find(|p| p.blueprint.register.as_deref() == Some("roles")) {
        planner.roles = roles_of(&text(&planner, roles)?);
    }
    let mut files = Vec::new();
    for document in &all {
        let text = text(&planner, document)?;
        planner.taken.extend(entry_ids(&text));
        files.push(NewFile { path: document.path.clone(), text });
    }
    Ok(files)
}

/// The files with references that lead nowhere turned into to-dos, and generated tables filled in.
///
/// # Errors
/// When smsctl.toml among them cannot be read.
pub(super) fn settled(files: Vec<NewFile>) -> Result<Vec<NewFile>, Error> {
    let tree: MemoryTree = files.iter().map(|f| (f.path.clone(), Some(f.text.as_bytes().to_vec()))).collect();
    let ws = workspace::load(&tree, &|_, _| {})?;
    let opened = files.into_iter().map(|f| NewFile { text: open_references::opened(&ws, f.text), path: f.path });
    tables::filled(&ws, opened.collect())
}

fn plan<'a>(planner: &Planner<'a>) -> Result<Vec<Planned<'a>>, Error> {
    let mut out: Vec<Planned<'a>> = Vec::new();
    let mut claimed: BTreeSet<&str> = BTreeSet::new();
    for core in core_documents()? {
        let document = of_core(planner, &core)?;
        claimed.extend(document.blueprint.entry.map(|e| e.id.as_str()));
        out.push(document);
    }
    let usable = |register: Option<&str>| register.is_none_or(|r| planner.schemas.register(r).is_some());
    for entry in planner.catalog.entries().iter().filter(|e| e.day_one && !claimed.contains(e.id.as_str())) {
        if usable(entry.register.as_deref()) {
            let blueprint = planner.entry(entry, None)?;
            let path = format!("{}/{}.md", usual_folder(&entry.kind), entry.id);
            out.push(Planned { blueprint, id: entry.doc_no.clone(), path, owner: None });
        }
    }
    let have: BTreeSet<String> = out.iter().filter_map(|p| p.blueprint.register.clone()).collect();
    for name in planner.schemas.registers().filter(|name| !have.contains(*name)) {
        out.push(further_register(name)?);
    }
    Ok(out)
}

/// A document of the core profile, as the toolkit entry that it is.
fn of_core<'a>(planner: &Planner<'a>, core: &CoreDocument) -> Result<Planned<'a>, Error> {
    let (folder, name) = core.template.split_once('/').unwrap_or_default();
    let is_it = |e: &&crate::catalog::ToolkitEntry| match folder {
        "registers" => e.register.as_deref() == Some(name),
        "kinds" => e.kind == name,
        _ => e.id == name,
    };
    let mut blueprint = match planner.catalog.entries().iter().find(|e| e.day_one && is_it(e)) {
        Some(entry) => planner.entry(entry, None)?,
        None => register(name, &core.title),
    };
    blueprint.title.clone_from(&core.title);
    Ok(Planned { blueprint, id: core.id.clone(), path: core.path.clone(), owner: Some(core.owner().to_owned()) })
}

fn register<'a>(name: &str, title: &str) -> Blueprint<'a> {
    Blueprint {
        kind: "register".into(),
        title: title.to_owned(),
        template: Some(format!("registers/{name}")),
        entry: None,
        register: Some(name.to_owned()),
    }
}

fn further_register<'a>(name: &str) -> Result<Planned<'a>, Error> {
    let blueprint = register(name, &crate::report::sentence(&name.replace('-', " ")));
    Ok(Planned { blueprint, id: register_id(name)?, path: format!("registers/{name}.md"), owner: None })
}

fn known(planned: &Planned<'_>) -> Known {
    let entry = planned.blueprint.entry;
    Known {
        id: planned.id.clone(),
        title: planned.blueprint.title.clone(),
        path: planned.path.clone(),
        kind: planned.blueprint.kind.clone(),
        register: planned.blueprint.register.clone(),
        template: entry.map(|e| e.id.clone()),
        clauses: entry.map(|e| e.clauses.clone()).unwrap_or_default(),
    }
}

fn text(planner: &Planner<'_>, document: &Planned<'_>) -> Result<String, Error> {
    let owner = document.owner.as_deref().filter(|o| planner.is_role(o));
    let place = Place { id: &document.id, path: &document.path, owner };
    // The registers of the core profile refer to each other by id, so they start with the entries of that profile.
    let own_entries = document.owner.is_none() || document.blueprint.register.as_deref() == Some("roles");
    planner.text_with(&document.blueprint, place, own_entries)
}

fn entry_ids(text: &str) -> Vec<String> {
    let FrontMatter::Present { node, .. } = &document::parse(FileId(0), text).0.front else { return Vec::new() };
    node.list("entries").iter().filter_map(|e| e.str("id")).map(str::to_owned).collect()
}

fn roles_of(text: &str) -> Vec<(String, bool)> {
    let FrontMatter::Present { node, .. } = &document::parse(FileId(0), text).0.front else { return Vec::new() };
    let role = |e: &document::Node| Some((e.str("id")?.to_owned(), e.bool("top_management") == Some(true)));
    node.list("entries").iter().filter_map(role).collect()
}
