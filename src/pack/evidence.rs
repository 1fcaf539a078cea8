//! What the approvals rest on, for a reader without the repository: history, statements, keys, trust root.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Files;
use super::disclosure::Disclosure;
use crate::document::{FrontMatter, front_matter};
use crate::error::Error;
use crate::history::{Head, Oid, Repository, Stub, bundle};
use crate::schema::SchemaSet;
use crate::source::{FileId, is_markdown};
use crate::trust::statement::digest;
use crate::trust::{Approval, Carrier, Judged, Record};

/// The history, in the pack.
pub const BUNDLE: &str = "evidence/history.bundle";
/// What is said of texts that are not in it.
pub const WITHHELD: &str = "evidence/withheld.json";
/// One line for each approval that counts.
pub const APPROVALS: &str = "evidence/approvals.tsv";
/// The trust root.
pub const ROOT: &str = "evidence/trust-root.txt";
/// Schema of the list of texts that are left out.
const SCHEMA: &str = "smsctl-withheld/1";

/// Folders and files of the SMS whose contents are always needed.
const ALWAYS: [&str; 3] = ["trust/", "approvals/", "checkpoints/"];

/// The evidence of a pack.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Its files.
    pub files: Files,
    /// Texts of documents, over all versions, that are in the history of the pack.
    pub texts: usize,
    /// Texts that are left out.
    pub left_out: usize,
    /// Commits.
    pub commits: usize,
}

/// Whose texts may be in the history of the pack.
pub struct Scope<'s> {
    /// What stays.
    pub disclosure: &'s Disclosure,
    /// Schemas, to know what is personal.
    pub schemas: &'s SchemaSet,
    /// Ids of the documents whose texts may be in it.
    pub shared: &'s BTreeSet<String>,
    /// Contents of the commit besides documents, with a path for each.
    pub beside: &'s BTreeMap<Oid, String>,
}

impl Scope<'_> {
    fn is_open(&self, repository: &Repository, head: &Head, blob: Oid) -> bool {
        self.shared.contains(&head.id)
            && repository.blob(blob).is_ok_and(|bytes| self.disclosure.is_open(&bytes, self.schemas))
    }
}

/// Collects it.
///
/// # Errors
/// When the repository cannot be read.
pub fn collect(
    repository: &Repository,
    record: &Record,
    judged: &Judged,
    scope: &Scope<'_>,
    progress: &dyn Fn(usize, usize),
) -> Result<Evidence, Error> {
    let (walk, lineages) = (&record.history.walk, &record.history.lineages);
    let (mut open, mut stubs) = (BTreeMap::new(), BTreeMap::new());
    let mut always = BTreeMap::new();
    let all = walk.rows.len();
    for (done, row) in walk.rows.iter().enumerate() {
        let Some((blob, mode)) = row.new else { continue };
        let path = walk.paths.get(row.path as usize).map_or("", String::as_str);
        if mode & 0o170_000 != 0o100_000 || open.contains_key(&blob) || stubs.contains_key(&blob) {
            continue;
        }
        if ALWAYS.iter().any(|folder| path.starts_with(folder)) || path == crate::source::CONFIG_FILE {
            always.insert(blob, path.to_owned());
        } else if let Some(stub) = repository.stub(blob) {
            stubs.insert(blob, stub.clone());
        } else if let Some(head) = lineages.head_of(blob) {
            match head {
                Some(head) if scope.is_open(repository, head, blob) => {
                    open.insert(blob, path.to_owned());
                }
                Some(head) => {
                    stubs.insert(blob, stub(repository, head, blob, judged, scope.disclosure)?);
                }
                // Its control cannot be read; that it was left out is said, else it would be missing.
                None => {
                    stubs.insert(blob, Stub { digest: repository.with_blob(blob, digest)?, text: Vec::new() });
                }
            }
        } else if is_markdown(path) {
            // No document, and said to be none: a text of which nothing is said is one that was taken away.
            let digest = repository.with_blob(blob, digest);
            stubs.extend(digest.ok().map(|digest| (blob, Stub { digest, text: Vec::new() })));
        }
        if done % 512 == 0 {
            progress(done, all);
        }
    }
    let texts = open.len();
    let mut blobs = open;
    blobs.extend(always);
    blobs.extend(scope.beside.iter().map(|(oid, path)| (*oid, path.clone())));
    // Under another name a content may be open: what is in the history needs no stub.
    stubs.retain(|blob, _| !blobs.contains_key(blob));
    let tags = checkpoint_tags(repository, record)?;
    let made = bundle::write(repository, walk, &blobs, &tags, progress)?;
    let mut out = Evidence { texts, left_out: stubs.len(), commits: made.commits, ..Evidence::default() };
    out.files.insert(BUNDLE.into(), made.bytes);
    out.files.insert(WITHHELD.into(), stubs_json(&stubs).into_bytes());
    out.files.extend(lists(repository, record, judged, &|oid| blobs.contains_key(&oid))?);
    Ok(out)
}

