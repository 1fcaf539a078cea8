//! Contents that were read, kept because they are asked for again: for their digest, to compare them, to read entries.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use git2::Oid;

/// Most bytes that are kept; what comes later is read anew each time.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Contents by name.
#[derive(Default)]
pub(super) struct Kept(Mutex<Blobs>);

/// The contents, and how many bytes they are.
type Blobs = (HashMap<Oid, Arc<[u8]>>, usize);

impl Kept {
    pub fn get(&self, oid: Oid) -> Option<Arc<[u8]>> {
        self.lock().0.get(&oid).cloned()
    }

    pub fn keep(&self, oid: Oid, bytes: &[u8]) {
        let (blobs, size) = &mut *self.lock();
        if *size + bytes.len() <= MAX_BYTES && blobs.insert(oid, bytes.into()).is_none() {
            *size += bytes.len();
        }
    }

    /// A panic of another thread leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Blobs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
