//! Versions of an artifact through history, by the id in its front matter, so that a renamed or moved file keeps its past.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use git2::{ObjectType, Odb, Oid};

use super::head::{Head, head};
use super::kept::Kept;
use super::repository::{Repository, Stub};
use super::tree::object_within;
use super::walk::{Blob, Row, Walk};
use crate::error::Error;
use crate::source::{MAX_TEXT_BYTES, is_markdown};

/// What a commit did to an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It brought the id: new, or a second file with an id that stands elsewhere too.
    Added,
    /// It changed the file, or its mode.
    Changed,
    /// It brought the id to this path and took it from another.
    Moved,
    /// It took the id away; the state tells what was there before.
    Removed,
}

/// One state of an artifact: a commit that holds it otherwise than all its parents.
#[derive(Clone, Debug)]
pub struct State {
    /// Index of the commit in [`Walk::commits`].
    pub commit: u32,
    /// Index of the path in [`Walk::paths`].
    pub path: u32,
    /// Its content; for [`Change::Removed`] the one that went.
    pub blob: Oid,
    /// What the content says of itself.
    pub head: Arc<Head>,
    /// What the commit did.
    pub change: Change,
    /// Whether the commit is a merge: its content is that of no parent.
    pub differs_from_all_parents: bool,
}

/// The states of one id, oldest first in the order of [`Walk::commits`].
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Oldest first.
    pub states: Vec<State>,
}

/// A content of a document that cannot be read, though the history names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its name.
    pub blob: Oid,
    /// Index of a commit that holds it.
    pub commit: u32,
    /// Index of its path.
    pub path: u32,
    /// Why it cannot be read.
    pub reason: String,
}

/// The lineage of each id that history ever held.
#[derive(Clone, Debug, Default)]
pub struct Lineages(pub BTreeMap<String, Lineage>, HashMap<Oid, Option<Arc<Head>>>, Vec<Unread>);

impl Lineages {
    /// Reads each Markdown content once. Hidden files and folders, links and submodules are left out, as in a work tree.
    ///
    /// # Errors
    /// When the object store cannot be opened. A content that is larger than a document may be counts as one without an id,
    /// and so does one that is missing or damaged, which [`Lineages::unread`] names.
    pub fn of(repository: &Repository, walk: &Walk) -> Result<Self, Error> {
        let git = repository.git();
        let odb = git.odb()?;
        let mut heads = Heads {
            odb: &odb,
            stubs: repository.stubs(),
            kept: repository.kept(),
            known: HashMap::new(),
            unread: Vec::new(),
        };
        let wanted: Vec<bool> = walk.paths.iter().map(|p| is_artifact(p)).collect();
        let mut lineages = Self::default();
        for rows in walk.rows.chunk_by(|a, b| a.commit == b.commit) {
            let rows = rows.iter().filter(|r| wanted.get(r.path as usize) == Some(&true));
            let steps: Vec<Step<'_>> = rows.map(|row| heads.step(row)).collect();
            lineages.commit(&steps);
        }
        (lineages.1, lineages.2) = (heads.known, heads.unread);
        Ok(lineages)
    }

    /// Contents of documents that are missing or damaged, and of which nothing is said either.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.2
    }

    /// What a content says of itself, when the history held it as a document; the inner `None`: it says no id.
    #[must_use]
    pub fn head_of(&self, blob: Oid) -> Option<Option<&Head>> {
        self.1.get(&blob).map(Option::as_deref)
    }

    fn commit(&mut self, steps: &[Step<'_>]) {
        for step in steps {
            if let Some((blob, head)) = &step.new {
                let elsewhere = || steps.iter().any(|other| other.loses(&head.id));
                let change = match () {
                    () if step.held(&head.id) => Change::Changed,
                    () if elsewhere() => Change::Moved,
                    () => Change::Added,
                };
                self.add(step.row, *blob, head, change);
            }
            let mut told: Vec<&str> = Vec::new();
            for (blob, head) in step.old.iter().rev() {
                let stays = steps.iter().any(|s| s.new.as_ref().is_some_and(|(_, new)| new.id == head.id));
                if !stays && !told.contains(&head.id.as_str()) {
                    told.push(&head.id);
                    self.add(step.row, *blob, head, Change::Removed);
                }
            }
        }
    }

    fn add(&mut self, row: &Row, blob: Oid, head: &Arc<Head>, change: Change) {
        let state = State {
            commit: row.commit,
            path: row.path,
            blob,
            head: Arc::clone(head),
            change,
            differs_from_all_parents: row.old.len() > 1,
        };
        self.0.entry(head.id.clone()).or_default().states.push(state);
    }
}

