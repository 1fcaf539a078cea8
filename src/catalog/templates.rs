//! Document templates of `new` and `init`, inside the binary (minijinja syntax).

/// Name and text, sorted by name. Documents go without `.md`; files of `init/` keep their names.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The text of a template, such as `entries/service-management-policy` or `init/smsctl.toml`.
#[must_use]
pub fn template(name: &str) -> Option<&'static str> {
    let index = FILES.binary_search_by_key(&name, |(n, _)| n).ok()?;
    FILES.get(index).map(|(_, text)| *text)
}

/// Names of the templates in a folder (`entries`, `kinds`, `registers`), without the folder.
pub fn templates(folder: &'static str) -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(move |(name, _)| name.strip_prefix(folder)?.strip_prefix('/'))
}
