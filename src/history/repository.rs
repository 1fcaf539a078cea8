//! The repository an SMS lies in, read by object names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use git2::{ErrorCode, ObjectType, Oid};

use super::kept::Kept;
use super::oddity::{self, RepoOddity};
use super::tree::{MAX_COMMIT_BYTES, Trees, Unreadable, object, object_within, path_text, read};
use crate::error::Error;
use crate::source::{MAX_CSV_BYTES, MAX_TEXT_BYTES};

/// Most files one folder of one commit may hold: a few objects can name themselves to any number.
const MAX_FILES: usize = 1_000_000;
/// Deepest folder that is read.
pub(super) const MAX_DEPTH: usize = 256;

/// A Git repository and the folder of the SMS in it.
pub struct Repository {
    // libgit2 handles are not shared between threads; reads are short.
    git: Mutex<git2::Repository>,
    prefix: String,
    stubs: BTreeMap<Oid, Stub>,
    kept: Kept,
}

/// What is said of a content that a bundle leaves out. Nothing proves it but whoever signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// The digest of the content, `sha256:…`.
    pub digest: String,
    /// The front matter that verdicts rest on, as the text of a document.
    pub text: Vec<u8>,
}

/// A file in the tree of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Name of its content: a blob, or a commit of another repository when it is a submodule.
    pub oid: Oid,
    /// Mode as Git has it: `0o100644`, `0o100755` (executable), `0o120000` (link), `0o160000` (submodule).
    pub mode: u32,
}

impl TreeFile {
    /// Whether it is a regular file, executable or not.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

impl Repository {
    /// Finds the repository that `root` lies in: a folder of a work tree, or a bare repository. `None` without Git.
    ///
    /// # Errors
    /// When the repository belongs to another user of this machine, uses a format smsctl does not read, or cannot be
    /// opened. libgit2's check of the owner stays on.
    pub fn discover(root: &Path) -> Result<Option<Self>, Error> {
        let path = match git2::Repository::discover_path(root, std::iter::empty::<&Path>()) {
            Ok(path) => path,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(unopened(root, &error)),
        };
        let git = git2::Repository::open(&path).map_err(|error| unopened(&path, &error))?;
        let prefix = prefix(&git, root)?;
        Ok(Some(Self { git: Mutex::new(git), prefix, stubs: BTreeMap::new(), kept: Kept::default() }))
    }

    /// Folder of the SMS below the top of the work tree, `/` between parts; empty at the top and in a bare repository.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The same repository with the SMS in another folder, such as the `FOLDER` of `REV:FOLDER`.
    #[must_use]
    pub fn with_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.split('/').filter(|p| !matches!(*p, "" | ".")).collect::<Vec<_>>().join("/");
        self
    }

    /// The same repository with what is said of contents that are not in it.
    #[must_use]
    pub fn with_stubs(mut self, stubs: BTreeMap<Oid, Stub>) -> Self {
        self.stubs = stubs;
        self
    }

    /// What is said of a content that is not here; `None` when the content itself is, or nothing is said.
    #[must_use]
    pub fn stub(&self, oid: Oid) -> Option<&Stub> {
        let stub = self.stubs.get(&oid)?;
        let here = self.git().odb().is_ok_and(|odb| odb.exists(oid));
        (!here).then_some(stub)
    }

    /// Contents that are kept for who asks again.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What is said of contents, by name; whoever reads with the lock held looks here after the objects.
    pub(super) fn stubs(&self) -> &BTreeMap<Oid, Stub> {
        &self.stubs
    }

