//! From a document to a controlled one: its kind, its entities and its references, read by the schema's annotations.

use std::sync::Arc;

use crate::document::{Data, Document, Field, FrontMatter, Node, Step};
use crate::finding::{Problem, did_you_mean};
use crate::schema::{Schema, SchemaSet, Shape, is_to_do};
use crate::source::Span;

/// What a Markdown file is to the SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A controlled document.
    Artifact,
    /// Markdown without front matter, or with front matter of another tool.
    Page,
    /// Front matter that could not be read, of a file that is or may be an artifact.
    Broken,
}

/// Decides what a file is. Front matter belongs to smsctl when it names a kind, or an id beside other control fields.
#[must_use]
pub fn role(document: &Document) -> Role {
    match &document.front {
        FrontMatter::Broken { id, kind, .. } if id.is_some() || kind.is_some() => Role::Broken,
        FrontMatter::Absent | FrontMatter::Broken { .. } => Role::Page,
        FrontMatter::Present { node, .. } => {
            let control = ["version", "status", "owner", "approvers", "clauses"];
            let ours = node.field("kind").is_some()
                || (node.field("id").is_some() && control.iter().any(|f| node.field(f).is_some()));
            if ours { Role::Artifact } else { Role::Page }
        }
    }
}

/// An object with an id, before it stands in a workspace.
#[derive(Clone, Debug)]
pub struct EntityDraft {
    /// Its id.
    pub id: String,
    /// Where the id stands.
    pub span: Span,
    /// Its types: `objective`, or `artifact` and `artifact:policy`.
    pub types: Vec<Arc<str>>,
    /// From the front matter to the object.
    pub path: Vec<Step>,
    /// Prefixes its id should have.
    pub prefixes: Vec<String>,
    /// A field says it is out of use.
    pub retired: bool,
}

/// A text that names another entity.
#[derive(Clone, Debug)]
pub struct ReferenceDraft {
    /// Index of the entity (in [`Read::entities`]) it stands in.
    pub from: usize,
    /// Name of the field, with dots.
    pub field: Arc<str>,
    /// The id it names.
    pub to: String,
    /// Where it stands.
    pub span: Span,
    /// Types it may lead to.
    pub accepts: Arc<[String]>,
    /// Following it must never come back.
    pub acyclic: bool,
}

/// What reading an artifact gives.
#[derive(Debug, Default)]
pub struct Read {
    /// The kind, as written.
    pub kind: String,
    /// The register it is or belongs to.
    pub register: Option<String>,
    /// The artifact itself first, then what it holds.
    pub entities: Vec<EntityDraft>,
    /// References out of it.
    pub references: Vec<ReferenceDraft>,
    /// What its schema does not allow.
    pub problems: Vec<Problem>,
    /// Ids in an artifact whose kind or register is unknown: what they are cannot be known, but they exist.
    pub hidden: Vec<String>,
}

/// Reads an artifact's front matter. `node` gains what the one-entity form takes from the artifact (id, title, owner).
#[must_use]
pub fn read(node: &mut Node, schemas: &SchemaSet) -> Read {
    let mut out = Read {
        kind: node.str("kind").unwrap_or_default().to_owned(),
        register: node.str("register").map(str::to_owned),
        ..Read::default()
    };
    let schema = schema_of(node, schemas, &mut out);
    if schema.is_none() || out.problems.iter().any(|p| p.rule == "kind-unknown") {
        ids_within(node, &mut out.hidden);
    }
    let Some(schema) = schema else {
        keep_id(node, &mut out);
        return out;
    };
    out.problems.extend(schema.check(node));
    let entry = entry_schema(node, schemas, &mut out);
    if let Some(entry) = &entry {
        out.problems.extend(complete_entry(node, entry));
    }
    let mut walk = Walk { out: &mut out, path: Vec::new(), fields: Vec::new(), entity: 0 };
    walk.artifact(node, &schema.shape, entry.as_deref());
    let subject = out.entities.first().map(|e| e.id.clone());
    for problem in &mut out.problems {
        problem.subject = problem.subject.take().or_else(|| subject.clone());
    }
    out
}

