//! `new`: one document, with everything filled in that can be known.

use super::blueprint::{Blueprint, Place, Planner};
use super::index::{Index, Known};
use super::naming::{file_name, folder, free_id, next_id};
use super::{NewFile, core_documents, open_references, tables};
use crate::catalog::ToolkitEntry;
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::workspace::Workspace;

/// What the user asks for.
#[derive(Clone, Debug, Default)]
pub struct NewRequest {
    /// A kind, a register or a toolkit entry.
    pub what: String,
    /// Title; for `policy` and `register` also which one.
    pub title: Option<String>,
    /// Id instead of the next free one.
    pub id: Option<String>,
    /// Path below the root instead of the usual one.
    pub path: Option<String>,
    /// Owner role instead of the usual one.
    pub owner: Option<String>,
}

/// The file a request comes down to.
///
/// # Errors
/// When the name means nothing, the document exists, the id or path is taken, or more must be said.
pub fn plan(ws: &Workspace, request: &NewRequest, today: jiff::civil::Date) -> Result<NewFile, Error> {
    let planner = Planner::of(ws, today);
    let blueprint = choose(&planner, ws, request)?;
    refuse_second(&planner.index, ws, &blueprint, request)?;
    let id = match &request.id {
        Some(id) => free_id(ws, id)?,
        None => next_id(ws, &blueprint)?,
    };
    let path = match &request.path {
        Some(path) => path.clone(),
        None => format!("{}/{}.md", folder(ws, &blueprint.kind), file_name(&blueprint)),
    };
    if ws.paths.contains(&path) {
        let message = format!("{path} exists already; nothing was written");
        return Err(Error::usage(message, "Give another title, or say where it goes with `--path`."));
    }
    let place = Place { id: &id, path: &path, owner: request.owner.as_deref() };
    let text = open_references::opened(ws, planner.text(&blueprint, place)?);
    let filled = tables::filled(ws, vec![NewFile { path, text }])?;
    filled.into_iter().next().ok_or_else(|| Error::Defect("a new document went missing".into()))
}

/// A second document of a toolkit entry is written when it is given a title, an id or a path of its own.
fn refuse_second(index: &Index, ws: &Workspace, blueprint: &Blueprint<'_>, request: &NewRequest) -> Result<(), Error> {
    let Some(entry) = blueprint.entry else { return Ok(()) };
    let own = blueprint.title != entry.title || request.id.is_some() || request.path.is_some();
    let found: Vec<&Known> = index.of_entry(&ws.catalog, entry).collect();
    let Some(first) = found.first().filter(|_| !own) else { return Ok(()) };
    let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
    let message = format!("{} exists already: {} in {}{more}; nothing was written", entry.title, first.id, first.path);
    let further = format!("`smsctl new {} \"{} for …\"`", entry.id, entry.title);
    let help = if entry.repeats {
        format!("Give a further one a title of its own: {further}.")
    } else {
        format!(
            "Change that document. If a second one is meant, give it a title of its own ({further}) or `--id` and `--path`."
        )
    };
    Err(Error::usage(message, help))
}

fn choose<'a>(planner: &Planner<'a>, ws: &'a Workspace, request: &NewRequest) -> Result<Blueprint<'a>, Error> {
    let title = request.title.as_deref();
    match request.what.as_str() {
        "policy" => policy(planner, ws, title),
        "register" => match title {
            Some(name) => register(ws, name, None),
            None => {
                Err(Error::usage("which register is not said", format!("Name one: {}.", list(ws.schemas.registers()))))
            }
        },
        what if ws.catalog.entry(what).is_none() && ws.schemas.registers().any(|r| r == what) => {
            register(ws, what, title)
        }
        what if ws.schemas.kinds().any(|k| k == what) => kind(planner, ws, what, title),
        what => match entry(ws, what) {
            Some(found) => planner.entry(found, title),
            None => Err(unknown(ws, what)),
        },
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn unknown(ws: &Workspace, what: &str) -> Error {
    let entries = ws.catalog.entries().iter().map(|e| e.id.as_str());
    let near = did_you_mean(what, ws.schemas.kinds().chain(ws.schemas.registers()).chain(entries));
    let help = format!("{near} `smsctl new --list` shows everything that can be written.");
    Error::usage(format!("`{what}` is no kind, register or toolkit entry"), help.trim_start())
}

/// A toolkit entry by its id, its title, or its id without the kind behind it (`change-management` for a policy).
fn entry<'a>(ws: &'a Workspace, name: &str) -> Option<&'a ToolkitEntry> {
    let titled = || ws.catalog.entries().iter().find(|e| e.title.eq_ignore_ascii_case(name));
    ws.catalog.entry(name).or_else(|| ws.catalog.entry(&format!("{name}-policy"))).or_else(titled)
}

