//! `new`: one document, with everything filled in that can be known.

use std::collections::BTreeMap;

use super::{NewFile, Variables, core_documents, open_references, render, yaml_text};
use crate::catalog::{Catalog, ToolkitEntry, template};
use crate::document::slug;
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::schema::{Form, Shape};
use crate::source::relative;
use crate::workspace::{ArtifactView, Workspace};

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

/// Something `new` can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What to type after `smsctl new`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Ids of documents that exist already.
    pub existing: Vec<String>,
}

/// What a request comes down to.
struct Blueprint {
    kind: String,
    title: String,
    /// Name of the template; none for a user's kind.
    template: Option<String>,
    entry: Option<&'static ToolkitEntry>,
    /// The register it is, for ids and folders.
    register: Option<String>,
}

/// The file a request comes down to.
///
/// # Errors
/// When the name means nothing, the id or path is taken, or more must be said.
pub fn plan(ws: &Workspace, request: &NewRequest, today: jiff::civil::Date) -> Result<NewFile, Error> {
    let blueprint = choose(ws, request)?;
    let id = match &request.id {
        Some(id) => free_id(ws, id)?,
        None => next_id(ws, &blueprint)?,
    };
    let path = match &request.path {
        Some(path) => path.clone(),
        None => format!("{}/{}.md", folder(ws, &blueprint), file_name(&blueprint)),
    };
    if ws.paths.contains(&path) {
        let message = format!("{path} exists already; nothing was written");
        return Err(Error::usage(message, "Give another title, or say where it goes with `--path`."));
    }
    let variables = variables(ws, &blueprint, request, &id, &path, today);
    let text = match &blueprint.template {
        Some(name) => render(name, &variables)?,
        None => from_schema(ws, &blueprint.kind, &variables),
    };
    Ok(NewFile { path, text: open_references::opened(ws, text) })
}

fn choose(ws: &Workspace, request: &NewRequest) -> Result<Blueprint, Error> {
    let title = request.title.as_deref();
    match request.what.as_str() {
        "policy" => policy(ws, title),
        "register" => match title {
            Some(name) => register(ws, name, None),
            None => {
                Err(Error::usage("which register is not said", format!("Name one: {}.", list(ws.schemas.registers()))))
            }
        },
        what if ws.schemas.registers().any(|r| r == what) => register(ws, what, title),
        what if ws.schemas.kinds().any(|k| k == what) => kind(what, title),
        what => match entry(what) {
            Some(found) => from_entry(found, title),
            None => Err(unknown(ws, what)),
        },
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn unknown(ws: &Workspace, what: &str) -> Error {
    let names =
        ws.schemas.kinds().chain(ws.schemas.registers()).chain(Catalog::get().entries().iter().map(|e| e.id.as_str()));
    let near = did_you_mean(what, names);
    let help = format!("{near} `smsctl new --list` shows everything that can be written.");
    Error::usage(format!("`{what}` is no kind, register or toolkit entry"), help.trim_start())
}

/// A toolkit entry by its id, its title, or its id without the kind behind it (`change-management` for a policy).
fn entry(name: &str) -> Option<&'static ToolkitEntry> {
    let catalog = Catalog::get();
    let titled = || catalog.entries().iter().find(|e| e.title.eq_ignore_ascii_case(name));
    catalog.entry(name).or_else(|| catalog.entry(&format!("{name}-policy"))).or_else(titled)
}

/// The service management policy comes first; then a policy must be named.
fn policy(ws: &Workspace, title: Option<&str>) -> Result<Blueprint, Error> {
    if let Some(title) = title {
        return match entry(title).filter(|e| e.kind == "policy") {
            Some(found) => from_entry(found, None),
            None => kind("policy", Some(title)),
        };
    }
    let first = Catalog::get().entry("service-management-policy");
    if let Some(first) = first.filter(|_| ws.service_management_policies().next().is_none()) {
        return from_entry(first, None);
    }
    let missing = policies().filter(|e| existing_by_template(ws, &e.id).is_empty()).map(|e| e.id.as_str());
    let help = format!(
        "Name one (`smsctl new change-management-policy`) or give a title of your own. Missing: {}.",
        list(missing)
    );
    Err(Error::usage("the service management policy exists already, so say which policy is next", help))
}

fn policies() -> impl Iterator<Item = &'static ToolkitEntry> {
    Catalog::get().entries().iter().filter(|e| e.kind == "policy")
}

fn from_entry(found: &'static ToolkitEntry, title: Option<&str>) -> Result<Blueprint, Error> {
    let own = Some(format!("entries/{}", found.id)).filter(|name| template(name).is_some());
    let generic = Some(format!("kinds/{}", found.kind)).filter(|name| template(name).is_some());
    let Some(template) = own.or(generic) else {
        let message = format!("smsctl has no template for {} yet", found.title);
        return Err(Error::usage(message, "Registers are written by their names; `smsctl new --list` shows them."));
    };
    Ok(Blueprint {
        kind: found.kind.clone(),
        title: title.unwrap_or(&found.title).to_owned(),
        template: Some(template),
        entry: Some(found),
        register: None,
    })
}

