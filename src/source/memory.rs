//! Files in memory: for tests, editors with unsaved text, and checks of a change before it is written.

use std::collections::BTreeMap;

use super::{Entry, EntryKind, MAX_CSV_BYTES, ReadError, Source};

/// An SMS in memory. A file without bytes is listed but cannot be read.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, Option<Vec<u8>>>,
    /// Why files of another source could not be read there.
    reasons: BTreeMap<String, ReadError>,
    entries: Vec<Entry>,
    revision: Option<String>,
}

impl MemoryTree {
    /// Says which commit the files were taken from.
    #[must_use]
    pub fn at_revision(mut self, revision: impl Into<String>) -> Self {
        self.revision = Some(revision.into());
        self
    }

    /// The files of another source, to lay changes over.
    #[must_use]
    pub fn copy_of(source: &dyn Source) -> Self {
        let mut tree = Self::default();
        for entry in source.entries().iter().filter(|e| e.kind == EntryKind::File) {
            let read = source.read(&entry.path, MAX_CSV_BYTES);
            if let Err(reason) = &read {
                tree.reasons.insert(entry.path.clone(), reason.clone());
            }
            tree.files.insert(entry.path.clone(), read.ok());
        }
        tree.relist();
        tree
    }

    /// Adds or replaces a file; `None` makes it unreadable.
    pub fn put(&mut self, path: &str, bytes: Option<Vec<u8>>) {
        self.reasons.remove(path);
        self.files.insert(path.to_owned(), bytes);
        self.relist();
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.reasons.remove(path);
        self.files.remove(path);
        self.relist();
    }

    fn relist(&mut self) {
        let listed = self.files.keys().map(|path| Entry { path: path.clone(), kind: EntryKind::File });
        self.entries = listed.collect();
    }
}

impl FromIterator<(String, Option<Vec<u8>>)> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = (String, Option<Vec<u8>>)>>(files: I) -> Self {
        let mut tree = Self { files: files.into_iter().collect(), ..Self::default() };
        tree.relist();
        tree
    }
}

impl Source for MemoryTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let file = self.files.get(path).ok_or_else(|| ReadError("it does not exist".into()))?;
        let reason = || self.reasons.get(path).cloned();
        let denied = || reason().unwrap_or_else(|| ReadError("you have no permission to read it".into()));
        let bytes = file.as_ref().ok_or_else(denied)?;
        if bytes.len() as u64 > limit {
            return Err(ReadError(format!("it is larger than {} KiB", limit / 1024)));
        }
        Ok(bytes.clone())
    }

    fn revision(&self) -> Option<String> {
        self.revision.clone()
    }

    fn dirty(&self) -> bool {
        false
    }
}
