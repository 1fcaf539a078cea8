//! `init`: the files of a new SMS.

use std::collections::BTreeMap;

use super::index::{Index, Known};
use super::release::release;
use super::{Interview, NewFile, Variables, fill, render, toolkit, yaml_text};
use crate::catalog::{Catalog, ToolkitEntry, template};
use crate::document::{Node, load_toml};
use crate::error::Error;
use crate::schema::SchemaSet;
use crate::source::{FileId, relative};

/// What a new SMS is told at its start.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Name of the organization; a placeholder when nobody said it.
    pub organization: String,
    /// Language of the texts.
    pub language: String,
    /// Day of the start.
    pub today: jiff::civil::Date,
}

/// A document of the core profile.
#[derive(Clone, Debug)]
pub struct CoreDocument {
    /// Template, such as `registers/roles`.
    pub template: String,
    /// Where it goes.
    pub path: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    owner: String,
    approvers: Vec<String>,
}

/// The documents of the core profile in the order a person works through them.
///
/// # Errors
/// When the embedded profile is broken.
pub fn core_documents() -> Result<Vec<CoreDocument>, Error> {
    let profile = profile()?;
    let document = |node: &Node| {
        let text = |key: &str| node.str(key).unwrap_or_default().to_owned();
        CoreDocument {
            template: text("template"),
            path: text("path"),
            id: text("id"),
            title: text("title"),
            owner: text("owner"),
            approvers: node.texts("approvers").map(|(a, _)| a.to_owned()).collect(),
        }
    };
    Ok(profile.list("file").iter().map(document).collect())
}

fn profile() -> Result<Node, Error> {
    let text = template("init/core.toml").unwrap_or_default();
    load_toml(FileId(0), text).map_err(|(_, message)| Error::Defect(format!("init/core.toml: {message}")))
}

impl CoreDocument {
    /// The role that owns it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }
}

/// How much a new SMS starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The documents and registers every SMS needs.
    Core,
    /// Every document and register of the toolkit that makes sense on the first day.
    Toolkit,
}

/// All files of a new SMS, filled in with what was answered.
///
/// # Errors
/// When an answer names a role or customer that does not exist, or an embedded template is broken.
pub fn plan_with(answers: &Answers, profile: Profile, interview: &Interview) -> Result<Vec<NewFile>, Error> {
    let mut files: Vec<NewFile> = match profile {
        Profile::Core => plan(answers)?,
        Profile::Toolkit => extras(&plain(answers))?.into_iter().chain(toolkit::documents(answers)?).collect(),
    };
    if let Some(readme) = files.iter_mut().find(|f| f.path == "README.md" && profile == Profile::Toolkit) {
        readme.text += template("init/README.toolkit.md").unwrap_or_default();
    }
    fill::fill(&mut files, interview, &answers.today.to_string())?;
    match profile {
        Profile::Core => Ok(files),
        Profile::Toolkit => toolkit::settled(files),
    }
}

/// Variables that hold for all files.
fn plain(answers: &Answers) -> Variables {
    Variables {
        organization: answers.organization.clone(),
        language: answers.language.clone(),
        today: answers.today.to_string(),
        release: release(),
        ..Variables::default()
    }
}

/// Files around the documents.
fn extras(variables: &Variables) -> Result<Vec<NewFile>, Error> {
    let mut files = Vec::new();
    for extra in profile()?.list("extra") {
        let (name, path) = (extra.str("template").unwrap_or_default(), extra.str("path").unwrap_or_default());
        files.push(NewFile { path: path.to_owned(), text: filled(name, variables, BTreeMap::new())? });
    }
    Ok(files)
}

/// All files of a new SMS, configuration first.
///
/// # Errors
/// When an embedded template is broken.
pub fn plan(answers: &Answers) -> Result<Vec<NewFile>, Error> {
    let documents = core_documents()?;
    let find = |name: &str| documents.iter().find(|d| d.template == name);
    let (policy, context) = (find("entries/service-management-policy"), find("kinds/context"));
    let (roles, obligations) = (find("registers/roles"), find("registers/obligations"));
    let plain = plain(answers);
    let (index, schemas) = (Index { documents: documents.iter().map(known).collect() }, SchemaSet::default());
    let mut files = extras(&plain)?;
    for document in &documents {
        let way = |to: Option<&CoreDocument>| to.map(|d| relative(&document.path, &d.path)).unwrap_or_default();
        let variables = Variables {
            id: document.id.clone(),
            title: document.title.clone(),
            title_yaml: yaml_text(&document.title),
            owner: document.owner.clone(),
            approvers: format!("[{}]", document.approvers.join(", ")),
            scope_ref: context.map(|d| d.id.clone()).unwrap_or_default(),
            policy_id: policy.map(|d| d.id.clone()).unwrap_or_default(),
            policy_path: way(policy),
            context_path: way(context),
            roles_path: way(roles),
            obligations_path: way(obligations),
            ..plain.clone()
        };
        let links = index.links(Catalog::get(), &schemas, &document.path);
        files.push(NewFile { path: document.path.clone(), text: filled(&document.template, &variables, links)? });
    }
    Ok(files)
}

/// A core document as others see it.
fn known(document: &CoreDocument) -> Known {
    let (folder, name) = document.template.split_once('/').unwrap_or_default();
    let is_context = |e: &&ToolkitEntry| folder == "kinds" && e.kind == name;
    let entry = Catalog::get().entries().iter().find(|e| folder == "entries" && e.id == name || is_context(e));
    let register = (folder == "registers").then(|| name.to_owned());
    Known {
        id: document.id.clone(),
        title: document.title.clone(),
        path: document.path.clone(),
        kind: entry.map_or_else(|| folder.trim_end_matches('s').to_owned(), |e| e.kind.clone()),
        register,
        template: entry.map(|e| e.id.clone()),
        clauses: entry.map(|e| e.clauses.clone()).unwrap_or_default(),
    }
}

fn filled(name: &str, variables: &Variables, links: BTreeMap<String, String>) -> Result<String, Error> {
    let text = template(name).ok_or_else(|| Error::Defect(format!("template {name} does not exist")))?;
    render(name, text, variables, links)
}
