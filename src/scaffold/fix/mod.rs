//! What `check --fix`, `generate` and `fmt` write: generated tables, and the form of front matter.
//!
//! The form is white space at the ends of front matter lines, the last line break, quotes around values that other YAML
//! readers would take for something else, and the order of the fields. The result is read again: a file whose fields would
//! not be the same afterwards is left alone and named.

mod lines;
mod order;
mod quote;

use std::ops::Range;
use std::sync::Arc;

use crate::artifact::{Role, role};
use crate::document::{self, Data, Document, FrontMatter, Node};
use crate::schema::{Schema, SchemaSet, Shape, to_json};
use crate::source::FileId;
use crate::workspace::{GeneratedState, Workspace};

/// What would be done to the files of an SMS.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to write.
    pub mends: Vec<Mend>,
    /// Files that are left alone, each with the reason.
    pub refused: Vec<(String, String)>,
    /// Files that are left alone because their text is approved as it is.
    pub approved: Vec<String>,
}

impl Plan {
    /// Leaves files alone whose text is approved as it is: one changed byte would end the approval.
    pub fn spare(&mut self, is_approved: impl Fn(&str) -> bool) {
        let (approved, mends) = std::mem::take(&mut self.mends).into_iter().partition(|m| is_approved(&m.path));
        self.mends = mends;
        self.approved.extend(Vec::into_iter(approved).map(|m: Mend| m.path));
    }

    fn add(&mut self, ws: &Workspace, document: &Document, after: String, changes: Vec<String>) {
        let path = ws.sources.file(document.file).path.clone();
        self.mends.push(Mend { path, before: ws.text_of(document).into(), after, changes });
    }
}

/// A file with its new text.
#[derive(Debug)]
pub struct Mend {
    /// Path below the root.
    pub path: String,
    /// Its text as it was read.
    pub before: String,
    /// Its text as it should be.
    pub after: String,
    /// What changed, in words.
    pub changes: Vec<String>,
}

/// What the schema says of a front matter and of its `entry`.
#[derive(Clone, Default)]
pub struct Shapes {
    whole: Option<Arc<Schema>>,
    entry: Option<Arc<Schema>>,
}

impl Shapes {
    /// The shapes of an artifact.
    #[must_use]
    pub fn of(front: &Node, ws: &Workspace) -> Self {
        let text = |field: &str| front.str(field).unwrap_or_default();
        Self::named(&ws.schemas, text("kind"), text("register"))
    }

    /// The shapes of a kind and, where one is named, a register.
    pub(super) fn named(schemas: &SchemaSet, kind: &str, register: &str) -> Self {
        let whole = if kind == "register" { schemas.register(register) } else { None };
        let entry = if kind == "register" { None } else { schemas.entry(register) };
        Self { whole: whole.or_else(|| schemas.kind(kind)).cloned(), entry: entry.cloned() }
    }

    fn whole(&self) -> Option<&Shape> {
        self.whole.as_deref().map(|s| &s.shape)
    }

    fn field(&self, name: &str) -> Option<&Shape> {
        match (name, &self.entry) {
            ("entry", Some(entry)) => Some(&entry.shape),
            _ => self.whole()?.field(name),
        }
    }
}

/// Works out which front matter has not the usual form; reads and writes nothing.
#[must_use]
pub fn plan_form(ws: &Workspace, wanted: impl Fn(&str) -> bool) -> Plan {
    let mut plan = Plan::default();
    let broken = ws.broken_files();
    for path in broken.iter().filter(|p| wanted(p)) {
        plan.refused.push(((*path).to_owned(), "it cannot be read; `smsctl check` says why".into()));
    }
    for document in ws.documents.iter().filter(|d| role(d) == Role::Artifact) {
        let path = &ws.sources.file(document.file).path;
        let Some(front) = document.front.node().filter(|_| wanted(path) && !broken.contains(&path.as_str())) else {
            continue;
        };
        let (text, mut changes) = (ws.text_of(document), Vec::new());
        match mend_text(text, &Shapes::of(front, ws), &mut changes) {
            Ok(after) if after == *text => {}
            Ok(after) => plan.add(ws, document, after, changes),
            Err(reason) => plan.refused.push((path.clone(), reason)),
        }
    }
    plan
}

/// Works out which files have a stale generated table. A table made of half an SMS would lose what the other half holds, so
/// nothing is written while a file cannot be read whole.
#[must_use]
pub fn plan_tables(ws: &Workspace, wanted: impl Fn(&str) -> bool) -> Plan {
    let mut plan = Plan::default();
    let broken = ws.broken_files();
    for document in &ws.documents {
        let path = &ws.sources.file(document.file).path;
        let mut changes = Vec::new();
        let after = if wanted(path) { generated(ws, document, &mut changes) } else { continue };
        match broken.as_slice() {
            _ if changes.is_empty() => {}
            [] => plan.add(ws, document, after, changes),
            broken => {
                let reason =
                    format!("its table would lose what {} holds, which cannot be read whole", broken.join(", "));
                plan.refused.push((path.clone(), reason));
            }
        }
    }
    plan
}

