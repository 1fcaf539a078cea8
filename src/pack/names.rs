//! Names of files in a pack: whatever a path in the SMS is called, the copy unpacks on every system and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use crate::trust::statement::digest;

/// Longest part of a name between two `/`.
const MAX_PART: usize = 80;
/// Longest name: what stands before it in the pack and on a disk must fit too.
const MAX_NAME: usize = 180;
/// Digits of the digest that tells two names apart.
const MARK: usize = 10;
/// Names that Windows keeps for devices, with any ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin", "conout"];

/// A path as a name that is safe everywhere; a path that is safe already stays as it is.
///
/// ```
/// use smsctl::pack::names::safe;
/// assert_eq!(safe("policies/backup-policy.md"), "policies/backup-policy.md");
/// assert!(!safe("../é|<b>.md").contains(".."));
/// ```
#[must_use]
pub fn safe(path: &str) -> String {
    let plain = plain(path);
    if plain == path { plain } else { marked(path, 0) }
}

/// Whether a name in a pack is one that is the same on every system.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn plain_or_why(name: &str) -> Result<(), String> {
    let shown = name.escape_debug();
    if name.contains(['\\', ':', '\0']) || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(format!("the name `{shown}` leads out of its folder"));
    }
    let odd = |c: char| !(c.is_ascii_alphanumeric() || "._-/".contains(c));
    if name.contains(odd) || name.split('/').any(|part| part.ends_with('.')) {
        return Err(format!(
            "the name `{shown}` holds more than letters, digits, dot, dash and underscore, as some systems change it"
        ));
    }
    Ok(())
}

/// The names of many paths: different ones even where a system takes capital and small letters for the same, and never one
/// that is a folder of another.
#[must_use]
pub fn all<'p>(paths: impl IntoIterator<Item = &'p str>) -> BTreeMap<String, String> {
    let mut taken = Taken::default();
    let paths: BTreeSet<&str> = paths.into_iter().collect();
    let mut out = BTreeMap::new();
    let (plain, odd): (Vec<&str>, Vec<&str>) = paths.into_iter().partition(|p| safe(p) == **p);
    for path in plain.into_iter().chain(odd) {
        // The first try keeps the name; each further one marks it otherwise, and in the end leaves folders that are files
        // elsewhere. So some try succeeds.
        let tries = (1..).map(|n| marked(path, n));
        let name = std::iter::once(safe(path)).chain(tries).find(|name| taken.take(name)).unwrap_or_default();
        out.insert(path.to_owned(), name);
    }
    out
}

