//! What stands in an SMS, or is about to: what new documents refer and link to.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Neighbour, ToolkitEntry};
use crate::schema::SchemaSet;
use crate::source::relative;
use crate::workspace::{ArtifactView, Workspace};

/// How many neighbours a new document names.
const RELATED: usize = 8;

/// A document.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub id: String,
    pub title: String,
    pub path: String,
    pub kind: String,
    pub register: Option<String>,
    /// The toolkit entry it grew from.
    pub template: Option<String>,
    pub clauses: Vec<String>,
}

/// The current documents of an SMS, in path order.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    pub documents: Vec<Known>,
}

impl Index {
    /// The current documents of an SMS that was read.
    pub fn of(ws: &Workspace) -> Self {
        let known = |a: ArtifactView<'_>| Known {
            id: a.id().to_owned(),
            title: a.title().to_owned(),
            path: a.path().to_owned(),
            kind: a.kind().to_owned(),
            register: a.register().map(str::to_owned),
            template: a.front().str("template").map(str::to_owned),
            clauses: a.clauses().to_vec(),
        };
        Self { documents: ws.artifacts().filter(|a| a.is_current()).map(known).collect() }
    }

    pub fn context(&self) -> Option<&Known> {
        self.documents.iter().find(|d| d.kind == "context")
    }

    /// The service management policy.
    pub fn policy(&self) -> Option<&Known> {
        self.documents.iter().find(|d| d.kind == "policy" && d.clauses.iter().any(|c| c == "5.2.1"))
    }

    /// The document that is a register, not one of its entries: of several the one that is named like it, else the first.
    pub fn register(&self, name: &str) -> Option<&Known> {
        let is_it = |d: &&Known| d.kind == "register" && d.register.as_deref() == Some(name);
        let stem = |d: &&Known| d.path.rsplit('/').next().and_then(|file| file.strip_suffix(".md")) == Some(name);
        let named = self.documents.iter().filter(is_it).find(stem);
        named.or_else(|| self.documents.iter().find(is_it))
    }

    /// Documents that are an entry: grown from it, or its register unless that grew from another entry for it.
    pub fn of_entry<'a>(&'a self, catalog: &'a Catalog, entry: &'a ToolkitEntry) -> impl Iterator<Item = &'a Known> {
        self.documents.iter().filter(move |d| {
            let register = d.register.as_deref().filter(|_| d.kind == "register");
            catalog.is_of_entry(entry, d.template.as_deref(), register)
        })
    }

    /// Ids of the documents that belong beside an entry, closest first.
    pub fn related(&self, catalog: &Catalog, entry: &ToolkitEntry, own_id: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for neighbour in catalog.neighbours(entry) {
            let found = match neighbour {
                Neighbour::Entry(id) => catalog.entry(id).and_then(|e| self.of_entry(catalog, e).next()),
                Neighbour::Register(name) => self.register(name),
            };
            let other = found.filter(|d| !d.id.is_empty() && d.id != own_id && seen.insert(d.id.as_str()));
            out.extend(other.map(|d| d.id.clone()));
        }
        out.truncate(RELATED);
        out
    }

    /// What `link("…")` in a template means, by name, as seen from a file: a link, or the title where there is nothing.
    pub fn links(&self, catalog: &Catalog, schemas: &SchemaSet, from: &str) -> BTreeMap<String, String> {
        let link = |to: Option<&Known>, words: &str| match to.filter(|d| d.path != from) {
            Some(document) => format!("[{}]({})", escaped(words), target(&relative(from, &document.path))),
            None => words.to_owned(),
        };
        let entries = catalog.entries().iter().map(|entry| {
            let found = self.of_entry(catalog, entry).next();
            (entry.id.clone(), link(found, found.map_or(&entry.title, |d| &d.title)))
        });
        let names: BTreeSet<&str> = catalog.registers().into_iter().chain(schemas.registers()).collect();
        let registers = names.into_iter().map(|name| {
            let words = format!("{} register", name.replace('-', " "));
            (format!("register:{name}"), link(self.register(name), &words))
        });
        entries.chain(registers).collect()
    }
}

/// Words that stay words between the brackets of a link.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '_' | '`' | '<') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A path as the target of a link.
fn target(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_') {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02X}")));
        }
    }
    out
}