fn register(ws: &Workspace, name: &str, title: Option<&str>) -> Result<Blueprint, Error> {
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
        template: Some(format!("registers/{name}")).filter(|t| template(t).is_some()),
        entry: None,
        register: Some(name.to_owned()),
    })
}

fn kind(name: &str, title: Option<&str>) -> Result<Blueprint, Error> {
    let Some(title) = title else {
        let help = format!("Say its title: `smsctl new {name} \"Title of the {name}\"`.");
        return Err(Error::usage(format!("a {name} needs a title"), help));
    };
    let known = Catalog::get().entries().iter().find(|e| e.kind == name && e.title.eq_ignore_ascii_case(title));
    Ok(Blueprint {
        kind: name.to_owned(),
        title: title.to_owned(),
        template: Some(format!("kinds/{name}")).filter(|t| template(t).is_some()),
        entry: known,
        register: None,
    })
}

fn taken(ws: &Workspace, id: &str) -> bool {
    ws.entity(id).is_some() || ws.phantoms.contains(id)
}

fn free_id(ws: &Workspace, id: &str) -> Result<String, Error> {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric());
    if !(2..=64).contains(&id.len()) || !id.split('-').all(part) {
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

/// The id the catalogue or the core profile gives, when free; else the next number behind the SMS's own ids of the kind.
fn next_id(ws: &Workspace, blueprint: &Blueprint) -> Result<String, Error> {
    let own = match (&blueprint.register, blueprint.entry) {
        (Some(name), _) => Some(register_id(name)?),
        (None, Some(entry)) => Some(entry.doc_no.clone()),
        (None, None) => None,
    };
    if let Some(own) = own.clone().filter(|own| !taken(ws, own)) {
        return Ok(own);
    }
    let prefix = own.filter(|_| blueprint.register.is_some()).map(|own| own + "-");
    let prefix = prefix.or_else(|| used_prefix(ws, &blueprint.kind)).unwrap_or_else(|| usual_prefix(&blueprint.kind));
    let numbered = (1..10_000).map(|n| format!("{prefix}{n:02}"));
    Ok(numbered.into_iter().find(|id| !taken(ws, id)).unwrap_or(prefix))
}

fn register_id(name: &str) -> Result<String, Error> {
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
fn usual_prefix(kind: &str) -> String {
    let known = Catalog::get().entries().iter().find(|e| e.kind == kind);
    let stem = known.map(|e| e.doc_no.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    stem.unwrap_or_else(|| {
        format!("SMS-{}-", kind.chars().filter(|c| c.is_alphanumeric()).take(3).collect::<String>().to_uppercase())
    })
}

/// The folder most documents of this kind stand in, else the usual one.
fn folder(ws: &Workspace, blueprint: &Blueprint) -> String {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for artifact in ws.of_kind(&blueprint.kind) {
        if let Some((folder, _)) = artifact.path().rsplit_once('/') {
            *counted.entry(folder).or_default() += 1;
        }
    }
    let most = counted.into_iter().max_by_key(|(folder, n)| (*n, std::cmp::Reverse(*folder)));
    most.map_or_else(|| usual_folder(&blueprint.kind), |(folder, _)| folder.to_owned())
}

fn usual_folder(kind: &str) -> String {
    match kind {
        "context" => "context".into(),
        "policy" => "policies".into(),
        "process" => "processes".into(),
        "sop" => "procedures".into(),
        other => format!("{other}s"),
    }
}

fn file_name(blueprint: &Blueprint) -> String {
    let name = match (&blueprint.register, blueprint.entry) {
        (Some(register), _) => register.clone(),
        (None, Some(entry)) if blueprint.title == entry.title => entry.id.clone(),
        _ => slug(&blueprint.title),
    };
    let short: String = name.chars().take(80).collect();
    let trimmed = short.trim_matches(['-', '_']);
    if trimmed.is_empty() { blueprint.kind.clone() } else { trimmed.to_owned() }
}

fn variables(
    ws: &Workspace,
    blueprint: &Blueprint,
    request: &NewRequest,
    id: &str,
    path: &str,
    today: jiff::civil::Date,
) -> Variables {
    let way = |to: Option<ArtifactView<'_>>| to.map(|a| relative(path, a.path())).unwrap_or_default();
    let context = ws.of_kind("context").find(|a| a.is_current());
    let policy = ws.service_management_policies().next();
    let entry = blueprint.entry;
    let owner = owner(ws, entry, request);
    let interval = entry.map(|e| e.review_interval.clone()).filter(|i| i.starts_with('P'));
    Variables {
        organization: ws.config.organization.clone(),
        language: ws.config.language.clone(),
        today: today.to_string(),
        id: id.to_owned(),
        title: blueprint.title.clone(),
        title_yaml: yaml_text(&blueprint.title),
        approvers: approvers(ws, entry, &owner),
        owner,
        clauses: entry.map(|e| e.clauses.join(", ")).unwrap_or_default(),
        template: entry.map(|e| e.id.clone()).unwrap_or_default(),
        review_interval: interval.unwrap_or_default(),
        scope_ref: context.map(|a| a.id().to_owned()).unwrap_or_default(),
        policy_id: policy.map(|a| a.id().to_owned()).unwrap_or_default(),
        policy_path: way(policy),
        context_path: way(context),
        roles_path: way(ws.register("roles").next()),
        obligations_path: way(ws.register("obligations").next()),
    }
}

fn is_role(ws: &Workspace, id: &str) -> bool {
    ws.entity(id).is_some_and(|e| e.is("role"))
}

/// The role asked for, else the toolkit's, else the owner of the SMS, as far as they exist; else a placeholder.
fn owner(ws: &Workspace, entry: Option<&ToolkitEntry>, request: &NewRequest) -> String {
    if let Some(owner) = &request.owner {
        return owner.clone();
    }
    let usual = if entry.is_some() {
        ["service-management-owner", "sms-manager"]
    } else {
        ["sms-manager", "service-management-owner"]
    };
    let candidates = entry.map(|e| e.owner.as_str()).into_iter().chain(usual);
    let known = candidates.into_iter().find(|id| is_role(ws, id));
    known.map_or_else(|| "TODO(role that owns this document)".to_owned(), str::to_owned)
}

/// The toolkit's role unless it is the owner, else top management; a placeholder when neither exists.
fn approvers(ws: &Workspace, entry: Option<&ToolkitEntry>, owner: &str) -> String {
    let wanted = entry.map_or("service-management-owner", |e| e.approver.as_str());
    let top = || ws.of_type("role").find(|r| r.node().bool("top_management") == Some(true)).map(|r| r.id().to_owned());
    let found = if is_role(ws, wanted) && wanted != owner { Some(wanted.to_owned()) } else { top() };
    format!("[{}]", found.as_deref().unwrap_or("TODO(role that approves this document)"))
}

/// A user's kind has no template: its schema says which fields must be there.
fn from_schema(ws: &Workspace, kind: &str, variables: &Variables) -> String {
    let mut text = String::from("---\n");
    if let Some(schema) = ws.schemas.kind(kind) {
        let Form::Object { fields, required, .. } = &schema.shape.form else { return text };
        for (name, shape) in fields.iter().filter(|(name, _)| required.contains(name)) {
            text.push_str(&field(name, shape, kind, variables));
        }
    }
    text.push_str(&format!("---\n\n# {}\n\nTODO(text of the document)\n", variables.title));
    text
}

fn field(name: &str, shape: &Shape, kind: &str, variables: &Variables) -> String {
    let value = match name {
        "id" => variables.id.clone(),
        "kind" => kind.to_owned(),
        "title" => variables.title_yaml.clone(),
        "version" => "0.1".into(),
        "status" => "draft".into(),
        "owner" => variables.owner.clone(),
        "approvers" => variables.approvers.clone(),
        _ => {
            let what = shape.description.trim_end_matches('.').replace(['(', ')', ':', '#'], "");
            let to_do = format!("TODO({})", if what.is_empty() { name } else { &what });
            if matches!(shape.form, Form::List(_)) { format!("[{to_do}]").replace(',', "") } else { to_do }
        }
    };
    format!("{name}: {value}\n")
}

/// Everything `new` can write, with what exists of it.
#[must_use]
pub fn offers(ws: &Workspace) -> Vec<Offer> {
    let policies = policies().map(|e| Offer {
        name: e.id.clone(),
        title: e.title.clone(),
        existing: existing_by_template(ws, &e.id),
    });
    let registers = ws.schemas.registers().map(|name| Offer {
        name: format!("register {name}"),
        title: crate::report::sentence(&name.replace('-', " ")),
        existing: ws.register(name).filter(|a| a.is_current()).map(|a| a.id().to_owned()).collect(),
    });
    let kinds = ws.schemas.kinds().filter(|k| *k != "register").map(|name| Offer {
        name: format!("{name} \"Title\""),
        title: format!("Any {name}"),
        existing: ws.of_kind(name).filter(|a| a.is_current()).map(|a| a.id().to_owned()).collect(),
    });
    policies.chain(registers).chain(kinds).collect()
}

fn existing_by_template(ws: &Workspace, entry: &str) -> Vec<String> {
    let grown = |a: &ArtifactView<'_>| a.is_current() && a.front().str("template") == Some(entry);
    ws.artifacts().filter(grown).map(|a| a.id().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::templates;

    #[test]
    fn every_kind_and_register_has_a_template() {
        let set = crate::schema::SchemaSet::default();
        let kinds: Vec<_> =
            set.kinds().filter(|k| *k != "register" && template(&format!("kinds/{k}")).is_none()).collect();
        let registers: Vec<_> = set.registers().filter(|r| template(&format!("registers/{r}")).is_none()).collect();
        assert_eq!((kinds, registers), (vec![], vec![]));
        let missing: Vec<_> = policies().filter(|e| !templates("entries").any(|t| t == e.id)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