/// A row with what its contents say of themselves.
struct Step<'w> {
    row: &'w Row,
    new: Option<(Oid, Arc<Head>)>,
    old: Vec<(Oid, Arc<Head>)>,
}

impl Step<'_> {
    fn held(&self, id: &str) -> bool {
        self.old.iter().any(|(_, head)| head.id == id)
    }

    fn loses(&self, id: &str) -> bool {
        self.held(id) && self.new.as_ref().is_none_or(|(_, head)| head.id != id)
    }
}

struct Heads<'o> {
    odb: &'o Odb<'o>,
    stubs: &'o BTreeMap<Oid, Stub>,
    kept: &'o Kept,
    known: HashMap<Oid, Option<Arc<Head>>>,
    unread: Vec<Unread>,
}

impl Heads<'_> {
    fn step<'w>(&mut self, row: &'w Row) -> Step<'w> {
        let new = row.new.and_then(|blob| self.of(blob, row));
        let old = row.old.iter().flatten().filter_map(|blob| self.of(*blob, row)).collect();
        Step { row, new, old }
    }

    fn of(&mut self, (oid, mode): Blob, row: &Row) -> Option<(Oid, Arc<Head>)> {
        if mode & 0o170_000 != 0o100_000 {
            return None;
        }
        if let Some(known) = self.known.get(&oid) {
            return known.clone().map(|head| (oid, head));
        }
        // One that is too large to be a document is not taken from what is said of it either.
        let bytes = match object_within(self.odb, oid, &[ObjectType::Blob], MAX_TEXT_BYTES) {
            Ok(bytes) => bytes.inspect(|bytes| self.kept.keep(oid, bytes)),
            Err(unreadable) => {
                let stub = self.stubs.get(&oid).map(|stub| stub.text.clone());
                if stub.is_none() {
                    let (commit, path, reason) = (row.commit, row.path, unreadable.reason);
                    self.unread.push(Unread { blob: oid, commit, path, reason });
                }
                stub
            }
        };
        let head = bytes.and_then(|bytes| head(&bytes)).map(Arc::new);
        self.known.insert(oid, head.clone());
        head.map(|head| (oid, head))
    }
}

fn is_artifact(path: &str) -> bool {
    is_markdown(path) && !path.split('/').any(|part| part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::super::tree::READ;
    use super::*;

    /// Commits one file after another as `a.md`; gives the last commit.
    fn commit(git: &git2::Repository, contents: &[&[u8]]) -> Oid {
        let who = git2::Signature::new("Ada", "ada@example.org", &git2::Time::new(0, 0)).unwrap();
        let mut parents = Vec::new();
        for content in contents {
            let mut tree = git.treebuilder(None).unwrap();
            tree.insert("a.md", git.blob(content).unwrap(), 0o100_644).unwrap();
            let tree = git.find_tree(tree.write().unwrap()).unwrap();
            let all: Vec<&git2::Commit<'_>> = parents.iter().collect();
            let oid = git.commit(Some("HEAD"), &who, &who, "Change", &tree, &all).unwrap();
            parents = vec![git.find_commit(oid).unwrap()];
        }
        parents[0].id()
    }

    #[test]
    fn a_content_larger_than_a_document_is_not_read_and_any_other_once() {
        let folder = tempfile::tempdir().unwrap();
        let git = git2::Repository::init_bare(folder.path()).unwrap();
        let (small, large) = (b"---\nid: A-1\n---\n".as_slice(), vec![b'a'; 2 << 20]);
        let tip = commit(&git, &[small, &large, small, b"---\nid: A-1\n---\nx", small]);
        let repository = Repository::discover(folder.path()).unwrap().unwrap();
        let walk = Walk::run(&repository, tip, &|_| {}).unwrap();
        READ.set(0);
        let lineages = Lineages::of(&repository, &walk).unwrap();
        repository.blob(git.find_commit(tip).unwrap().tree().unwrap().get(0).unwrap().id()).unwrap();
        assert_eq!(READ.get(), 2 * small.len() + 1);
        let told: Vec<Change> = lineages.0["A-1"].states.iter().map(|s| s.change).collect();
        assert_eq!(told, [Change::Added, Change::Removed, Change::Added, Change::Changed, Change::Changed]);
    }
}