/// What follows from the history alone: the list of approvals, the trust root, the keys. `is_in` says whether a content is in the
/// history of the pack.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn lists(
    repository: &Repository,
    record: &Record,
    judged: &Judged,
    is_in: &dyn Fn(Oid) -> bool,
) -> Result<Files, Error> {
    let mut files = Files::new();
    files.insert(APPROVALS.into(), approvals(repository, record, judged, is_in).into_bytes());
    files.insert(ROOT.into(), format!("{}\n", judged.chain.root()).into_bytes());
    keys(repository, record, &mut files)?;
    Ok(files)
}

/// Signed tags that are checkpoints of commits of this history.
fn checkpoint_tags(repository: &Repository, record: &Record) -> Result<Vec<(String, Oid)>, Error> {
    let known = |oid: Oid| {
        let raw = repository.raw(oid).ok()?;
        let tag = crate::signature::tag::RawTag::parse(&raw).ok()?;
        record.history.walk.index_of(Oid::from_str(tag.object).ok()?)
    };
    let tags = repository.tags()?.into_iter();
    Ok(tags.filter(|(name, oid)| name.starts_with("checkpoint/") && known(*oid).is_some()).collect())
}

/// The keys of the trust policy as they stand in the commit, where nobody has to unpack a history to find them.
fn keys(repository: &Repository, record: &Record, files: &mut Files) -> Result<(), Error> {
    let Some(tip) = record.history.tip else { return Ok(()) };
    for (path, file) in repository.files(tip, "trust")? {
        let name = path.strip_prefix("trust/").unwrap_or(&path);
        let is_key = name == "allowed_signers" || name.starts_with("openpgp/");
        if is_key && file.is_regular() && super::names::safe(name) == name {
            files.insert(format!("keys/{name}"), repository.blob(file.oid)?);
        }
    }
    Ok(())
}

/// The control of a text that stays, in the form of a document.
fn stub(
    repository: &Repository,
    head: &Head,
    blob: Oid,
    judged: &Judged,
    disclosure: &Disclosure,
) -> Result<Stub, Error> {
    let quoted = |text: &str| Value::from(text).to_string();
    let bytes = repository.blob(blob)?;
    let more = more_control(&bytes);
    let mut text = String::from("---\n");
    let title = disclosure.sentence(&head.title);
    let author = head.author.as_deref().filter(|a| judged.policy().people.contains_key(*a));
    let fields = [
        ("id", Some(head.id.as_str())),
        ("kind", Some(head.kind.as_str())),
        ("register", head.register.as_deref()),
        ("title", Some(title.as_str())),
        ("version", Some(head.version.as_str())),
        ("status", Some(head.status.as_str())),
        ("author", author),
        ("owner", Some(head.owner.as_str())),
    ];
    for (key, value) in fields {
        text += &value.map_or_else(String::new, |v| format!("{key}: {}\n", quoted(v)));
    }
    text += &more;
    let approvers: Vec<String> = head.approvers.iter().map(|a| quoted(a)).collect();
    text += &format!("approvers: [{}]\n---\n", approvers.join(", "));
    Ok(Stub { digest: digest(&bytes), text: text.into_bytes() })
}

