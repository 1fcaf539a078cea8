//! Some files of another source.

use super::{Entry, ReadError, Source};

/// The files of another source that somebody asked for. What is left out is not listed.
pub struct Part<'s> {
    source: &'s dyn Source,
    entries: Vec<Entry>,
}

impl<'s> Part<'s> {
    /// Keeps the files that `wanted` names.
    pub fn of(source: &'s dyn Source, wanted: impl Fn(&Entry) -> bool) -> Self {
        let entries = source.entries().iter().filter(|entry| wanted(entry)).cloned().collect();
        Self { source, entries }
    }
}

impl Source for Part<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.source.read(path, limit)
    }

    /// A part is no revision.
    fn revision(&self) -> Option<String> {
        None
    }

    fn dirty(&self) -> bool {
        false
    }
}