/// Names given so far, in small letters.
#[derive(Default)]
struct Taken {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Taken {
    /// Takes a name unless another one stands in its way. A page of the name with `.html` behind it is made as well.
    fn take(&mut self, name: &str) -> bool {
        let small = name.to_ascii_lowercase();
        let page = format!("{small}.html");
        let above: Vec<String> = small.match_indices('/').map(|(at, _)| small.split_at(at).0.to_owned()).collect();
        let met = [&small, &page].into_iter().any(|n| self.files.contains(n) || self.folders.contains(n));
        if met || above.iter().any(|f| self.files.contains(f)) {
            return false;
        }
        self.files.extend([small, page]);
        self.folders.extend(above);
        true
    }
}

/// The path in safe characters, short enough; others may come to the same.
fn plain(path: &str) -> String {
    let parts = parts(path);
    let own = parts.last().map_or("_", String::as_str);
    below(&parts, own)
}

fn parts(path: &str) -> Vec<String> {
    path.split('/').filter(|p| !p.is_empty()).map(part).collect()
}

/// A name below as many of its folders as fit.
fn below(parts: &[String], own: &str) -> String {
    let mut left = MAX_NAME.saturating_sub(own.len());
    let mut kept: Vec<&str> = Vec::new();
    for folder in parts.iter().take(parts.len().saturating_sub(1)) {
        let Some(rest) = left.checked_sub(folder.len() + 1) else { break };
        left = rest;
        kept.push(folder);
    }
    kept.push(own);
    kept.join("/")
}

fn part(part: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' };
    let mut out: String = part.chars().map(kept).take(MAX_PART).collect();
    if out.starts_with(['.', '-']) || is_device(&out) {
        out = format!("_{}", out.trim_start_matches(['.', '-']));
        out.truncate(MAX_PART);
    }
    while out.ends_with('.') {
        out.pop();
    }
    if out.is_empty() { "_".to_owned() } else { out }
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = ["com", "lpt"].into_iter().filter_map(|d| stem.strip_prefix(d));
    DEVICES.contains(&stem.as_str())
        || numbered.into_iter().any(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Tries that keep the folders of a name.
const TRIES_BELOW: u32 = 3;

/// The name with some digits of the digest of the path before its ending.
fn marked(path: &str, tried: u32) -> String {
    let seed = if tried == 0 { path.to_owned() } else { format!("{path}\u{0}{tried}") };
    let digest = digest(seed.as_bytes());
    let mark: String = digest.trim_start_matches("sha256:").chars().take(MARK).collect();
    let parts = parts(path);
    let name = parts.last().map_or("_", String::as_str);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= MARK => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let room = MAX_PART.saturating_sub(MARK + 1 + ending.len());
    let stem: String = stem.chars().take(room).collect();
    let own = format!("{stem}-{mark}{ending}");
    if tried > TRIES_BELOW { own } else { below(&parts, &own) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_safe(name: &str) -> bool {
        let part = |p: &str| {
            let chars = p.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
            let ends = !p.starts_with(['.', '-']) && !p.ends_with('.');
            chars && ends && !p.is_empty() && p.len() <= MAX_PART && !is_device(p)
        };
        name.len() <= MAX_NAME && name.split('/').all(part)
    }

    #[test]
    fn plain_names_stay() {
        for name in ["a.md", "policies/service-management-policy.md", "A_b/c-d.e.md"] {
            assert_eq!(safe(name), name);
        }
    }

    #[test]
    fn whatever_is_odd_becomes_harmless_and_stays_different() {
        let long = format!("{}.md", "x".repeat(300));
        let deep = "abcdefghij/".repeat(40) + "a.md";
        let odd = [
            "../../etc/passwd",
            "/root/a.md",
            "a//b.md",
            "con.md",
            "records/NUL",
            "lpt1.tar.gz",
            "a/.hidden.md",
            "-rf.md",
            "name .md",
            "trailing.",
            "\u{202e}dm.exe.md",
            "\u{1b}[31mred.md",
            "a\nb.md",
            "a\\b.md",
            "c:d.md",
            "😀.md",
            "",
            "...",
            long.as_str(),
            deep.as_str(),
        ];
        let names: BTreeSet<String> = odd.iter().map(|p| safe(p)).collect();
        assert!(names.iter().all(|n| is_safe(n)), "{names:#?}");
        assert_eq!(names.len(), odd.len());
    }

    #[test]
    fn names_differ_on_systems_that_know_no_capitals() {
        let names = all(["a.md", "A.md", "b", "B/c.md", "d.md", "d.md.html/x.md", "e é.md", "e_è.md"]);
        let small: BTreeSet<String> = names.values().map(|n| n.to_ascii_lowercase()).collect();
        assert_eq!(small.len(), 8, "{names:#?}");
        assert_eq!(names["A.md"], "A.md");
        assert!(names["a.md"].starts_with("a-"));
        assert!(names["b"].starts_with("b-") || names["B/c.md"].starts_with("B/c-"), "{names:#?}");
        let own = safe("B é.md");
        let names = all(["B é.md", own.as_str()]);
        assert_ne!(names["B é.md"].to_ascii_lowercase(), names[&own].to_ascii_lowercase());
    }

    proptest! {
        #[test]
        fn any_path_becomes_a_safe_name(path in ".{0,400}", parts in proptest::collection::vec("(con|[a-zé. /-]{0,90}|[A-Z]{1,90})", 0..6)) {
            for path in [path, parts.join("/")] {
                let name = safe(&path);
                prop_assert!(is_safe(&name), "{name:?}");
                prop_assert_eq!(safe(&name), name);
            }
        }

        #[test]
        fn many_paths_get_as_many_names(paths in proptest::collection::btree_set("[aA]{1,2}(/[bB.]{1,2}){0,2}", 1..30)) {
            let names = all(paths.iter().map(String::as_str));
            let small: BTreeSet<String> = names.values().map(|n| n.to_ascii_lowercase()).collect();
            prop_assert_eq!(small.len(), paths.len());
            prop_assert!(names.values().all(|n| is_safe(n)), "{:?}", names);
            for name in &small {
                prop_assert!(!small.iter().any(|other| other.starts_with(&format!("{name}/"))), "{:?}", names);
            }
        }
    }
}
