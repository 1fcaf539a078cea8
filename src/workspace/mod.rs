//! All artifacts of an SMS with one id space, typed references and back-links. Knows no rules and no output.

mod generated;
mod graph;
mod load;
mod master_list;
mod own_catalog;
pub mod sample;
mod trace;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

pub use generated::{Cell, ComputedTable, GENERATED_NAMES, Generated, GeneratedState, Selection, View, heading};
pub use graph::Cycle;
pub use load::{Progress, load, preview};
pub use master_list::{Filter, is_within};
pub use trace::{Branch, CommitmentTrace, Coverage, Mark, Matrix, MetricTrace, ObjectiveTrace, Trace, trace};
pub use view::{ArtifactView, Commitment, EntityView, duration};

use crate::catalog::{Catalog, ToolkitEntry};
use crate::config::Config;
use crate::document::{Document, Step};
use crate::finding::Problem;
use crate::schema::SchemaSet;
use crate::source::{SourceMap, Span};

/// Index of a document in [`Workspace::documents`].
pub type DocumentIx = usize;
/// Index of an artifact in [`Workspace::artifacts`].
pub type ArtifactIx = usize;
/// Index of an entity in [`Workspace::entities`].
pub type EntityIx = usize;

/// A controlled document.
#[derive(Debug)]
pub struct Artifact {
    /// Its document.
    pub document: DocumentIx,
    /// Its kind as written.
    pub kind: String,
    /// The register it is or belongs to.
    pub register: Option<String>,
    /// The entity that is the artifact itself, when it has an id.
    pub entity: Option<EntityIx>,
    /// Clauses it names.
    pub clauses: Vec<String>,
}

/// Anything with an id.
#[derive(Debug)]
pub struct Entity {
    /// Its id.
    pub id: String,
    /// Where the id stands.
    pub span: Span,
    /// Its types; for an artifact also `artifact` and `artifact:<kind>`.
    pub types: Vec<Arc<str>>,
    /// The artifact that holds it.
    pub artifact: ArtifactIx,
    /// From the artifact's front matter to it.
    pub path: Vec<Step>,
    /// Prefixes its id should have.
    pub prefixes: Vec<String>,
    /// Out of use by its own word.
    pub retired: bool,
}

/// A reference from one entity to another.
#[derive(Debug)]
pub struct Reference {
    /// The entity it stands in.
    pub from: EntityIx,
    /// The field, with dots.
    pub field: Arc<str>,
    /// The id it names.
    pub to: String,
    /// Where it stands.
    pub span: Span,
    /// Types it may lead to.
    pub accepts: Arc<[String]>,
    /// Must never come back.
    pub acyclic: bool,
    /// The entity of that id, of whatever type.
    pub target: Option<EntityIx>,
}

/// A Markdown file that is not read as an artifact.
#[derive(Debug)]
pub struct Unread {
    /// Path below the root.
    pub path: String,
    /// Where the file starts, when it was opened.
    pub span: Option<Span>,
    /// Why.
    pub why: &'static str,
}

/// One SMS, read.
#[derive(Debug)]
pub struct Workspace {
    /// smsctl.toml.
    pub config: Config,
    /// Texts of all files.
    pub sources: SourceMap,
    /// Schemas, the user's among them.
    pub schemas: SchemaSet,
    /// The standard and the toolkit, with what the user adds.
    pub catalog: Cow<'static, Catalog>,
    /// All Markdown files that were read, sorted by path.
    pub documents: Vec<Document>,
    /// All artifacts, sorted by path.
    pub artifacts: Vec<Artifact>,
    /// All entities, in the order they stand.
    pub entities: Vec<Entity>,
    /// All references, in the order they stand.
    pub references: Vec<Reference>,
    /// What reading found wrong.
    pub problems: Vec<Problem>,
    /// Files that look like artifacts and are not read.
    pub unread: Vec<Unread>,
    /// Paths left out by `exclude`.
    pub excluded: Vec<String>,
    /// Every path of the SMS: what links may lead to.
    pub paths: BTreeSet<String>,
    /// Ids in files whose front matter is broken.
    pub phantoms: HashSet<String>,
    /// The commit, when there is one.
    pub revision: Option<String>,
    /// Whether the files differ from it.
    pub dirty: bool,
    by_id: HashMap<String, EntityIx>,
    by_type: BTreeMap<Arc<str>, Vec<EntityIx>>,
    incoming: HashMap<EntityIx, Vec<usize>>,
    outgoing: HashMap<EntityIx, Vec<usize>>,
    by_path: HashMap<String, DocumentIx>,
}

