//! The schemas of the `schemas` folder, inside the binary.

/// Path below `schemas/` and text, sorted by path.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// The text of an embedded schema.
pub(super) fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(p, _)| *p == path).map(|(_, text)| *text)
}

/// Names of the schemas of a folder (`kinds`, `registers`).
pub(super) fn names(folder: &str) -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(move |(path, _)| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".schema.json"))
}
