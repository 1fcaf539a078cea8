//! The files of a commit, read from the object database; and what a work tree changed against a commit.
//!
//! Nothing of the repository is run: no filter, hook, textconv or configured program. Blobs are read as they are stored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use git2::{ObjectType, Oid, Repository};

use super::{Entry, EntryKind, ReadError, Source, readable_name};
use crate::error::Error;

/// An SMS in the tree of a commit. The repository may be bare.
pub struct CommitTree {
    // libgit2 handles are not shared between threads; reads are short.
    repository: Mutex<Repository>,
    blobs: BTreeMap<String, Oid>,
    entries: Vec<Entry>,
    commit: String,
}

impl CommitTree {
    /// Opens the tree of `rev` at `root`: a folder inside a work tree, the root of one, or a bare repository.
    /// `REV:FOLDER` names the folder of the SMS in that commit.
    ///
    /// # Errors
    /// When there is no repository, the revision is unknown, or the folder does not exist in that commit.
    pub fn open(root: &Path, rev: &str) -> Result<Self, Error> {
        let (repository, prefix) = discover(root).ok_or_else(|| Error::NotARepository { path: root.to_owned() })?;
        let (rev, prefix) = match rev.split_once(':') {
            Some((rev, folder)) => (rev, folder.trim_matches('/').to_owned()),
            None => (rev, prefix),
        };
        let (commit, blobs) = {
            let commit = peel(&repository, rev)?;
            let tree = subtree(&repository, &commit, &prefix, rev)?;
            let mut blobs = BTreeMap::new();
            list(&repository, &tree, "", &mut blobs, 0)?;
            (commit.id().to_string(), blobs)
        };
        let entries = blobs.iter().map(|(path, (_, kind))| Entry { path: path.clone(), kind: *kind }).collect();
        let blobs = blobs.into_iter().map(|(path, (oid, _))| (path, oid)).collect();
        Ok(Self { repository: Mutex::new(repository), blobs, entries, commit })
    }
}

/// A repository whose objects decide alone: replacement refs and grafts change what a commit seems to hold.
fn discover(root: &Path) -> Option<(Repository, String)> {
    let repository = Repository::discover(root).ok()?;
    let prefix = match repository.workdir() {
        None => String::new(),
        Some(workdir) => {
            let workdir = workdir.canonicalize().ok()?;
            let root = root.canonicalize().ok()?;
            let below = root.strip_prefix(&workdir).ok()?;
            below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        }
    };
    Some((repository, prefix))
}

fn peel<'r>(repository: &'r Repository, rev: &str) -> Result<git2::Commit<'r>, Error> {
    let unknown = |_| Error::UnknownRevision { rev: rev.to_owned(), shallow: repository.is_shallow() };
    let object = repository.revparse_single(rev).map_err(unknown)?;
    object.peel_to_commit().map_err(unknown)
}

fn subtree<'r>(
    repository: &'r Repository,
    commit: &git2::Commit<'r>,
    prefix: &str,
    rev: &str,
) -> Result<git2::Tree<'r>, Error> {
    let tree = commit.tree()?;
    if prefix.is_empty() {
        return Ok(tree);
    }
    let missing = |_| Error::FolderNotInRevision { folder: prefix.to_owned(), rev: rev.to_owned() };
    let entry = tree.get_path(Path::new(prefix)).map_err(missing)?;
    repository.find_tree(entry.id()).map_err(missing)
}

const MAX_TREE_DEPTH: usize = 64;

fn list(
    repository: &Repository,
    tree: &git2::Tree<'_>,
    prefix: &str,
    out: &mut BTreeMap<String, (Oid, EntryKind)>,
    depth: usize,
) -> Result<(), Error> {
    if depth > MAX_TREE_DEPTH {
        return Ok(());
    }
    for entry in tree {
        let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
        // Names that no file system should ever see come only from hand-made trees.
        if name.starts_with('.') || name.contains('/') {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        match (entry.kind(), entry.filemode()) {
            (Some(ObjectType::Tree), _) => {
                list(repository, &repository.find_tree(entry.id())?, &path, out, depth + 1)?;
            }
            (Some(ObjectType::Blob), 0o120_000) => {
                out.insert(path, (entry.id(), EntryKind::Link));
            }
            (Some(ObjectType::Blob), _) => {
                out.insert(path, (entry.id(), EntryKind::File));
            }
            _ => {
                out.insert(path, (entry.id(), EntryKind::Other));
            }
        }
    }
    Ok(())
}

impl Source for CommitTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        readable_name(path)?;
        let oid = self.blobs.get(path).ok_or_else(|| ReadError("it does not exist".into()))?;
        let repository = self.repository.lock().map_err(|_| ReadError("the repository is locked".into()))?;
        let reason = |e: git2::Error| ReadError(e.message().to_owned());
        // A few compressed bytes may hold gigabytes. Where there is no header, reading says why.
        let size = repository.odb().map_err(reason)?.read_header(*oid).map_or(0, |(size, _)| size as u64);
        if size > limit {
            return Err(ReadError(format!("it is larger than {} KiB", limit / 1024)));
        }
        let blob = repository.find_blob(*oid).map_err(reason)?;
        Ok(blob.content().to_vec())
    }

    fn revision(&self) -> Option<String> {
        Some(self.commit.clone())
    }

    fn dirty(&self) -> bool {
        false
    }
}

