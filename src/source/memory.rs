//! Files in memory: for tests, editors with unsaved text, and checks of a change before it is written.

use std::collections::BTreeMap;

use super::{Entry, EntryKind, ReadError, Source};

/// An SMS in memory. A file without bytes is listed but cannot be read.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, Option<Vec<u8>>>,
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
        let files = source.entries().iter().filter(|e| e.kind == EntryKind::File);
        files.map(|e| (e.path.clone(), source.read(&e.path, u64::MAX).ok())).collect()
    }

    /// Adds or replaces a file; `None` makes it unreadable.
    pub fn put(&mut self, path: &str, bytes: Option<Vec<u8>>) {
        self.files.insert(path.to_owned(), bytes);
        self.relist();
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
        self.relist();
    }

    fn relist(&mut self) {
        let listed = self.files.iter().map(|(path, bytes)| Entry {
            path: path.clone(),
            kind: EntryKind::File,
            size: bytes.as_ref().map_or(0, Vec::len) as u64,
        });
        self.entries = listed.collect();
    }
}

impl FromIterator<(String, Option<Vec<u8>>)> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = (String, Option<Vec<u8>>)>>(files: I) -> Self {
        let mut tree = Self { files: files.into_iter().collect(), entries: Vec::new(), revision: None };
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
        let bytes = file.as_ref().ok_or_else(|| ReadError("you have no permission to read it".into()))?;
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