impl Workspace {
    /// The artifacts.
    pub fn artifacts(&self) -> impl Iterator<Item = ArtifactView<'_>> {
        (0..self.artifacts.len()).map(|ix| ArtifactView { ws: self, ix })
    }

    /// An artifact by index.
    #[must_use]
    pub fn artifact(&self, ix: ArtifactIx) -> ArtifactView<'_> {
        ArtifactView { ws: self, ix }
    }

    /// An entity by index.
    #[must_use]
    pub fn entity_at(&self, ix: EntityIx) -> EntityView<'_> {
        EntityView { ws: self, ix }
    }

    /// The entity of an id; of a doubled id the first.
    #[must_use]
    pub fn entity(&self, id: &str) -> Option<EntityView<'_>> {
        self.by_id.get(id).map(|ix| EntityView { ws: self, ix: *ix })
    }

    /// All entities of a type, in the order they stand.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = EntityView<'_>> + use<'_> {
        let found: &[EntityIx] = self.by_type.get(kind).map_or(&[], Vec::as_slice);
        found.iter().map(|ix| EntityView { ws: self, ix: *ix })
    }

    /// Artifacts of a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = ArtifactView<'a>> {
        self.artifacts().filter(move |a| a.kind() == kind)
    }

    /// Documents that are or belong to a register.
    pub fn register<'a>(&'a self, name: &'a str) -> impl Iterator<Item = ArtifactView<'a>> {
        self.artifacts().filter(move |a| a.register() == Some(name))
    }

    /// Current documents that are an entry of the toolkit.
    pub fn of_entry<'a>(&'a self, entry: &'a ToolkitEntry) -> impl Iterator<Item = ArtifactView<'a>> {
        self.artifacts().filter(|a| a.is_current()).filter(move |a| {
            let register = a.register().filter(|_| a.kind() == "register");
            self.catalog.is_of_entry(entry, a.front().str("template"), register)
        })
    }

    /// Policies that claim clause 5.2.1 and are current, in path order.
    pub fn service_management_policies(&self) -> impl Iterator<Item = ArtifactView<'_>> {
        self.of_kind("policy").filter(|a| a.is_current() && a.claims("5.2.1"))
    }

    /// The service management policy, when there is exactly one current claim on 5.2.1.
    #[must_use]
    pub fn policy(&self) -> Option<ArtifactView<'_>> {
        let mut found = self.service_management_policies();
        match (found.next(), found.next()) {
            (Some(policy), None) => Some(policy),
            _ => None,
        }
    }

    /// The document at a path.
    #[must_use]
    pub fn document_at(&self, path: &str) -> Option<&Document> {
        self.by_path.get(path).and_then(|ix| self.documents.get(*ix))
    }

    /// The artifact of a file.
    #[must_use]
    pub fn artifact_at(&self, path: &str) -> Option<ArtifactView<'_>> {
        let document = *self.by_path.get(path)?;
        let ix = self.artifacts.binary_search_by_key(&document, |a| a.document).ok()?;
        Some(ArtifactView { ws: self, ix })
    }

    /// The artifact a span lies in: of its Markdown file, or of the CSV beside it.
    #[must_use]
    pub fn artifact_of(&self, span: Span) -> Option<ArtifactView<'_>> {
        let path = self.sources.path(span);
        if let Some(found) = self.artifact_at(path) {
            return Some(found);
        }
        let holds = |a: &ArtifactView<'_>| a.entries_path().as_deref() == Some(path);
        self.artifacts().find(holds)
    }

    /// The text of a file.
    #[must_use]
    pub fn text_of(&self, document: &Document) -> &str {
        &self.sources.file(document.file).text
    }

    /// Where something is said of the SMS as a whole.
    #[must_use]
    pub fn root_span(&self) -> Span {
        self.config.sms_span
    }

    /// Ids of all entities a reference of these types could mean.
    pub fn ids_of<'a>(&'a self, accepts: &'a [String]) -> impl Iterator<Item = &'a str> {
        let any = accepts.iter().any(|a| a == "any");
        self.entities
            .iter()
            .filter(move |e| any || accepts.iter().any(|a| e.types.iter().any(|t| **t == **a)))
            .map(|e| e.id.as_str())
    }
}
