//! What the OSCAL files of a pack share: identifiers, the organization, roles, the documents behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use uuid::Uuid;

use super::parts::{NAMESPACE, list, moment, object, prop};
use super::text::{href, line, plain, prose, sha256, token};
use super::{OSCAL_VERSION, Places};
use crate::pack::Facts;
use crate::report::safe_json;
use crate::workspace::{ArtifactIx, ArtifactView, EntityView};

/// What a file says of itself.
#[derive(Clone, Copy)]
pub(super) struct About<'t> {
    pub title: &'t str,
    /// What a reader must know; may be empty.
    pub note: &'t str,
}

/// What every file is made with.
pub(super) struct Frame<'f> {
    pub facts: &'f Facts<'f>,
    places: &'f Places,
    base: Uuid,
    /// The document that a file belongs to: its own text, or the table beside it.
    homes: BTreeMap<String, ArtifactIx>,
    /// Texts of files by path.
    texts: BTreeMap<&'f str, &'f str>,
    /// Titles of all roles by their token.
    roles: BTreeMap<String, String>,
    /// Documents by the identifier of their resource.
    resources: BTreeMap<String, ArtifactIx>,
}

impl<'f> Frame<'f> {
    pub(super) fn new(facts: &'f Facts<'f>, places: &'f Places) -> Self {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
        let base = Uuid::new_v5(&space, facts.ws.config.organization.as_bytes());
        let roles = facts.ws.of_type("role").map(|r| (token(r.id()), facts.role(r.id()))).collect();
        let texts = facts.ws.sources.files().iter().map(|f| (f.path.as_str(), f.text.as_str())).collect();
        let (homes, resources) = (BTreeMap::new(), BTreeMap::new());
        let mut out = Self { facts, places, base, homes, texts, roles, resources };
        for document in facts.ws.artifacts() {
            out.homes.extend(document.entries_path().map(|csv| (csv, document.ix)));
            out.homes.insert(document.path().to_owned(), document.ix);
            out.resources.insert(out.resource(document), document.ix);
        }
        out
    }

    /// The identifier of a thing: the same in every pack of this organization as long as the thing is called the same.
    pub(super) fn id(&self, what: &str, key: &str) -> String {
        Uuid::new_v5(&self.base, format!("{what}\n{key}").as_bytes()).to_string()
    }

    fn resource(&self, document: ArtifactView<'_>) -> String {
        self.id("document", &self.document_key(document))
    }

    /// The resource that a document is; none when its file is not in the pack, because a resource leads to a file.
    pub(super) fn file_of(&self, document: ArtifactView<'_>) -> Option<String> {
        self.places.contains_key(document.path()).then(|| self.resource(document))
    }

    /// What a document is known by: its id, which outlives a move; its path where another document has that id.
    pub(super) fn document_key(&self, document: ArtifactView<'_>) -> String {
        let first = document.entity().and_then(|e| self.facts.ws.entity(e.id()));
        let own = first.filter(|e| e.artifact().ix == document.ix && e.is_artifact());
        own.map_or_else(|| document.path().to_owned(), |e| e.id().to_owned())
    }

    /// What an entity is known by: its id; its place where another entity has that id.
    pub(super) fn key(&self, entity: EntityView<'_>) -> String {
        if self.facts.ws.entity(entity.id()) == Some(entity) {
            return entity.id().to_owned();
        }
        format!("{}\n{}\n{:?}", entity.id(), entity.artifact().path(), entity.path())
    }

    /// The resource of the document that a file belongs to.
    pub(super) fn home(&self, path: &str) -> Option<String> {
        self.homes.get(path).and_then(|ix| self.file_of(self.facts.ws.artifact(*ix)))
    }

    /// The resource of the document that holds an entity.
    pub(super) fn evidence(&self, id: &str) -> Option<String> {
        self.facts.ws.entity(id).and_then(|e| self.file_of(e.artifact()))
    }

    /// Someone of the organization, told by a role.
    pub(super) fn actor(&self, role: Option<&str>) -> Value {
        let role = role.filter(|r| !r.trim().is_empty()).map(token);
        let actor = object([("type", json!("party")), ("actor-uuid", json!(self.party())), ("role-id", json!(role))]);
        json!([{"actors": [actor]}])
    }

    /// A role that answers for something.
    pub(super) fn responsible(&self, role: Option<&str>) -> Value {
        let role = role.filter(|r| !r.trim().is_empty());
        role.map_or(Value::Null, |r| json!([{"role-id": token(r), "party-uuids": [self.party()]}]))
    }

    /// The name of the organization.
    pub(super) fn organization(&self) -> String {
        plain(&self.facts.ws.config.organization).unwrap_or_else(|| "an organization without a name".into())
    }