/// What a stage picks documents by, besides what verdicts rest on.
fn more_control(bytes: &[u8]) -> String {
    let text = crate::source::decode(bytes.to_vec()).unwrap_or_else(|(kept, _)| kept);
    let FrontMatter::Present { node, .. } = front_matter(FileId(0), &text) else { return String::new() };
    let quoted = |text: &str| Value::from(text).to_string();
    let text = |key| node.get(key).map(|value| (key, value.as_str().unwrap_or("unreadable")));
    let fields = ["template", "classification"].into_iter().filter_map(text);
    let mut out: String = fields.map(|(key, value)| format!("{key}: {}\n", quoted(value))).collect();
    let clauses: Vec<String> = node.texts("clauses").map(|(clause, _)| quoted(clause)).collect();
    if !clauses.is_empty() {
        out += &format!("clauses: [{}]\n", clauses.join(", "));
    }
    out
}

fn stubs_json(stubs: &BTreeMap<Oid, Stub>) -> String {
    let one = |(oid, stub): (&Oid, &Stub)| json!({"object": oid.to_string(), "digest": stub.digest, "control": String::from_utf8_lossy(&stub.text)});
    format!("{:#}\n", json!({"schema": SCHEMA, "contents": stubs.iter().map(one).collect::<Vec<_>>()}))
}

/// Reads the list of texts that are left out.
///
/// # Errors
/// When it is not one; a sentence.
pub fn read_stubs(bytes: &[u8]) -> Result<BTreeMap<Oid, Stub>, String> {
    let damaged = || format!("{WITHHELD} cannot be read");
    let value: Value = serde_json::from_slice(bytes).map_err(|_| damaged())?;
    if value.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        return Err(damaged());
    }
    let read = |item: &Value| {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let oid = Oid::from_str(text("object")?).ok()?;
        let digest = crate::trust::statement::sha256(text("digest")?)?;
        Some((oid, Stub { digest, text: text("control")?.as_bytes().to_vec() }))
    };
    let items = value.get("contents").and_then(Value::as_array).ok_or_else(damaged)?;
    items.iter().map(|item| read(item).ok_or_else(damaged)).collect()
}

/// For each approval that counts: where to find it, what it approves, and whether the text is in the history. Read by the
/// steps of VERIFY.md; all of it is proved there from the history, nothing is taken from here.
fn approvals(repository: &Repository, record: &Record, judged: &Judged, is_in: &dyn Fn(Oid) -> bool) -> String {
    let mut out = String::from("#carrier\tplace\tbrought-by\tdocument\tversion\trole\tsigner\tdigest\tobject\ttext\n");
    let top = |path: &str| match repository.prefix() {
        "" => path.to_owned(),
        prefix => format!("{prefix}/{path}"),
    };
    for approval in judged.approvals.iter().filter(|a| a.approves()) {
        let s = &approval.statement;
        let (carrier, place) = match &approval.carrier {
            Carrier::File { path, signature } => {
                (if signature.strip_suffix(".asc").is_some() { "openpgp-file" } else { "ssh-file" }, top(path))
            }
            Carrier::Commit { commit } => ("commit", commit.to_string()),
        };
        let object = approval.blob.map_or_else(|| "-".to_owned(), |b| b.to_string());
        let text = if approval.blob.is_some_and(is_in) { "in-pack" } else { "withheld" };
        let line = [carrier, &place, &brought_by(record, approval), &s.artifact, &s.version, &s.role, &s.signer];
        let safe = |cell: &str| cell.replace(['\t', '\n', '\r'], " ");
        let cells: Vec<String> =
            line.iter().map(|c| safe(c)).chain([s.digest.clone(), object, text.to_owned()]).collect();
        out += &format!("{}\n", cells.join("\t"));
    }
    out
}

/// The commit of the main line that brought an approval: its first parent holds the keys that judge it.
fn brought_by(record: &Record, approval: &Approval) -> String {
    let walk = &record.history.walk;
    let on_chain = walk.chain.get(approval.position).and_then(|ix| walk.commits.get(*ix));
    on_chain.map_or_else(|| approval.commit.to_string(), |c| c.oid.to_string())
}
