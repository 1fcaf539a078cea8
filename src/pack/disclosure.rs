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
        let mut out = Self { ids, settings, ..Self::default() };
        let found: Vec<(ArtifactView<'_>, Vec<Found>)> = if out.settings.names {
            Vec::new()
        } else {
            ws.artifacts().map(|a| (a, out.personal(a, &ws.schemas))).collect()
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

    /// Whether the organization lets everything leave, and so nothing stays.
    #[must_use]
    pub fn all_leaves(&self) -> bool {
        self.settings.names && self.settings.withhold.is_empty() && self.withheld.is_empty()
    }

    /// Whether a file of the SMS leaves as it is.
    #[must_use]
    pub fn is_untouched(&self, path: &str) -> bool {
        !self.texts.contains_key(path) && !self.gone.contains(path)
    }

    /// Whether a text that is no document may leave byte for byte.
    #[must_use]
    pub fn names_nobody(&self, bytes: &[u8]) -> bool {
        self.settings.names || decode(bytes.to_vec()).is_ok_and(|text| self.masks.apply(&text).1 == 0)
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
        if self.settings.stays(&node).is_some() {
            return false;
        }
        if self.settings.names {
            return true;
        }
        let mut found = Vec::new();
        for (part, schema) in parts(&node, schemas) {
            self.walk(part, &schema.shape, "", &mut found);
        }
        found.is_empty() && self.masks.apply(&text).1 == 0
    }

    fn personal(&self, artifact: ArtifactView<'_>, schemas: &SchemaSet) -> Vec<Found> {
        let mut found = Vec::new();
        for (part, schema) in parts(artifact.front(), schemas) {
            self.walk(part, &schema.shape, "", &mut found);
        }
        found
    }

    fn walk(&self, node: &Node, shape: &Shape, field: &str, out: &mut Vec<Found>) {
        if shape.personal {
            self.leaves(node, field, out);
            return;
        }
        let dotted = |key: &str| if field.is_empty() { key.to_owned() } else { format!("{field}.{key}") };
        for part in node.fields() {
            if let Some(shape) = shape.field(&part.key) {
                self.walk(&part.value, shape, &dotted(&part.key), out);
            }
        }
        if let Some(shape) = shape.item() {
            node.items().iter().for_each(|item| self.walk(item, shape, field, out));
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
        if let Some(level) = self.settings.stays(artifact.front()) {
            self.close(artifact, Why::Classified(level));
            return;
        }
        let file = artifact.document().file;
        let changed = edited(artifact.text(), edits.get(&file).map_or(&[], Vec::as_slice));
        let (text, mentions) = self.masks.apply(&changed);
        if text == artifact.text() {
            return self.csv(ws, artifact, edits);
        }
        if !reads_alike(artifact.text(), &text) {
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

/// Whether the front matter of a changed text still has the same fields, as deep as they go.
fn reads_alike(before: &str, after: &str) -> bool {
    let read = |text: &str| match front_matter(FileId(0), text) {
        FrontMatter::Present { node, .. } => Some(node),
        _ => None,
    };
    read(before).zip(read(after)).is_some_and(|(before, after)| same_form(&before, &after))
}

fn same_form(before: &Node, after: &Node) -> bool {
    match (&before.data, &after.data) {
        (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_form(a, b)),
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same_form(&a.value, &b.value))
        }
        (Data::Scalar { .. }, Data::Scalar { .. }) | (Data::Null, Data::Null) => true,
        _ => false,
    }
}

fn control_block(artifact: ArtifactView<'_>) -> String {
    let (front, text) = (artifact.front(), artifact.text());
    let end = |field: &crate::document::Field| field.value.span.end.max(field.key_span.end) as usize;
    let kept = front.fields().iter().filter(|f| CONTROL.contains(&&*f.key));
    let lines = kept.filter_map(|f| text.get(f.key_span.start as usize..end(f)));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &str = "---\nid: REG-ROL\nkind: register\nregister: roles\ntitle: Roles\nversion: 1.0\nstatus: approved\nowner: cio\n\
                         approvers: [cio]\nclauses: [5.3]\nentries:\n  - id: cio\n    title: \"Chief, information: officer\"\n    top_management: true\n    \
                         holders:\n      - {person: Carla Ito, valid_from: 2026-01-01}\n---\n# Roles\n\nCarla Ito chairs. Not Carla Itos.\n";
    const CONTACTS: &str = "---\nid: REG-CON\nkind: register\nregister: contacts\ntitle: Contacts\nversion: 1.0\nstatus: approved\nowner: cio\n\
                            approvers: [cio]\nclauses: [7.4]\nentries_from: contacts.csv\n---\n# Contacts\n";
    const CSV: &str =
        "id,name,phone,function\nCON-1,Carla Ito,+32 9 555 70 00,\"calls, and writes\"\nCON-2,cio,7000,=x\n";
    const SECRET: &str = "---\nid: POL-9\nkind: policy\ntitle: Secret of Carla Ito\nversion: 1.0\nstatus: draft\nowner: cio\n\
                          approvers: [cio]\nclassification: restricted\nclauses: [8.7.3.1]\n---\n# Secret\n\nThe safe stands behind the door.\n";
    const PLAIN: &str = "---\nid: POL-1\nkind: policy\ntitle: Plain\nversion: 1.0\nstatus: draft\nowner: cio\napprovers: [cio]\n\
                         clauses: [5.2.1]\nchanges:\n  - version: 1.0\n    on: 2026-01-01\n    why: Dan Example asked for it.\n---\n# Plain\n\nAsk dan@example.org.\n";

    fn tree(config: &str) -> MemoryTree {
        let files = [
            ("smsctl.toml", format!("[sms]\norganization = \"X\"\n{config}")),
            ("registers/roles.md", ROLES.into()),
            ("registers/contacts.md", CONTACTS.into()),
            ("registers/contacts.csv", CSV.into()),
            ("policies/secret.md", SECRET.into()),
            ("policies/plain.md", PLAIN.into()),
        ];
        files.into_iter().map(|(path, text)| (path.to_owned(), Some(text.into_bytes()))).collect()
    }

    fn policy() -> Policy {
        let toml = "schema = \"smsctl-trust/1\"\nrepo_id = \"urn:uuid:5f0c1c1e-0b8e-4d0e-9d5e-2f6f0e0c7a11\"\nserial = 1\n\
                    [people.dan]\nname = \"Dan Example\"\nssh_principal = \"dan@example.org\"\n\
                    [[assignments]]\nperson = \"dan\"\nrole = \"cio\"\nfrom = 2026-01-01T00:00:00Z\n\
                    [[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }]\n\
                    [admin]\nrequire = [{ role = \"cio\", min = 1 }]\n";
        let signers = "dan@example.org namespaces=\"git,smsctl-approval\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDCQkI/Lqz719lj4P8otPj2r3aFBiib4mWlU05DpCKfV\n";
        let files = [("trust/policy.toml", toml), ("trust/allowed_signers", signers)];
        Policy::read(&files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into()).unwrap()
    }

    fn shown(config: &str) -> (Disclosure, MemoryTree) {
        let tree = tree(config);
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        let disclosure = Disclosure::of(&ws, [&policy()].into_iter());
        let shown = disclosure.tree(&tree);
        (disclosure, shown)
    }

    fn text(tree: &MemoryTree, path: &str) -> String {
        String::from_utf8(tree.read(path, u64::MAX).unwrap()).unwrap()
    }

    #[test]
    fn people_stay_and_everything_else_leaves_as_it_is() {
        let (disclosure, tree) = shown("");
        let roles = text(&tree, "registers/roles.md");
        assert!(!roles.contains("Carla Ito ") && roles.contains("Not Carla Itos."), "{roles}");
        assert!(roles.contains("{person: \"‹withheld") && roles.contains("valid_from: 2026-01-01"), "{roles}");
        let csv = text(&tree, "registers/contacts.csv");
        assert!(!csv.contains("Carla") && !csv.contains("555") && csv.contains("\"calls, and writes\""), "{csv}");
        assert!(csv.contains("CON-2,cio,"), "a role is no person: {csv}");
        let plain = text(&tree, "policies/plain.md");
        assert!(!plain.contains("Dan") && !plain.contains("dan@"), "{plain}");
        assert!(plain.starts_with("---\nid: POL-1\n"), "{plain}");
        assert_eq!(disclosure.places("policies/plain.md"), 2);
        assert!(crate::workspace::load(&tree, &|_, _| {}).unwrap().artifact_at("policies/plain.md").is_some());
    }

    #[test]
    fn of_a_closed_document_only_the_control_block_leaves() {
        let (disclosure, tree) = shown("");
        let secret = text(&tree, "policies/secret.md");
        assert!(disclosure.is_closed("policies/secret.md"));
        assert!(
            !secret.contains("safe stands")
                && !secret.contains("Carla")
                && secret.contains("classification: restricted"),
            "{secret}"
        );
        let (open, tree) = shown("[pack]\nwithhold = []\n");
        assert!(!open.is_closed("policies/secret.md") && text(&tree, "policies/secret.md").contains("safe stands"));
    }

    #[test]
    fn the_organization_may_let_names_leave() {
        let (disclosure, shown_tree) = shown("[pack]\nnames = \"full\"\n");
        assert_eq!(text(&shown_tree, "registers/roles.md"), ROLES);
        assert_eq!(text(&shown_tree, "registers/contacts.csv"), CSV);
        assert_eq!(disclosure.withheld.iter().filter(|w| !w.why.is_whole()).count(), 0);
    }

    #[test]
    fn texts_of_the_history_are_judged_by_the_same_rules() {
        let tree = tree("");
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        let disclosure = Disclosure::of(&ws, [&policy()].into_iter());
        assert!(!disclosure.is_open(ROLES.as_bytes(), &ws.schemas));
        assert!(!disclosure.is_open(SECRET.as_bytes(), &ws.schemas));
        assert!(!disclosure.is_open(b"no front matter", &ws.schemas));
        let harmless = PLAIN.replace("Dan Example", "Somebody").replace("dan@example.org", "anybody");
        assert!(disclosure.is_open(harmless.as_bytes(), &ws.schemas));
        assert!(!disclosure.is_open(PLAIN.as_bytes(), &ws.schemas));
    }

    #[test]
    fn what_smsctl_says_quotes_nothing_that_stays() {
        let (disclosure, _) = shown("");
        let said = disclosure.sentence("`7000` is no number; Dan Example wrote it");
        assert!(!said.contains("7000") && !said.contains("Dan"), "{said}");
    }
}
