//! What may leave. The one place that withholds: it changes the texts of the SMS before anything is made of them, so that no
//! picture, table or file of the pack can show more.
//!
//! Three things stay, unless the organization decides otherwise below `[pack]` in smsctl.toml: values of fields that a schema
//! marks `x-personal`; names and addresses of people of the trust policy, wherever they are mentioned; and the text of
//! documents of a classification that stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::masks::Masks;
use crate::config::PackSettings;
use crate::document::{Data, FrontMatter, Node, front_matter};
use crate::schema::{Schema, SchemaSet, Shape, is_to_do};
use crate::source::{FileId, MAX_TEXT_BYTES, MemoryTree, Source, Span, decode};
use crate::trust::Policy;
use crate::workspace::{ArtifactView, Workspace};

/// Why something stays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The schema marks the field as personal.
    Personal,
    /// People of the trust policy, addresses and telephone numbers are mentioned in the text.
    Mention,
    /// The document's classification stays.
    Classified(String),
    /// The text could not be changed without breaking it, so all of it stays.
    Unclear,
}

impl Why {
    /// The reason in words, for the list of what was left out.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Personal => "personal data".into(),
            Self::Mention => "people, addresses or telephone numbers mentioned in the text".into(),
            Self::Classified(level) => format!("classified {level}"),
            Self::Unclear => "personal data that could not be taken out of the text".into(),
        }
    }

    /// Whether the whole text stays.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Classified(_) | Self::Unclear)
    }
}

/// Something that stays: a field in a document, or all of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withheld {
    /// Path of the document in the SMS.
    pub path: String,
    /// Its id.
    pub id: String,
    /// The field, with dots; empty for the text as a whole.
    pub field: String,
    /// Why.
    pub why: Why,
    /// In how many places.
    pub places: usize,
}

/// What stays of an SMS, and the texts without it.
#[derive(Debug, Default)]
pub struct Disclosure {
    /// Everything that stays, by path and field.
    pub withheld: Vec<Withheld>,
    texts: BTreeMap<String, String>,
    gone: BTreeSet<String>,
    masks: Masks,
    ids: BTreeSet<String>,
    settings: PackSettings,
}

/// The control block: what is told of a document whose text stays.
const CONTROL: [&str; 15] = [
    "id",
    "kind",
    "register",
    "title",
    "version",
    "status",
    "owner",
    "approvers",
    "effective_on",
    "review_interval",
    "reviewed_on",
    "next_review_on",
    "clauses",
    "template",
    "classification",
];

/// A personal value and where it stands.
struct Found {
    span: Span,
    field: String,
    value: String,
}