/// The service management policy comes first; then a policy must be named.
fn policy<'a>(planner: &Planner<'a>, ws: &'a Workspace, title: Option<&str>) -> Result<Blueprint<'a>, Error> {
    if let Some(title) = title {
        return match entry(ws, title).filter(|e| e.kind == "policy") {
            Some(found) => planner.entry(found, None),
            None => kind(planner, ws, "policy", Some(title)),
        };
    }
    let first = ws.catalog.entry("service-management-policy");
    if let Some(first) = first.filter(|_| ws.service_management_policies().next().is_none()) {
        return planner.entry(first, None);
    }
    let policies = ws.catalog.entries().iter().filter(|e| e.kind == "policy");
    let missing = policies.filter(|e| planner.index.of_entry(&ws.catalog, e).next().is_none()).map(|e| e.id.as_str());
    let help = format!(
        "Name one (`smsctl new change-management-policy`) or give a title of your own. Missing: {}.",
        list(missing)
    );
    Err(Error::usage("the service management policy exists already, so say which policy is next", help))
}

fn register<'a>(ws: &Workspace, name: &str, title: Option<&str>) -> Result<Blueprint<'a>, Error> {
    if !ws.schemas.registers().any(|r| r == name) {
        let near = did_you_mean(name, ws.schemas.registers());
        let help = format!("{near} Known are: {}.", list(ws.schemas.registers()));
        return Err(Error::usage(format!("`{name}` is no register"), help.trim_start()));
    }
    let core = core_documents()?.into_iter().find(|d| d.template == format!("registers/{name}"));
    let usual = core.map_or_else(|| crate::report::sentence(&name.replace('-', " ")), |d| d.title);
    Ok(Blueprint {
        kind: "register".into(),
        title: title.map_or(usual, str::to_owned),
        template: Some(format!("registers/{name}")).filter(|t| ws.catalog.template(t).is_some()),
        entry: None,
        register: Some(name.to_owned()),
    })
}

fn kind<'a>(planner: &Planner<'a>, ws: &'a Workspace, name: &str, title: Option<&str>) -> Result<Blueprint<'a>, Error> {
    let Some(title) = title else {
        let help = format!("Say its title: `smsctl new {name} \"Title of the {name}\"`.");
        return Err(Error::usage(format!("a {name} needs a title"), help));
    };
    if let Some(known) = ws.catalog.entries().iter().find(|e| e.kind == name && e.title.eq_ignore_ascii_case(title)) {
        return planner.entry(known, None);
    }
    Ok(Blueprint {
        kind: name.to_owned(),
        title: title.to_owned(),
        template: Some(format!("kinds/{name}")).filter(|t| ws.catalog.template(t).is_some()),
        entry: None,
        register: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, template, templates};

    #[test]
    fn every_kind_and_register_has_a_template() {
        let set = crate::schema::SchemaSet::default();
        let kinds: Vec<_> =
            set.kinds().filter(|k| *k != "register" && template(&format!("kinds/{k}")).is_none()).collect();
        let registers: Vec<_> = set.registers().filter(|r| template(&format!("registers/{r}")).is_none()).collect();
        assert_eq!((kinds, registers), (vec![], vec![]));
        let policies = Catalog::get().entries().iter().filter(|e| e.kind == "policy");
        let missing: Vec<_> = policies.filter(|e| !templates("entries").any(|t| t == e.id)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
