//! Which files of an SMS are read to judge it, and which of them are not there: a pack can be made again only from all of them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::source::{Entry, ReadError, Source};

/// A source that remembers what was asked of it.
pub(super) struct Reads<'s> {
    source: &'s dyn Source,
    asked: Mutex<BTreeSet<String>>,
    missing: Mutex<BTreeSet<String>>,
}

impl<'s> Reads<'s> {
    /// Of a source.
    pub fn of(source: &'s dyn Source) -> Self {
        Self { source, asked: Mutex::default(), missing: Mutex::default() }
    }

    /// Paths that were asked for.
    pub fn asked(self) -> BTreeSet<String> {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Paths that could not be read.
    pub fn missing(self) -> BTreeSet<String> {
        self.missing.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Reads<'_> {
    fn entries(&self) -> &[Entry] {
        self.source.entries()
    }

    fn unlisted(&self) -> &[(String, String)] {
        self.source.unlisted()
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let note = |list: &Mutex<BTreeSet<String>>| {
            list.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        };
        note(&self.asked);
        self.source.read(path, limit).inspect_err(|_| note(&self.missing))
    }

    fn revision(&self) -> Option<String> {
        self.source.revision()
    }

    fn dirty(&self) -> bool {
        self.source.dirty()
    }
}