impl Disclosure {
    /// Decides what stays. `policies` are all trust policies of the history: people who left have names too.
    #[must_use]
    pub fn of<'p>(ws: &Workspace, policies: impl Iterator<Item = &'p Policy>) -> Self {
        let settings = ws.config.pack.clone();
        let ids = ws.entities.iter().map(|e| e.id.clone()).collect();
        let mut out = Self { settings, ids, ..Self::default() };
        let found: Vec<(ArtifactView<'_>, Vec<Found>)> = match out.settings.names {
            true => Vec::new(),
            false => ws.artifacts().map(|a| (a, out.personal(a, &ws.schemas))).collect(),
        };
        if !out.settings.names {
            let values = found.iter().flat_map(|(_, list)| list.iter().map(|f| f.value.as_str()));
            out.masks = Masks::new(ws, policies, values);
        }
        let mut edits: BTreeMap<FileId, Vec<(Range<usize>, String)>> = BTreeMap::new();
        for (artifact, list) in &found {
            out.tell_personal(*artifact, list, &mut edits);
        }
        for artifact in ws.artifacts() {
            out.document(ws, artifact, &edits);
        }
        out.withheld.sort();
        out
    }

    /// The SMS without what stays.
    #[must_use]
    pub fn tree(&self, source: &dyn Source) -> MemoryTree {
        let mut tree = MemoryTree::copy_of(source);
        for (path, text) in &self.texts {
            tree.put(path, Some(text.clone().into_bytes()));
        }
        for path in &self.gone {
            tree.remove(path);
        }
        source.revision().map_or_else(|| tree.clone(), |revision| tree.clone().at_revision(revision))
    }

    /// Whether the text of a document stays as a whole.
    #[must_use]
    pub fn is_closed(&self, path: &str) -> bool {
        self.withheld.iter().any(|w| w.path == path && w.why.is_whole())
    }

    /// How many places of a document stay.
    #[must_use]
    pub fn places(&self, path: &str) -> usize {
        self.withheld.iter().filter(|w| w.path == path && !w.why.is_whole()).map(|w| w.places).sum()
    }

    /// A sentence about the SMS, such as the message of a finding, without what stays.
    #[must_use]
    pub fn sentence(&self, text: &str) -> String {
        self.masks.sentence(text)
    }

    /// Whether a text of a document, as the history holds it, may leave byte for byte.
    #[must_use]
    pub fn is_open(&self, bytes: &[u8], schemas: &SchemaSet) -> bool {
        let Some(text) = (bytes.len() as u64 <= MAX_TEXT_BYTES).then(|| decode(bytes.to_vec()).ok()).flatten() else {
            return false;
        };
        let FrontMatter::Present { node, .. } = front_matter(FileId(0), &text) else { return false };
        if self.stays(node.str("classification")) {
            return false;
        }
        if self.settings.names {
            return true;
        }
        let mut found = Vec::new();
        for (part, schema) in parts(&node, schemas) {
            self.walk(part, &schema.shape, String::new(), &mut found);
        }
        found.is_empty() && self.masks.apply(&text).1 == 0
    }

    fn stays(&self, classification: Option<&str>) -> bool {
        classification.is_some_and(|level| self.settings.withhold.iter().any(|w| w == level))
    }

    fn personal(&self, artifact: ArtifactView<'_>, schemas: &SchemaSet) -> Vec<Found> {
        let mut found = Vec::new();
        for (part, schema) in parts(artifact.front(), schemas) {
            self.walk(part, &schema.shape, String::new(), &mut found);
        }
        found
    }

    fn walk(&self, node: &Node, shape: &Shape, field: String, out: &mut Vec<Found>) {
        if shape.personal {
            self.leaves(node, &field, out);
            return;
        }
        let dotted = |key: &str| if field.is_empty() { key.to_owned() } else { format!("{field}.{key}") };
        for part in node.fields() {
            if let Some(shape) = shape.field(&part.key) {
                self.walk(&part.value, shape, dotted(&part.key), out);
            }
        }
        if let Some(shape) = shape.item() {
            node.items().iter().for_each(|item| self.walk(item, shape, field.clone(), out));
        }
    }

    /// A role or another id of the SMS is no person, and a placeholder is nobody.
    fn leaves(&self, node: &Node, field: &str, out: &mut Vec<Found>) {
        if let Some(value) = node.as_str() {
            if !value.trim().is_empty() && !is_to_do(value) && !self.ids.contains(value) {
                out.push(Found { span: node.span, field: field.to_owned(), value: value.to_owned() });
            }
            return;
        }
        node.fields().iter().for_each(|f| self.leaves(&f.value, field, out));
        node.items().iter().for_each(|item| self.leaves(item, field, out));
    }

    fn tell_personal(
        &mut self,
        artifact: ArtifactView<'_>,
        list: &[Found],
        edits: &mut BTreeMap<FileId, Vec<(Range<usize>, String)>>,
    ) {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let own = artifact.document().file;
        for found in list {
            *places.entry(&found.field).or_default() += 1;
            let mark = self.masks.mark(&found.value);
            // A cell of a CSV file needs no quotes: the mark holds no comma, quote or line break.
            let text = if found.span.file == own { format!("\"{mark}\"") } else { mark };
            edits.entry(found.span.file).or_default().push((found.span.range(), text));
        }
        for (field, places) in places {
            self.tell(artifact, field, Why::Personal, places);
        }
    }

    fn tell(&mut self, artifact: ArtifactView<'_>, field: &str, why: Why, places: usize) {
        let (path, id) = (artifact.path().to_owned(), artifact.id().to_owned());
        self.withheld.push(Withheld { path, id, field: field.to_owned(), why, places });
    }

    /// The text of a document, and of the CSV file of its entries, without what stays.
    fn document(
        &mut self,
        ws: &Workspace,
        artifact: ArtifactView<'_>,
        edits: &BTreeMap<FileId, Vec<(Range<usize>, String)>>,
    ) {
        if let Some(level) = artifact.front().str("classification").filter(|c| self.stays(Some(c))) {
            self.close(artifact, Why::Classified(level.to_owned()));
            return;
        }
        let file = artifact.document().file;
        let changed = edited(artifact.text(), edits.get(&file).map_or(&[], Vec::as_slice));
        let (text, mentions) = self.masks.apply(&changed);
        if text == artifact.text() {
            return self.csv(ws, artifact, edits);
        }
        if !reads_alike(artifact.front(), &text) {
            self.close(artifact, Why::Unclear);
            return;
        }
        self.texts.insert(artifact.path().to_owned(), text);
        if mentions > 0 {
            self.tell(artifact, "", Why::Mention, mentions);
        }
        self.csv(ws, artifact, edits);
    }

    fn csv(
        &mut self,
        ws: &Workspace,
        artifact: ArtifactView<'_>,
        edits: &BTreeMap<FileId, Vec<(Range<usize>, String)>>,
    ) {
        let Some(path) = artifact.entries_path() else { return };
        let Some(at) = ws.sources.files().iter().position(|f| f.path == path) else { return };
        let before = &ws.sources.files()[at].text;
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let (text, mentions) = self.masks.apply(&edited(before, edits.get(&file).map_or(&[], Vec::as_slice)));
        if text == *before {
            return;
        }
        self.texts.insert(path, text);
        if mentions > 0 {
            self.tell(artifact, "entries", Why::Mention, mentions);
        }
    }

    /// Only the control block is told.
    fn close(&mut self, artifact: ArtifactView<'_>, why: Why) {
        let control = control_block(artifact);
        let text = format!("---\n{control}---\n\nThe text of this document is withheld: {}.\n", why.in_words());
        self.texts.insert(artifact.path().to_owned(), self.masks.apply(&text).0);
        self.gone.extend(artifact.entries_path());
        self.withheld.retain(|w| w.path != artifact.path());
        self.tell(artifact, "", why, 1);
    }
}

