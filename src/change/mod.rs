//! What changed between two versions of a document, in words a manager can read.
