//! The files of a work tree, as Git would see them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Entry, EntryKind, ReadError, Source, commit_tree, readable_name};
use crate::error::because;

/// An SMS on disk. Ignored files (`.gitignore`) are left out unless Git tracks them; hidden folders are left out.
#[derive(Debug)]
pub struct WorkTree {
    root: PathBuf,
    entries: Vec<Entry>,
    unlisted: Vec<(String, String)>,
    /// The commit it is based on, and whether it differs from it; found out when somebody asks.
    state: OnceLock<(Option<String>, bool)>,
}

impl WorkTree {
    /// Lists the files below `root`.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        let mut found = BTreeMap::new();
        let mut unlisted = Vec::new();
        for entry in walker(root) {
            match entry {
                Ok(entry) => {
                    if let Some(listed) = list(root, entry.path()) {
                        found.insert(listed.path.clone(), listed);
                    }
                }
                Err(error) => unlisted.push(describe(root, &error)),
            }
        }
        // A file that Git tracks is part of the SMS even when an ignore pattern matches it.
        for path in commit_tree::tracked_files(root) {
            if !found.contains_key(&path)
                && !hidden(&path)
                && let Some(listed) = list(root, &root.join(&path))
            {
                found.insert(path, listed);
            }
        }
        Self { root: root.to_owned(), entries: found.into_values().collect(), unlisted, state: OnceLock::new() }
    }

    fn state(&self) -> &(Option<String>, bool) {
        self.state.get_or_init(|| commit_tree::head_state(&self.root, &self.entries))
    }
}

fn walker(root: &Path) -> ignore::Walk {
    ignore::WalkBuilder::new(root).follow_links(false).git_global(false).git_exclude(false).ignore(false).build()
}

fn describe(root: &Path, error: &ignore::Error) -> (String, String) {
    let path = match error {
        ignore::Error::WithPath { path, .. } => relative(root, path),
        ignore::Error::WithDepth { err, .. } => return describe(root, err),
        _ => None,
    };
    let reason = error.io_error().map_or_else(|| error.to_string(), reason);
    (path.unwrap_or_else(|| ".".into()), reason)
}

fn hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn list(root: &Path, path: &Path) -> Option<Entry> {
    let relative = relative(root, path)?;
    let meta = fs::symlink_metadata(path).ok()?;
    let kind = if meta.is_file() {
        EntryKind::File
    } else if meta.file_type().is_symlink() {
        EntryKind::Link
    } else if meta.is_dir() {
        return None;
    } else {
        EntryKind::Other
    };
    Some(Entry { path: relative, kind })
}

impl Source for WorkTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn unlisted(&self) -> &[(String, String)] {
        &self.unlisted
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        readable_name(path)?;
        let full = self.root.join(path);
        let meta = fs::symlink_metadata(&full).map_err(|e| ReadError(reason(&e)))?;
        if !meta.is_file() {
            return Err(ReadError("it is not a regular file".into()));
        }
        let file = fs::File::open(&full).map_err(|e| ReadError(reason(&e)))?;
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(limit)).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| ReadError(reason(&e)))?;
        if bytes.len() as u64 > limit {
            return Err(ReadError(format!("it is larger than {} KiB", limit / 1024)));
        }
        Ok(bytes)
    }

    fn revision(&self) -> Option<String> {
        self.state().0.clone()
    }

    fn dirty(&self) -> bool {
        self.state().1
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => "you have no permission to read it".into(),
        _ => because(error),
    }
}