/// The text with its stale tables written anew.
fn generated(ws: &Workspace, document: &Document, changes: &mut Vec<String>) -> String {
    let stale = ws.generated_in(document).into_iter().filter(|p| matches!(p.state, GeneratedState::Stale(..)));
    changes.extend(stale.map(|p| format!("wrote the generated table `{}` anew", p.name)));
    ws.with_fresh_tables(document)
}

/// Mends the text of one artifact. `changes` gains what was done.
///
/// # Errors
/// Why the file is better left alone.
pub fn mend_text(text: &str, shapes: &Shapes, changes: &mut Vec<String>) -> Result<String, String> {
    let Some((first, _)) = front_of(text) else { return Err("its front matter cannot be read".into()) };
    let mut out = text.to_owned();
    let steps: [&Mender<'_>; 3] = [
        // First the order: a blank line counts as part of a block text above it, and may move away from there.
        &|text, node, yaml| field_order(text, node, yaml, shapes),
        &|text, node, yaml| Ok(white_space(text, node, yaml)),
        &|text, node, _| Ok(quotes(text, node, shapes)),
    ];
    for step in steps {
        let Some((node, yaml)) = front_of(&out) else { return Err(UNPROVED.into()) };
        if let Some((next, change)) = step(&out, &node, yaml)? {
            out = next;
            changes.push(change);
        }
    }
    if !out.ends_with('\n') {
        out.push_str(if out.contains("\r\n") { "\r\n" } else { "\n" });
        changes.push("ended the last line".into());
    }
    prove(&first, &out, shapes)?;
    Ok(out)
}

const UNPROVED: &str = "smsctl could not prove that its fields stay the same";

/// The text after a step and what it did; nothing when there was nothing to do.
type Step = Option<(String, String)>;
/// A step: text, front matter and the bytes of its YAML to the text after it, or why the file is better left alone.
type Mender<'m> = dyn Fn(&str, &Node, Range<usize>) -> Result<Step, String> + 'm;

fn white_space(text: &str, node: &Node, yaml: Range<usize>) -> Step {
    let (out, count) = lines::trim(text, node, yaml);
    let what = format!("cut white space at the end of {count} line{}", if count == 1 { "" } else { "s" });
    (count > 0).then_some((out, what))
}

fn quotes(text: &str, node: &Node, shapes: &Shapes) -> Step {
    let (out, count) = quote::values(text, node, shapes);
    let what = format!("put {count} value{} in quotes", if count == 1 { "" } else { "s" });
    (count > 0).then_some((out, what))
}

fn field_order(text: &str, node: &Node, yaml: Range<usize>, shapes: &Shapes) -> Result<Step, String> {
    let Some(shape) = shapes.whole() else { return Ok(None) };
    let names: Vec<&str> = shape.field_names().collect();
    let sorted = order::sort(text, node, yaml, &names)?;
    Ok(sorted.map(|out| (out, "put the fields in order".to_owned())))
}

fn front_of(text: &str) -> Option<(Node, Range<usize>)> {
    match document::parse(FileId(0), text).0.front {
        FrontMatter::Present { node, yaml, .. } => Some((node, yaml)),
        _ => None,
    }
}

/// The proof: reading the new text gives the same fields with the same texts, and the same values to the schema.
fn prove(before: &Node, after: &str, shapes: &Shapes) -> Result<(), String> {
    let (after, _) = front_of(after).ok_or(UNPROVED)?;
    let same_values = || {
        before.fields().iter().all(|field| match (shapes.field(&field.key), after.field(&field.key)) {
            (Some(shape), Some(now)) => to_json(&field.value, shape) == to_json(&now.value, shape),
            (None, Some(_)) => true,
            (_, None) => false,
        })
    };
    if same_fields(before, &after) && same_values() { Ok(()) } else { Err(UNPROVED.into()) }
}

/// Whether two front matters have the same fields, in whatever order, with the same content.
#[must_use]
pub fn same_fields(a: &Node, b: &Node) -> bool {
    let (left, right) = (a.fields(), b.fields());
    let found = |f: &document::Field| b.field(&f.key).is_some_and(|g| same_value(&f.value, &g.value));
    left.len() == right.len() && left.iter().all(found)
}

/// Whether two values hold the same texts.
pub(super) fn same_value(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Null, Data::Null) => true,
        (Data::Scalar { text: a, .. }, Data::Scalar { text: b, .. }) => a == b,
        (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same_value(&a.value, &b.value))
        }
        _ => false,
    }
}