/// The parts of front matter that a schema describes: all of it, and the entry of a document that is one.
fn parts<'n>(node: &'n Node, schemas: &SchemaSet) -> Vec<(&'n Node, Arc<Schema>)> {
    let (kind, register) = (node.str("kind").unwrap_or_default(), node.str("register"));
    let whole = match register.filter(|_| kind == "register") {
        Some(register) => schemas.register(register),
        None => schemas.kind(kind),
    };
    let entry = register.and_then(|r| schemas.entry(r)).zip(node.get("entry"));
    let whole = whole.map(|schema| (node, Arc::clone(schema)));
    whole.into_iter().chain(entry.map(|(schema, entry)| (entry, Arc::clone(schema)))).collect()
}

/// A text with stretches replaced; stretches that overlap an earlier one are part of it.
fn edited(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut sorted: Vec<&(Range<usize>, String)> = edits.iter().collect();
    sorted.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, new) in sorted {
        if range.start < at {
            continue;
        }
        out += text.get(at..range.start).unwrap_or_default();
        out += new;
        at = range.end;
    }
    out + text.get(at..).unwrap_or_default()
}

/// Whether the front matter of a changed text still has the same fields.
fn reads_alike(before: &Node, text: &str) -> bool {
    match front_matter(FileId(0), text) {
        FrontMatter::Present { node, .. } => {
            let names = |n: &Node| n.fields().iter().map(|f| f.key.clone()).collect::<Vec<_>>();
            // The entries of a CSV file are put in place of its name.
            let own = |n: &Node| names(n).into_iter().filter(|k| &**k != "entries").collect::<Vec<_>>();
            own(before) == own(&node) && same_size(before, &node)
        }
        _ => false,
    }
}

fn same_size(before: &Node, after: &Node) -> bool {
    after.fields().iter().all(|f| match (&f.value.data, before.get(&f.key).map(|v| &v.data)) {
        (Data::List(a), Some(Data::List(b))) => a.len() == b.len(),
        (Data::Map(a), Some(Data::Map(b))) => a.len() == b.len(),
        _ => true,
    })
}

fn control_block(artifact: ArtifactView<'_>) -> String {
    let (front, text) = (artifact.front(), artifact.text());
    let end = |field: &crate::document::Field| field.value.span.end.max(field.key_span.end) as usize;
    let kept = front.fields().iter().filter(|f| CONTROL.contains(&&*f.key));
    let lines = kept.filter_map(|f| text.get(f.key_span.start as usize..end(f)));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}