/// Paths below `root` that Git tracks; empty without a repository.
pub(super) fn tracked_files(root: &Path) -> Vec<String> {
    let Some((repository, prefix)) = discover(root) else {
        return Vec::new();
    };
    let Ok(index) = repository.index() else {
        return Vec::new();
    };
    let prefix = if prefix.is_empty() { prefix } else { format!("{prefix}/") };
    index
        .iter()
        .filter_map(|e| String::from_utf8(e.path).ok())
        .filter_map(|p| p.strip_prefix(&prefix).map(str::to_owned))
        .collect()
}

/// The commit HEAD names, and whether the listed files differ from it.
pub(super) fn head_state(root: &Path, entries: &[Entry]) -> (Option<String>, bool) {
    let Some((repository, prefix)) = discover(root) else {
        return (None, false);
    };
    let Ok(commit) = repository.head().and_then(|h| h.peel_to_commit()) else {
        return (None, false);
    };
    let mut blobs = BTreeMap::new();
    let Ok(tree) = subtree(&repository, &commit, &prefix, "HEAD") else {
        return (Some(commit.id().to_string()), !entries.is_empty());
    };
    if list(&repository, &tree, "", &mut blobs, 0).is_err() {
        return (Some(commit.id().to_string()), true);
    }
    let dirty = differs(&repository, root, &prefix, entries, &blobs);
    (Some(commit.id().to_string()), dirty)
}

/// Compares by content; the index's cached size and time spare reading what Git already knows to be unchanged.
fn differs(
    repository: &Repository,
    root: &Path,
    prefix: &str,
    entries: &[Entry],
    blobs: &BTreeMap<String, (Oid, EntryKind)>,
) -> bool {
    let files: BTreeSet<&str> = entries.iter().filter(|e| e.kind == EntryKind::File).map(|e| e.path.as_str()).collect();
    let committed: BTreeSet<&str> =
        blobs.iter().filter(|(_, (_, kind))| *kind == EntryKind::File).map(|(p, _)| p.as_str()).collect();
    if files != committed {
        return true;
    }
    let index = repository.index().ok();
    entries.iter().filter(|e| e.kind == EntryKind::File).any(|entry| {
        let Some((oid, _)) = blobs.get(&entry.path) else { return true };
        let path = if prefix.is_empty() { entry.path.clone() } else { format!("{prefix}/{}", entry.path) };
        let cached = index.as_ref().and_then(|i| i.get_path(Path::new(&path), 0));
        if let Some(cached) = cached
            && cached.id == *oid
            && unchanged(&root.join(&entry.path), &cached)
        {
            return false;
        }
        !matches!(Oid::hash_file(ObjectType::Blob, root.join(&entry.path)), Ok(now) if now == *oid)
    })
}

fn unchanged(path: &Path, cached: &git2::IndexEntry) -> bool {
    let Ok(meta) = std::fs::symlink_metadata(path) else {
        return false;
    };
    let Ok(modified) = meta.modified() else {
        return false;
    };
    let Ok(since) = modified.duration_since(std::time::UNIX_EPOCH) else {
        return false;
    };
    meta.len() == u64::from(cached.file_size)
        && i64::try_from(since.as_secs()) == Ok(i64::from(cached.mtime.seconds()))
        && since.subsec_nanos() == cached.mtime.nanoseconds()
}

/// Paths below `root` whose bytes differ between `rev` and the given source: added, changed or removed.
///
/// # Errors
/// As [`CommitTree::open`].
pub fn changed_since(root: &Path, rev: &str, now: &dyn Source) -> Result<BTreeSet<String>, Error> {
    let then = CommitTree::open(root, rev)?;
    let mut changed = BTreeSet::new();
    for entry in now.entries().iter().filter(|e| e.kind == EntryKind::File) {
        let before = then.blobs.get(&entry.path);
        let same = before.is_some_and(|oid| {
            let bytes = now.read(&entry.path, super::MAX_CSV_BYTES).unwrap_or_default();
            matches!(Oid::hash_object(ObjectType::Blob, &bytes), Ok(now) if now == *oid)
        });
        if !same {
            changed.insert(entry.path.clone());
        }
    }
    let present: BTreeSet<&str> = now.entries().iter().map(|e| e.path.as_str()).collect();
    changed.extend(then.blobs.keys().filter(|p| !present.contains(p.as_str())).cloned());
    Ok(changed)
}
