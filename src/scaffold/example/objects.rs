//! Raw Git objects: blobs, trees, signed commits.

use std::collections::BTreeMap;

use git2::{ObjectType, Odb, Oid};

use super::keys::Key;
use crate::error::Error;

/// A folder, with the trees that are known already.
#[derive(Clone, Default)]
pub(super) struct Folder {
    entries: BTreeMap<String, Entry>,
    written: Option<Oid>,
}

#[derive(Clone)]
enum Entry {
    File(Oid),
    Folder(Folder),
}

impl Folder {
    /// Puts a file, or takes it away.
    pub(super) fn set(&mut self, path: &str, blob: Option<Oid>) {
        self.written = None;
        match (path.split_once('/'), blob) {
            (None, Some(blob)) => {
                self.entries.insert(path.to_owned(), Entry::File(blob));
            }
            (None, None) => {
                self.entries.remove(path);
            }
            (Some((name, rest)), blob) => {
                let entry = self.entries.entry(name.to_owned()).or_insert_with(|| Entry::Folder(Self::default()));
                if let Entry::Folder(folder) = entry {
                    folder.set(rest, blob);
                }
            }
        }
    }

    /// All files by path.
    pub(super) fn files(&self) -> BTreeMap<String, Oid> {
        let mut out = BTreeMap::new();
        self.list("", &mut out);
        out
    }

    fn list(&self, prefix: &str, out: &mut BTreeMap<String, Oid>) {
        for (name, entry) in &self.entries {
            match entry {
                Entry::File(oid) => {
                    out.insert(format!("{prefix}{name}"), *oid);
                }
                Entry::Folder(folder) => folder.list(&format!("{prefix}{name}/"), out),
            }
        }
    }

    /// Writes the tree with all below it.
    pub(super) fn write(&mut self, odb: &Odb<'_>) -> Result<Oid, Error> {
        if let Some(oid) = self.written {
            return Ok(oid);
        }
        // Git sorts folders as if their names ended in a slash.
        let mut rows = Vec::new();
        for (name, entry) in &mut self.entries {
            let (mode, oid, key) = match entry {
                Entry::File(oid) => ("100644", *oid, name.clone()),
                Entry::Folder(folder) => ("40000", folder.write(odb)?, format!("{name}/")),
            };
            rows.push((key, format!("{mode} {name}\0").into_bytes(), oid));
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let bytes: Vec<u8> =
            rows.into_iter().flat_map(|(_, head, oid)| [head, oid.as_bytes().to_vec()].concat()).collect();
        let oid = odb.write(ObjectType::Tree, &bytes)?;
        self.written = Some(oid);
        Ok(oid)
    }
}

/// Somebody at a moment, as commits write it.
pub(super) struct Stamp<'s> {
    /// `Name <address>`
    pub(super) who: &'s str,
    /// Seconds since the epoch.
    pub(super) time: i64,
    /// Offset of the clock, such as `+0100`.
    pub(super) zone: &'s str,
}

/// Writes a signed commit.
pub(super) fn commit(
    odb: &Odb<'_>,
    tree: Oid,
    parents: &[Oid],
    author: &Stamp<'_>,
    committer: &Stamp<'_>,
    message: &str,
    key: &Key,
) -> Result<Oid, Error> {
    let mut head = format!("tree {tree}\n");
    for parent in parents {
        head += &format!("parent {parent}\n");
    }
    for (role, stamp) in [("author", author), ("committer", committer)] {
        head += &format!("{role} {} {} {}\n", stamp.who, stamp.time, stamp.zone);
    }
    let signature = key.sign("git", format!("{head}\n{message}").as_bytes())?;
    let folded = signature.trim_end().replace('\n', "\n ");
    let bytes = format!("{head}gpgsig {folded}\n\n{message}");
    Ok(odb.write(ObjectType::Commit, bytes.as_bytes())?)
}