fn ids_within(node: &Node, out: &mut Vec<String>) {
    out.extend(node.str("id").map(str::to_owned));
    let parts = node.fields().iter().map(|f| &f.value).chain(node.items());
    parts.for_each(|part| ids_within(part, out));
}

/// The schema that judges the whole front matter.
fn schema_of(node: &Node, schemas: &SchemaSet, out: &mut Read) -> Option<Arc<Schema>> {
    if node.get("kind").is_none() {
        let problem = Problem::new("field-missing", node.span_of("id"), "the field `kind` is missing")
            .help("Add `kind`, such as `kind: policy`; `smsctl new --list` shows all kinds.");
        out.problems.push(problem);
        return None;
    }
    if out.kind == "register"
        && let Some(name) = node.str("register").filter(|n| !is_to_do(n))
    {
        if let Some(schema) = schemas.register(name) {
            return Some(schema.clone());
        }
        out.problems.extend(unknown("register", name, node.span_of("register"), schemas));
        if schemas.is_set_aside("register", name) {
            return None;
        }
    }
    let Some(schema) = schemas.kind(&out.kind) else {
        out.problems.extend(unknown("kind", &out.kind, node.span_of("kind"), schemas));
        return None;
    };
    Some(schema.clone())
}

/// None when the user's schema of it cannot be used, which is said in smsctl.toml.
fn unknown(what: &str, name: &str, span: Span, schemas: &SchemaSet) -> Option<Problem> {
    if schemas.is_set_aside(what, name) {
        return None;
    }
    let known: Vec<&str> = if what == "kind" { schemas.kinds().collect() } else { schemas.registers().collect() };
    let near = did_you_mean(name, known.iter().copied());
    let list = format!("Known are: {}. Your own is added with `[{what}s.{name}]` in smsctl.toml.", known.join(", "));
    let help = if near.is_empty() { list } else { format!("{near} {list}") };
    Some(Problem::new("kind-unknown", span, format!("`{name}` is no {what} that smsctl knows")).help(help))
}

/// Without a schema nothing but the id can be known.
fn keep_id(node: &Node, out: &mut Read) {
    if let Some(id) = node.str("id") {
        out.entities.push(EntityDraft {
            id: id.to_owned(),
            span: node.span_of("id"),
            types: vec!["artifact".into()],
            path: Vec::new(),
            prefixes: Vec::new(),
            retired: false,
        });
    }
}

/// The schema of `entry:` when this artifact is one entity of a register.
fn entry_schema(node: &Node, schemas: &SchemaSet, out: &mut Read) -> Option<Arc<Schema>> {
    if out.kind == "register" || node.get("entry").is_none() {
        return None;
    }
    let name = node.str("register")?;
    let schema = schemas.entry(name);
    if schema.is_none() {
        out.problems.extend(unknown("register", name, node.span_of("register"), schemas));
    }
    schema.cloned()
}

/// The artifact's id, title and owner stand for the entry's own; then the entry is checked like one of a list.
fn complete_entry(node: &mut Node, schema: &Schema) -> Vec<Problem> {
    let inherited: Vec<Field> = ["id", "title", "name", "owner"]
        .into_iter()
        .filter(|key| schema.shape.field(key).is_some())
        .filter_map(|key| {
            let from = if key == "name" { "title" } else { key };
            let field = node.field(from)?;
            Some(Field { key: key.into(), key_span: field.key_span, value: field.value.clone() })
        })
        .collect();
    let Data::Map(fields) = &mut node.data else {
        return Vec::new();
    };
    let Some(entry) = fields.iter_mut().find(|f| &*f.key == "entry").map(|f| &mut f.value) else {
        return Vec::new();
    };
    let Data::Map(own) = &mut entry.data else {
        return Vec::new();
    };
    for field in inherited {
        if !own.iter().any(|f| f.key == field.key) {
            own.push(field);
        }
    }
    schema.check(entry)
}

/// Walks values and shapes together, collecting entities and references.
struct Walk<'o> {
    out: &'o mut Read,
    path: Vec<Step>,
    fields: Vec<Box<str>>,
    entity: usize,
}