    /// The commit HEAD names; `None` before the first commit of a branch.
    ///
    /// # Errors
    /// When HEAD cannot be read.
    pub fn head(&self) -> Result<Option<Oid>, Error> {
        match self.git().head() {
            Ok(head) => Ok(head.target()),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The commit that a revision names. `~` and `^` obey grafts, which [`Repository::preflight`] tells of.
    ///
    /// # Errors
    /// [`Error::UnknownRevision`] when there is none.
    pub fn resolve(&self, rev: &str) -> Result<Oid, Error> {
        let git = self.git();
        let unknown = |_| Error::UnknownRevision { rev: rev.to_owned(), shallow: git.is_shallow() };
        let object = git.revparse_single(rev).map_err(unknown)?;
        Ok(object.peel(ObjectType::Commit).map_err(unknown)?.id())
    }

    /// The bytes of a commit or of an annotated tag.
    ///
    /// # Errors
    /// [`Error::Object`] when it is missing, damaged, or something else.
    pub fn raw(&self, oid: Oid) -> Result<Vec<u8>, Error> {
        Ok(object(&self.git().odb()?, oid, &[ObjectType::Commit, ObjectType::Tag], MAX_COMMIT_BYTES)?)
    }

    /// Refs below `refs/tags/` with the objects they name, sorted by name.
    ///
    /// # Errors
    /// When the refs cannot be read.
    pub fn tags(&self) -> Result<Vec<(String, Oid)>, Error> {
        let git = self.git();
        let mut out = Vec::new();
        for reference in git.references_glob("refs/tags/*")? {
            let reference = reference?;
            if let (Ok(name), Some(oid)) = (reference.shorthand(), reference.target()) {
                out.push((name.to_owned(), oid));
            }
        }
        out.sort();
        Ok(out)
    }

    /// The bytes of a file as they are stored: no filter, no change of line ends. Of a content that is not here, its stub.
    ///
    /// # Errors
    /// [`Error::Object`] when it is missing, damaged, something else, or larger than any file that is read.
    pub fn blob(&self, oid: Oid) -> Result<Vec<u8>, Error> {
        let too_large = || Error::Object { oid, reason: format!("it is larger than {} KiB", MAX_CSV_BYTES / 1024) };
        self.blob_within(oid, MAX_CSV_BYTES)?.ok_or_else(too_large)
    }

    /// The same; none when it is larger than `limit`, which is known before it is read.
    ///
    /// # Errors
    /// [`Error::Object`] when it is missing, damaged, or something else.
    pub fn blob_within(&self, oid: Oid, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        if let Some(bytes) = self.kept.get(oid) {
            return Ok((bytes.len() as u64 <= limit).then(|| bytes.to_vec()));
        }
        let read = object_within(&self.git().odb()?, oid, &[ObjectType::Blob], limit);
        match self.stubs.get(&oid) {
            Some(stub) if read.is_err() => Ok(Some(stub.text.clone())),
            _ => Ok(read?),
        }
    }

    /// What a function makes of the bytes of a file of any size; they are not copied.
    ///
    /// # Errors
    /// [`Error::Object`] when it is missing, damaged, or something else.
    pub fn with_blob<T>(&self, oid: Oid, make: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
        if let Some(bytes) = self.kept.get(oid) {
            return Ok(make(&bytes));
        }
        let git = self.git();
        let odb = git.odb()?;
        match (read(&odb, oid, &[ObjectType::Blob]), self.stubs.get(&oid)) {
            (Ok(object), _) => Ok(make(object.data())),
            (Err(_), Some(stub)) => Ok(make(&stub.text)),
            (Err(unreadable), None) => Err(unreadable.into()),
        }
    }

    /// All files of a commit below `folder` of the SMS (empty for all of it), by path relative to the SMS. None when
    /// the folder does not exist. Hidden files, links and submodules are in it, each with its mode.
    ///
    /// # Errors
    /// [`Error::Object`] when the commit or one of the trees cannot be read.
    pub fn files(&self, commit: Oid, folder: &str) -> Result<BTreeMap<String, TreeFile>, Error> {
        let git = self.git();
        let odb = git.odb()?;
        let mut trees = Trees::new(&odb);
        let mut files = BTreeMap::new();
        if let Some(tree) = self.folder(&odb, &mut trees, commit, folder)? {
            let mut path = folder.trim_matches('/').as_bytes().to_vec();
            list(&mut trees, tree, &mut path, &mut files, 0)?;
        }
        Ok(files)
    }

    /// What stands directly in a tree: names with objects and modes, folders among them (mode 040000).
    ///
    /// # Errors
    /// [`Error::Object`] when the tree cannot be read.
    pub fn tree(&self, tree: Oid) -> Result<Vec<(String, TreeFile)>, Error> {
        let git = self.git();
        let odb = git.odb()?;
        let entries = Trees::new(&odb).get(Some(tree))?;
        Ok(entries.iter().map(|e| (path_text(e.name), TreeFile { oid: e.oid(), mode: e.mode })).collect())
    }

    /// The bytes of a file by its path from the top of the repository, wherever the SMS lies; `None` when it is not
    /// there or no regular file.
    ///
    /// # Errors
    /// [`Error::Object`] when the commit or one of the trees cannot be read, or the file is too large for a text.
    pub fn file_at_top(&self, commit: Oid, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let git = self.git();
        let odb = git.odb()?;
        let mut trees = Trees::new(&odb);
        let raw = object(&odb, commit, &[ObjectType::Commit], MAX_COMMIT_BYTES)?;
        let Some(root) = super::commit::facts(&raw).tree else { return Ok(None) };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(tree) = trees.below(root, folder)? else { return Ok(None) };
        let tree = trees.get(Some(tree))?;
        let file = tree.iter().find(|e| e.name == name.as_bytes() && e.mode & 0o170_000 == 0o100_000).map(|e| e.oid());
        let read = file.map(|oid| object(&odb, oid, &[ObjectType::Blob], MAX_TEXT_BYTES));
        Ok(read.transpose()?)
    }

    /// The tree of `folder` of the SMS in a commit; `None` when there is no such folder.
    ///
    /// # Errors
    /// [`Error::Object`] when the commit or one of the trees cannot be read.
    pub fn subtree(&self, commit: Oid, folder: &str) -> Result<Option<Oid>, Error> {
        let git = self.git();
        let odb = git.odb()?;
        let mut trees = Trees::new(&odb);
        Ok(self.folder(&odb, &mut trees, commit, folder)?)
    }

    /// What makes this clone a bad witness of its history; empty for an ordinary full clone.
    #[must_use]
    pub fn preflight(&self) -> Vec<RepoOddity> {
        oddity::of(&self.git())
    }

    fn folder(
        &self,
        odb: &git2::Odb<'_>,
        trees: &mut Trees<'_>,
        commit: Oid,
        folder: &str,
    ) -> Result<Option<Oid>, Unreadable> {
        let raw = object(odb, commit, &[ObjectType::Commit], MAX_COMMIT_BYTES)?;
        let root = super::commit::facts(&raw).tree;
        let root = root.ok_or_else(|| Unreadable { oid: commit, reason: "it names no tree".into() })?;
        trees.below(root, &format!("{}/{folder}", self.prefix))
    }

    /// A panic of another thread leaves nothing half done here: all uses only read.
    pub(super) fn git(&self) -> MutexGuard<'_, git2::Repository> {
        self.git.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn list(
    trees: &mut Trees<'_>,
    tree: Oid,
    path: &mut Vec<u8>,
    files: &mut BTreeMap<String, TreeFile>,
    depth: usize,
) -> Result<(), Unreadable> {
    let entries = trees.get(Some(tree))?;
    for entry in entries.iter() {
        if depth > MAX_DEPTH || files.len() > MAX_FILES {
            return Err(Unreadable { oid: tree, reason: "it holds too many files or folders".into() });
        }
        let length = enter(path, entry.name);
        if entry.is_tree() {
            list(trees, entry.oid(), path, files, depth + 1)?;
        } else {
            files.insert(path_text(path), TreeFile { oid: entry.oid(), mode: entry.mode });
        }
        path.truncate(length);
    }
    Ok(())
}

/// Adds a name to a path; gives the length to go back to.
pub(super) fn enter(path: &mut Vec<u8>, name: &[u8]) -> usize {
    let length = path.len();
    if length > 0 {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    length
}

fn prefix(git: &git2::Repository, root: &Path) -> Result<String, Error> {
    let Some(workdir) = git.workdir() else { return Ok(String::new()) };
    let real =
        |path: &Path| path.canonicalize().map_err(|source| Error::Io { action: "read", path: path.to_owned(), source });
    let (workdir, root) = (real(workdir)?, real(root)?);
    let Ok(below) = root.strip_prefix(&workdir) else {
        let reason = "its configuration puts the work tree elsewhere (core.worktree)".into();
        return Err(Error::Repository { path: root, reason });
    };
    Ok(below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn unopened(path: &Path, error: &git2::Error) -> Error {
    let path: PathBuf = path.components().collect();
    if error.code() == ErrorCode::Owner {
        return Error::ForeignOwner { path };
    }
    Error::Repository { path, reason: error.message().to_owned() }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        Self::Object { oid: unreadable.oid, reason: unreadable.reason }
    }
}
