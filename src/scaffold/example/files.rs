//! The files of examples/toolkit, inside the binary.

/// Path below the sample and text, sorted by path.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/example.rs"));
