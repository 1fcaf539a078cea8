//! Placeholder until the part with the sheets lands.

/// A path that is safe everywhere.
#[must_use]
pub fn safe(path: &str) -> String {
    path.to_owned()
}
