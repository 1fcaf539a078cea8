//! Puts the repository where it was asked for: wholly or not at all.

use std::path::{Path, PathBuf};

use git2::{IndexEntry, IndexTime};

use super::timeline::{Told3Years, tell};
use crate::error::Error;

/// What was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Fingerprint of the trust root, to be pinned.
    pub root: String,
    /// The last commit, in hexadecimal.
    pub tip: String,
    /// How many commits there are.
    pub commits: usize,
    /// How many approvals, counted once for each person and version.
    pub approvals: usize,
    /// How many files are checked out.
    pub files: usize,
}

/// Makes the sample repository in a folder that is empty or does not exist. On failure the folder is as it was.
///
/// # Errors
/// When something stands there already, or nothing can be written.
pub fn make(folder: &Path) -> Result<Made, Error> {
    let existed = refuse(folder)?;
    let failed = |source| Error::Io { action: "create", path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let out = fill(folder);
    if out.is_err() && !existed {
        // Best effort: only an empty folder goes.
        let _ = std::fs::remove_dir(folder);
    }
    out
}

/// Whether the folder exists already.
fn refuse(folder: &Path) -> Result<bool, Error> {
    let Ok(meta) = folder.symlink_metadata() else { return Ok(false) };
    if !meta.is_dir() && !folder.is_dir() {
        return Err(Error::NotAFolder { path: folder.to_owned() });
    }
    let failed = |source| Error::Io { action: "read", path: folder.to_owned(), source };
    if std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        let message = format!("{} is not empty", folder.display());
        return Err(Error::usage(
            message,
            "Name a folder that does not exist yet; the example brings its own history.",
        ));
    }
    Ok(true)
}

/// Makes everything in a temporary folder inside, then moves it up.
fn fill(folder: &Path) -> Result<Made, Error> {
    let failed = |source| Error::Io { action: "create", path: folder.to_owned(), source };
    let temporary = tempfile::Builder::new().prefix(".smsctl-").tempdir_in(folder).map_err(failed)?;
    let made = build(temporary.path())?;
    let mut moved: Vec<PathBuf> = Vec::new();
    let result = up(temporary.path(), folder, &mut moved).map_err(failed);
    if result.is_err() {
        for path in moved {
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        }
    }
    result.map(|()| made)
}

fn up(from: &Path, to: &Path, moved: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        std::fs::rename(entry.path(), &target)?;
        moved.push(target);
    }
    Ok(())
}

fn build(folder: &Path) -> Result<Made, Error> {
    skeleton(folder)?;
    let git = git2::Repository::open(folder)?;
    let objects = git.odb()?;
    // Thousands of small files would be slow to write, and to read each time: one pack is made of them.
    let in_memory = objects.add_new_mempack_backend(FIRST)?;
    let told = tell(git.odb()?)?;
    check_out(&git, folder, &told)?;
    pack(&git, &told, folder)?;
    in_memory.reset()?;
    write(&folder.join(".git/refs/heads/main"), format!("{}\n", told.tip).as_bytes())?;
    Ok(Made {
        root: told.root.to_string(),
        tip: told.tip.to_string(),
        commits: told.commits,
        approvals: told.approvals,
        files: told.files.len(),
    })
}

/// Priority above that of Git's own stores.
const FIRST: i32 = 1000;

/// Objects larger than this are not stored as changes of others: looking for what resembles them takes longest. libgit2 1.9
/// takes the threshold from the second of these names.
const WHOLE: &str = "[core]\n\tbigFileThreshold = 1\n[pack]\n\tdeltaCacheSize = 1\n";

/// The same objects give the same pack: one thread makes it, in the order of the walk.
fn pack(git: &git2::Repository, told: &Told3Years, folder: &Path) -> Result<(), Error> {
    let settings = folder.join(".git/packing");
    write(&settings, WHOLE.as_bytes())?;
    git.set_config(&git2::Config::open(&settings)?)?;
    let mut walk = git.revwalk()?;
    walk.set_sorting(git2::Sort::TOPOLOGICAL)?;
    walk.push(told.tip)?;
    let mut builder = git.packbuilder()?;
    builder.set_threads(1);
    builder.insert_walk(&mut walk)?;
    builder.write(&folder.join(".git/objects/pack"), 0)?;
    std::fs::remove_file(&settings).map_err(|source| Error::Io { action: "delete", path: settings, source })
}

/// A repository as plain as can be: no template, no hook, nothing of the user's own configuration.
fn skeleton(folder: &Path) -> Result<(), Error> {
    let git = folder.join(".git");
    for name in ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"] {
        let path = git.join(name);
        std::fs::create_dir_all(&path).map_err(|source| Error::Io { action: "create", path, source })?;
    }
    write(&git.join("HEAD"), b"ref: refs/heads/main\n")?;
    write(&git.join("config"), CONFIG.as_bytes())
}

const CONFIG: &str =
    "[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = false\n\tlogallrefupdates = true\n";

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|source| Error::Io { action: "create", path: path.to_owned(), source })
}

/// Writes the files as they are stored, and an index that agrees with them.
fn check_out(git: &git2::Repository, folder: &Path, told: &Told3Years) -> Result<(), Error> {
    let odb = git.odb()?;
    let mut index = git.index()?;
    for (path, blob) in &told.files {
        let object = odb.read(*blob)?;
        let target = folder.join(path);
        let above = target.parent().unwrap_or(folder);
        std::fs::create_dir_all(above).map_err(|source| Error::Io {
            action: "create",
            path: above.to_owned(),
            source,
        })?;
        write(&target, object.data())?;
        index.add(&entry(path, *blob, object.len(), modified(&target)))?;
    }
    index.write()?;
    Ok(())
}

/// When a file was written; zero, so that its content is looked at, when that cannot be said.
fn modified(path: &Path) -> IndexTime {
    let time = std::fs::metadata(path).ok().and_then(|meta| meta.modified().ok());
    let since = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    i32::try_from(since.as_secs()).map_or(IndexTime::new(0, 0), |seconds| IndexTime::new(seconds, since.subsec_nanos()))
}

/// An entry without all that only one kind of system knows of a file.
fn entry(path: &str, blob: git2::Oid, size: usize, mtime: IndexTime) -> IndexEntry {
    let zero = IndexTime::new(0, 0);
    IndexEntry {
        ctime: zero,
        mtime,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: u32::try_from(size).unwrap_or(u32::MAX),
        id: blob,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}
