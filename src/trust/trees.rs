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

impl Located {
    /// The same, with the folder (`/` at its end) that its path starts from.
    fn inside(&self, prefix: &str) -> Self {
        Self { path: format!("{prefix}{}", self.path), ..self.clone() }
    }
}

/// Folders that hold records and keys; every approval adds one, and no document lies there.
const NO_DOCUMENTS: [&str; 3] = ["approvals", "checkpoints", "trust"];

/// Deeper folders hold no documents that anybody finds.
const MAX_DEPTH: usize = 64;

/// Documents by id.
type ById = BTreeMap<String, Vec<Located>>;

/// A folder: its documents by id, and the folders in it.
#[derive(Default)]
struct Folder {
    documents: ById,
    folders: Vec<(String, Oid)>,
}

/// Every document with an id in a commit, by id.
///
/// # Errors
/// When Git cannot be read.
pub fn located(repo: &Repository, commit: Oid) -> Result<ById, Error> {
    let lineages = Lineages::default();
    match repo.subtree(commit, "")? {
        Some(top) => Trees::new(repo, &lineages).all(top),
        None => Ok(ById::new()),
    }
}

/// Reads trees and blobs once.
pub struct Trees<'r> {
    repo: &'r Repository,
    /// Every document of the history was read once for these.
    lineages: &'r Lineages,
    /// By tree, and whether it is the top.
    folders: RefCell<HashMap<(Oid, bool), Rc<Folder>>>,
    ids: RefCell<HashMap<Oid, Option<String>>>,
    controls: RefCell<HashMap<Oid, Option<Rc<Control>>>>,
    digests: RefCell<HashMap<Oid, String>>,
}

impl<'r> Trees<'r> {
    pub(super) fn new(repo: &'r Repository, lineages: &'r Lineages) -> Self {
        Self {
            repo,
            lineages,
            folders: RefCell::default(),
            ids: RefCell::default(),
            controls: RefCell::default(),
            digests: RefCell::default(),
        }
    }

    /// Every document with an id below a tree, by id; more than one place of an id in the order of their paths.
    pub(super) fn all(&self, top: Oid) -> Result<ById, Error> {
        let mut out = ById::new();
        self.each_folder(top, &mut |prefix, folder| {
            for (id, places) in &folder.documents {
                out.entry(id.clone()).or_default().extend(places.iter().map(|place| place.inside(prefix)));
            }
        })?;
        for places in out.values_mut() {
            places.sort_by(|a, b| a.path.cmp(&b.path));
        }
        Ok(out)
    }

    /// Where a document stands below a tree.
    pub(super) fn places(&self, top: Oid, id: &str) -> Result<Vec<Located>, Error> {
        let mut out = Vec::new();
        self.each_folder(top, &mut |prefix, folder| {
            out.extend(folder.documents.get(id).into_iter().flatten().map(|place| place.inside(prefix)));
        })?;
        out.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(out)
    }

    fn each_folder(&self, top: Oid, see: &mut dyn FnMut(&str, &Folder)) -> Result<(), Error> {
        let mut open = vec![(top, String::new(), 0)];
        while let Some((tree, prefix, depth)) = open.pop() {
            let folder = self.folder(tree, depth == 0)?;
            see(&prefix, &folder);
            let below = folder.folders.iter().filter(|_| depth < MAX_DEPTH);
            open.extend(below.map(|(name, tree)| (*tree, format!("{prefix}{name}/"), depth + 1)));
        }
        Ok(())
    }

    /// What stands in a tree. Most folders are the same from commit to commit.
    fn folder(&self, tree: Oid, top: bool) -> Result<Rc<Folder>, Error> {
        if let Some(known) = self.folders.borrow().get(&(tree, top)) {
            return Ok(Rc::clone(known));
        }
        let mut out = Folder::default();
        for (name, entry) in self.repo.tree(tree)? {
            let skipped = name.starts_with('.') || (top && NO_DOCUMENTS.contains(&name.as_str()));
            match entry.mode {
                _ if skipped => {}
                0o040_000 => out.folders.push((name, entry.oid)),
                0o160_000 => {}
                mode if is_markdown(&name) => {
                    if let Some(id) = self.id(entry.oid) {
                        let located = Located { path: name, blob: entry.oid, mode };
                        out.documents.entry(id).or_default().push(located);
                    }
                }
                _ => {}
            }
        }
        let out = Rc::new(out);
        self.folders.borrow_mut().insert((tree, top), Rc::clone(&out));
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
            None => self.repo.with_blob(blob, digest).ok()?,
        };
        self.digests.borrow_mut().insert(blob, made.clone());
        Some(made)
    }
}
