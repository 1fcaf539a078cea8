//! What the tree of a commit says of each artifact, with everything read once.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::statement::digest;
use crate::error::Error;
use crate::history::{Head, Lineages, Oid, Repository, head};
use crate::source::is_markdown;

/// The document control of a version: what approvals are judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Version.
    pub version: String,
    /// Status.
    pub status: String,
    /// Title.
    pub title: String,
    /// The accountable role.
    pub owner: String,
    /// The roles named as approvers.
    pub approvers: Vec<String>,
}

impl Control {
    /// Reads it from the bytes of a document; none when the front matter has no id.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        head(bytes).as_ref().map(Self::of)
    }

    fn of(head: &Head) -> Self {
        Self {
            id: head.id.clone(),
            kind: head.kind.clone(),
            version: head.version.clone(),
            status: head.status.clone(),
            title: head.title.clone(),
            owner: head.owner.clone(),
            approvers: head.approvers.clone(),
        }
    }
}

/// Where an artifact stands in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Path below the root of the SMS.
    pub path: String,
    /// Its blob.
    pub blob: Oid,
    /// Git's mode; ordinary files have 100644.
    pub mode: u32,
}

/// Folders that hold records and keys; every approval adds one, and no document lies there.
const NO_DOCUMENTS: [&str; 3] = ["approvals", "checkpoints", "trust"];

/// Deeper folders hold no documents that anybody finds.
const MAX_DEPTH: usize = 64;

/// A document in a folder.
struct Document {
    id: String,
    located: Located,
}

impl Document {
    fn inside(&self, folder: &str) -> Self {
        let located = Located { path: format!("{folder}/{}", self.located.path), ..self.located.clone() };
        Self { id: self.id.clone(), located }
    }
}

/// The documents below a folder.
type Folder = Rc<Vec<Document>>;

type ById = BTreeMap<String, Vec<Located>>;

/// Every document with an id in a commit, by id.
///
/// # Errors
/// When Git cannot be read.
pub fn located(repo: &Repository, commit: Oid) -> Result<BTreeMap<String, Vec<Located>>, Error> {
    Ok((*Trees::new(repo, &Lineages::default()).artifacts(commit)?).clone())
}

/// Reads trees and blobs once.
pub struct Trees<'r> {
    repo: &'r Repository,
    /// Every document of the history was read once for these.
    lineages: &'r Lineages,
    listed: RefCell<HashMap<Oid, Rc<ById>>>,
    /// By tree, and whether it is the top.
    folders: RefCell<HashMap<(Oid, bool), Folder>>,
    ids: RefCell<HashMap<Oid, Option<String>>>,
    controls: RefCell<HashMap<Oid, Option<Rc<Control>>>>,
    digests: RefCell<HashMap<Oid, String>>,
}

impl<'r> Trees<'r> {
    pub(super) fn new(repo: &'r Repository, lineages: &'r Lineages) -> Self {
        Self {
            repo,
            lineages,
            listed: RefCell::default(),
            folders: RefCell::default(),
            ids: RefCell::default(),
            controls: RefCell::default(),
            digests: RefCell::default(),
        }
    }

    /// Everything with an id in the tree of a commit.
    pub(super) fn artifacts(&self, commit: Oid) -> Result<Rc<ById>, Error> {
        if let Some(known) = self.listed.borrow().get(&commit) {
            return Ok(Rc::clone(known));
        }
        let mut by_id = ById::new();
        if let Some(root) = self.repo.subtree(commit, "")? {
            for document in self.below(root, 0)?.iter() {
                by_id.entry(document.id.clone()).or_default().push(document.located.clone());
            }
        }
        let by_id = Rc::new(by_id);
        self.listed.borrow_mut().insert(commit, Rc::clone(&by_id));
        Ok(by_id)
    }

    /// The documents below a tree, with paths from there. Most folders are the same from commit to commit.
    fn below(&self, tree: Oid, depth: usize) -> Result<Folder, Error> {
        if let Some(known) = self.folders.borrow().get(&(tree, depth == 0)) {
            return Ok(Rc::clone(known));
        }
        let mut out = Vec::new();
        for (name, entry) in self.repo.tree(tree)? {
            let skipped = name.starts_with('.') || (depth == 0 && NO_DOCUMENTS.contains(&name.as_str()));
            match entry.mode {
                _ if skipped => {}
                0o040_000 if depth < MAX_DEPTH => {
                    out.extend(self.below(entry.oid, depth + 1)?.iter().map(|d| d.inside(&name)));
                }
                0o040_000 | 0o160_000 => {}
                mode if is_markdown(&name) => {
                    let located = Located { path: name, blob: entry.oid, mode };
                    out.extend(self.id(entry.oid).map(|id| Document { id, located }));
                }
                _ => {}
            }
        }
        let out = Rc::new(out);
        self.folders.borrow_mut().insert((tree, depth == 0), Rc::clone(&out));
        Ok(out)
    }

    /// The id a blob bears.
    fn id(&self, blob: Oid) -> Option<String> {
        if let Some(head) = self.lineages.head_of(blob) {
            return head.map(|h| h.id.clone());
        }
        if let Some(known) = self.ids.borrow().get(&blob) {
            return known.clone();
        }
        let read = self.repo.blob(blob).ok().and_then(|bytes| head(&bytes)).map(|h| h.id);
        self.ids.borrow_mut().insert(blob, read.clone());
        read
    }

    /// The document control of a blob.
    pub(super) fn control(&self, blob: Oid) -> Option<Rc<Control>> {
        if let Some(known) = self.controls.borrow().get(&blob) {
            return known.clone();
        }
        let read = match self.lineages.head_of(blob) {
            Some(head) => head.map(Control::of),
            None => self.repo.blob(blob).ok().and_then(|bytes| Control::read(&bytes)),
        };
        let read = read.map(Rc::new);
        self.controls.borrow_mut().insert(blob, read.clone());
        read
    }

    /// The digest of a blob's bytes; none when it cannot be read.
    pub(super) fn digest(&self, blob: Oid) -> Option<String> {
        if let Some(known) = self.digests.borrow().get(&blob) {
            return Some(known.clone());
        }
        let made = match self.repo.stub(blob) {
            Some(stub) => stub.digest.clone(),
            None => digest(&self.repo.blob(blob).ok()?),
        };
        self.digests.borrow_mut().insert(blob, made.clone());
        Some(made)
    }
}