    /// The identifier of the organization.
    pub(super) fn party(&self) -> String {
        self.id("party", "organization")
    }

    /// A whole file: what is in `body`, with metadata before it, and behind it the resources it refers to. Its identifier is
    /// made of all it says, so that two different files never share one.
    pub(super) fn file(&self, root: &str, about: About<'_>, body: Vec<(&str, Value)>, more: Vec<Value>) -> Vec<u8> {
        let mut named = Named::default();
        body.iter().chain(&[("", Value::Array(more.clone()))]).for_each(|(_, value)| named.read(value));
        let resources = named.resources.iter().filter_map(|id| self.resources.get(id));
        let resources = resources.map(|ix| self.back_matter(self.facts.ws.artifact(*ix)));
        let resources = list(more.into_iter().chain(resources));
        let metadata = self.metadata(about, &named.roles);
        let back = if resources == json!([]) { Value::Null } else { json!({"resources": resources}) };
        let fields = std::iter::once(("metadata", metadata)).chain(body).chain([("back-matter", back)]);
        let fields: Vec<(&str, Value)> = fields.filter(|(_, v)| !v.is_null() && *v != json!([])).collect();
        let text: String = fields.iter().map(|(key, value)| format!("{key} {value}\n")).collect();
        let id = json!(self.id(root, &text));
        let whole = std::iter::once(("uuid", id)).chain(fields).map(|(k, v)| (k.to_owned(), v));
        let whole: serde_json::Map<String, Value> = whole.collect();
        safe_json(&json!({ root: whole })).into_bytes()
    }

    fn metadata(&self, about: About<'_>, roles: &BTreeSet<String>) -> Value {
        let facts = self.facts;
        let role = |id: &String| {
            let title = self.roles.get(id).map_or(id, |title| title);
            json!({"id": id, "title": line(title).unwrap_or_else(|| id.clone())})
        };
        let organization = plain(&facts.ws.config.organization);
        let made = format!(
            "Made by smsctl {} from the Git commit {}. Dates are judged by {}.\n\n{}",
            env!("CARGO_PKG_VERSION"),
            facts.commit.oid,
            facts.today,
            about.note
        );
        object([
            ("title", json!(line(about.title))),
            ("last-modified", json!(moment(facts.commit.at))),
            ("version", json!(facts.commit.oid.to_string())),
            ("oscal-version", json!(OSCAL_VERSION)),
            ("props", list([prop("standard", &facts.ws.config.standard), prop("stage", &facts.stage.id)])),
            ("roles", list(roles.iter().map(role))),
            (
                "parties",
                json!([object([
                    ("uuid", json!(self.party())),
                    ("type", json!("organization")),
                    ("name", json!(organization)),
                ])]),
            ),
            ("remarks", json!(prose(&made))),
        ])
    }

    fn back_matter(&self, document: ArtifactView<'_>) -> Value {
        let files = std::iter::once(document.path().to_owned()).chain(document.entries_path());
        let id = plain(document.id()).map_or(Value::Null, |id| json!([{"identifier": id}]));
        object([
            ("uuid", json!(self.resource(document))),
            ("title", json!(line(document.title()).or_else(|| line(document.path())))),
            ("props", list([prop("version", document.version()), prop("path", document.path())])),
            ("document-ids", id),
            ("rlinks", list(files.map(|path| self.rlink(&path)))),
        ])
    }

    /// A file of the pack with its digest.
    pub(super) fn rlink(&self, path: &str) -> Value {
        let (Some(text), Some(place)) = (self.texts.get(path), self.places.get(path)) else {
            return Value::Null;
        };
        let table = path.to_ascii_lowercase().ends_with(".csv");
        let kind = if table { "text/csv" } else { "text/markdown" };
        let hashes = json!([{"algorithm": "SHA-256", "value": sha256(text)}]);
        json!({"href": href(place), "media-type": kind, "hashes": hashes})
    }
}

/// What a file speaks of and its frame must then hold.
#[derive(Default)]
struct Named {
    roles: BTreeSet<String>,
    resources: BTreeSet<String>,
}

impl Named {
    fn read(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.read(item)),
            Value::Object(fields) => fields.iter().for_each(|(key, value)| self.field(key, value)),
            _ => {}
        }
    }

    fn field(&mut self, key: &str, value: &Value) {
        match (key, value.as_str()) {
            ("role-id", Some(role)) => drop(self.roles.insert(role.to_owned())),
            ("subject-uuid", Some(id)) => drop(self.resources.insert(id.to_owned())),
            ("href", Some(link)) => self.resources.extend(link.strip_prefix('#').map(str::to_owned)),
            _ => self.read(value),
        }
    }
}