impl Walk<'_> {
    fn artifact(&mut self, node: &Node, shape: &Shape, entry: Option<&Schema>) {
        keep_id(node, self.out);
        let Some(own) = self.out.entities.first_mut() else {
            // Without an id there is nothing to refer from; entries still count.
            self.children(node, shape, entry);
            return;
        };
        own.types.push(format!("artifact:{}", self.out.kind).into());
        own.retired = retired(node, shape);
        self.children(node, shape, entry);
    }

    fn children(&mut self, node: &Node, shape: &Shape, entry: Option<&Schema>) {
        for field in node.fields() {
            let at_root = self.path.is_empty();
            match (at_root && &*field.key == "entry", entry) {
                (true, Some(schema)) => self.own_entry(&field.value, &schema.shape),
                _ => {
                    if let Some(shape) = shape.field(&field.key) {
                        self.step(Step::Key(field.key.clone()), |walk| walk.value(&field.value, shape, entry));
                    }
                }
            }
        }
    }

    /// The entity of the one-entity form is the artifact itself.
    fn own_entry(&mut self, node: &Node, shape: &Shape) {
        if let Some(own) = self.out.entities.first_mut() {
            if let Some(entity) = &shape.entity {
                own.types.push(entity.as_str().into());
            }
            own.path = vec![Step::Key("entry".into())];
            own.prefixes.clone_from(&shape.id_prefix);
            own.retired |= retired(node, shape);
        }
        self.step(Step::Key("entry".into()), |walk| {
            for field in node.fields() {
                if let Some(shape) = shape.field(&field.key) {
                    // What the entry inherits is the artifact's reference already.
                    if field.value.span.start >= node.span.start && field.value.span.end <= node.span.end {
                        walk.step(Step::Key(field.key.clone()), |walk| walk.value(&field.value, shape, None));
                    }
                }
            }
        });
    }

    fn value(&mut self, node: &Node, shape: &Shape, entry: Option<&Schema>) {
        match &node.data {
            Data::Scalar { text, .. } => self.reference(text, node.span, shape),
            Data::List(items) => {
                let Some(item) = shape.item() else { return };
                for (index, value) in items.iter().enumerate() {
                    self.step(Step::Index(index), |walk| walk.value(value, item, entry));
                }
            }
            Data::Map(_) => {
                let outer = self.entity;
                if let Some(kind) = &shape.entity {
                    self.entity(node, shape, kind);
                }
                self.children(node, shape, entry);
                self.entity = outer;
            }
            Data::Null => {}
        }
    }

    fn entity(&mut self, node: &Node, shape: &Shape, kind: &str) {
        let Some(id) = node.str("id") else { return };
        self.entity = self.out.entities.len();
        self.out.entities.push(EntityDraft {
            id: id.to_owned(),
            span: node.span_of("id"),
            types: vec![kind.into()],
            path: self.path.clone(),
            prefixes: shape.id_prefix.clone(),
            retired: retired(node, shape) || node.get("retired_in_version").is_some(),
        });
    }

    fn reference(&mut self, text: &str, span: Span, shape: &Shape) {
        let exempt =
            shape.refs.is_empty() || is_to_do(text) || text.is_empty() || shape.ref_words.iter().any(|w| w == text);
        if !exempt {
            self.out.references.push(ReferenceDraft {
                from: self.entity,
                field: self.fields.join(".").into(),
                to: text.to_owned(),
                span,
                accepts: shape.refs.clone(),
                acyclic: shape.acyclic,
            });
        }
    }

    fn step(&mut self, step: Step, inner: impl FnOnce(&mut Self)) {
        // Entries of a register are entities of their own, so their fields are named from the entry on.
        let named = match &step {
            Step::Key(key) if !(self.fields.is_empty() && matches!(&**key, "entries" | "entry")) => {
                self.fields.push(key.clone());
                true
            }
            _ => false,
        };
        self.path.push(step);
        inner(self);
        self.path.pop();
        if named {
            self.fields.pop();
        }
    }
}

fn retired(node: &Node, shape: &Shape) -> bool {
    let says = |(field, values): &(String, Vec<String>)| node.str(field).is_some_and(|v| values.iter().any(|r| r == v));
    shape.retired.iter().any(says)
}
