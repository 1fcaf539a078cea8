//! Raw trees: parsed once, kept as long as they are likely to be asked for again.

use std::collections::HashMap;
use std::rc::Rc;

use git2::{ObjectType, Odb, OdbObject, Oid};

/// Bytes of an object name.
const OID_BYTES: usize = 20;
/// Bytes of trees that each of the two generations of the cache may hold.
const GENERATION_BYTES: usize = 24 * 1024 * 1024;

/// Largest tree that is read: it would name more files than any folder may hold.
const MAX_TREE_BYTES: u64 = 64 * 1024 * 1024;
/// Largest commit or tag that is read.
pub(super) const MAX_COMMIT_BYTES: u64 = 16 * 1024 * 1024;

const TREE_MODE: u32 = 0o040_000;

/// A parsed tree, its entries in Git's order.
#[derive(Debug, Default)]
pub(super) struct Tree {
    raw: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    start: u32,
    length: u32,
    mode: u32,
}

/// One entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'t> {
    pub name: &'t [u8],
    pub mode: u32,
    id: &'t [u8],
}

impl Entry<'_> {
    pub fn is_tree(&self) -> bool {
        self.mode == TREE_MODE
    }

    pub fn oid(&self) -> Oid {
        Oid::from_bytes(self.id).unwrap_or(Oid::ZERO_SHA1)
    }

    /// Same name, same mode, same content.
    pub fn same(&self, other: &Entry<'_>) -> bool {
        self.mode == other.mode && self.id == other.id && self.name == other.name
    }

    /// Git's order: a folder's name sorts as if it ended with `/`, so a folder and a file of one name are two keys.
    pub fn order(&self, other: &Entry<'_>) -> std::cmp::Ordering {
        let slash = |e: &Entry<'_>| e.is_tree().then_some(b'/');
        let common = self.name.len().min(other.name.len());
        let (left, right) = (self.name.split_at_checked(common), other.name.split_at_checked(common));
        let ((a, rest_a), (b, rest_b)) = (left.unwrap_or_default(), right.unwrap_or_default());
        let next = |rest: &[u8], e: &Entry<'_>| rest.first().copied().or(slash(e));
        a.cmp(b)
            .then_with(|| next(rest_a, self).cmp(&next(rest_b, other)))
            .then_with(|| (rest_a, slash(self)).cmp(&(rest_b, slash(other))))
    }
}

impl Tree {
    /// Parses the bytes of a tree; `None` when they are not a well-formed tree in Git's order.
    pub fn parse(raw: Vec<u8>) -> Option<Self> {
        let mut slots = Vec::with_capacity(raw.len() / 40);
        let mut at = 0;
        while let Some(rest) = raw.get(at..).filter(|r| !r.is_empty()) {
            let space = memchr::memchr(b' ', rest.get(..8.min(rest.len()))?)?;
            let mode = mode(rest.get(..space)?)?;
            let length = memchr::memchr(0, rest.get(space + 1..)?)?;
            let next = at + space + 1 + length + 1 + OID_BYTES;
            let start = u32::try_from(at + space + 1).ok()?;
            if length == 0 || next > raw.len() {
                return None;
            }
            slots.push(Slot { start, length: u32::try_from(length).ok()?, mode });
            at = next;
        }
        let tree = Self { raw, slots };
        tree.sorted().then_some(tree)
    }

    fn sorted(&self) -> bool {
        let mut previous: Option<Entry<'_>> = None;
        for entry in self.iter() {
            let slash = memchr::memchr(b'/', entry.name).is_some();
            if slash || previous.is_some_and(|p| p.name == entry.name || p.order(&entry).is_ge()) {
                return false;
            }
            previous = Some(entry);
        }
        true
    }

    pub fn get(&self, index: usize) -> Option<Entry<'_>> {
        let slot = self.slots.get(index)?;
        let (start, length) = (slot.start as usize, slot.length as usize);
        let name = self.raw.get(start..start + length)?;
        let id = self.raw.get(start + length + 1..start + length + 1 + OID_BYTES)?;
        Some(Entry { name, mode: slot.mode, id })
    }

    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.slots.len()).filter_map(|i| self.get(i))
    }

    fn bytes(&self) -> usize {
        self.raw.len() + self.slots.len() * size_of::<Slot>() + 128
    }
}

/// Octal digits to the mode Git makes of them: four kinds of file, a folder, or a submodule.
fn mode(digits: &[u8]) -> Option<u32> {
    let mut mode = 0_u32;
    for digit in digits {
        mode = mode * 8 + u32::from(digit.checked_sub(b'0').filter(|d| *d < 8)?);
    }
    Some(match mode & 0o170_000 {
        0o100_000 if mode & 0o100 != 0 => 0o100_755,
        0o100_000 => 0o100_644,
        0o120_000 => 0o120_000,
        0o040_000 => TREE_MODE,
        _ => 0o160_000,
    })
}

/// Why a tree or another object cannot be used.
#[derive(Clone, Debug)]
pub(super) struct Unreadable {
    pub oid: Oid,
    pub reason: String,
}

/// Reads an object of one of these types by its name; libgit2 compares content and name.
pub(super) fn object(odb: &Odb<'_>, oid: Oid, types: &[ObjectType], limit: u64) -> Result<Vec<u8>, Unreadable> {
    match object_within(odb, oid, types, limit)? {
        Some(bytes) => Ok(bytes),
        None => Err(Unreadable { oid, reason: format!("it is larger than {} KiB", limit / 1024) }),
    }
}

/// The same; none when it is larger than `limit`. Its header is read first: a few compressed bytes may hold gigabytes.
pub(super) fn object_within(
    odb: &Odb<'_>,
    oid: Oid,
    types: &[ObjectType],
    limit: u64,
) -> Result<Option<Vec<u8>>, Unreadable> {
    // Where there is no header, reading says why.
    if let Ok((size, kind)) = odb.read_header(oid) {
        fits(oid, kind, types)?;
        if size as u64 > limit {
            return Ok(None);
        }
    }
    Ok(Some(read(odb, oid, types)?.data().to_vec()))
}

/// Reads an object whatever its size.
pub(super) fn read<'o>(odb: &'o Odb<'_>, oid: Oid, types: &[ObjectType]) -> Result<OdbObject<'o>, Unreadable> {
    let object = odb.read(oid).map_err(|error| unreadable(oid, &error))?;
    fits(oid, object.kind(), types)?;
    #[cfg(test)]
    READ.set(READ.get() + object.len());
    Ok(object)
}

#[cfg(test)]
thread_local! {
    /// Bytes of objects that tests of this thread read.
    pub(super) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn fits(oid: Oid, kind: ObjectType, types: &[ObjectType]) -> Result<(), Unreadable> {
    let reason = || format!("it is a {}, which has no place there", kind.str());
    if types.contains(&kind) { Ok(()) } else { Err(Unreadable { oid, reason: reason() }) }
}

fn unreadable(oid: Oid, error: &git2::Error) -> Unreadable {
    let reason = match error.code() {
        git2::ErrorCode::NotFound => "it is missing from this clone".to_owned(),
        _ => format!("it is damaged ({})", error.message()),
    };
    Unreadable { oid, reason }
}

/// Trees by name, at most two generations of a bounded size.
pub(super) struct Trees<'o> {
    odb: &'o Odb<'o>,
    young: HashMap<Oid, Rc<Tree>>,
    old: HashMap<Oid, Rc<Tree>>,
    young_bytes: usize,
    empty: Rc<Tree>,
}

impl<'o> Trees<'o> {
    pub fn new(odb: &'o Odb<'o>) -> Self {
        let empty = Rc::new(Tree::default());
        Self { odb, young: HashMap::new(), old: HashMap::new(), young_bytes: 0, empty }
    }

    /// The tree of a name; no name is the empty tree.
    pub fn get(&mut self, oid: Option<Oid>) -> Result<Rc<Tree>, Unreadable> {
        let Some(oid) = oid else { return Ok(Rc::clone(&self.empty)) };
        if let Some(tree) = self.young.get(&oid) {
            return Ok(Rc::clone(tree));
        }
        let tree = match self.old.remove(&oid) {
            Some(tree) => tree,
            None => Rc::new(self.read(oid)?),
        };
        self.keep(oid, Rc::clone(&tree));
        Ok(tree)
    }

    fn read(&self, oid: Oid) -> Result<Tree, Unreadable> {
        let raw = object(self.odb, oid, &[ObjectType::Tree], MAX_TREE_BYTES)?;
        Tree::parse(raw).ok_or_else(|| Unreadable { oid, reason: "it is not a well-formed tree".into() })
    }

    fn keep(&mut self, oid: Oid, tree: Rc<Tree>) {
        if self.young_bytes > GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += tree.bytes();
        self.young.insert(oid, tree);
    }

    /// The folder `path` (parts between `/`, empty for the root) below a tree; `None` when there is no such folder.
    pub fn below(&mut self, root: Oid, path: &str) -> Result<Option<Oid>, Unreadable> {
        let mut at = root;
        for part in path.split('/').filter(|p| !p.is_empty()) {
            let tree = self.get(Some(at))?;
            let found = tree.iter().find(|e| e.is_tree() && e.name == part.as_bytes()).map(|e| e.oid());
            let Some(next) = found else { return Ok(None) };
            at = next;
        }
        Ok(Some(at))
    }
}

/// The text of a path. Bytes that are no UTF-8 become U+FFFD and their hexadecimal value, so that two such paths stay two.
pub(super) fn path_text(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\u{fffd}{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, &str)]) -> Option<Tree> {
        let mut raw = Vec::new();
        for (mode, name) in entries {
            raw.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            raw.extend_from_slice(&[7; OID_BYTES]);
        }
        Tree::parse(raw)
    }

    #[test]
    fn the_order_of_git_is_required() {
        let good = tree(&[("100644", "a-b"), ("40000", "a"), ("100755", "a0"), ("120000", "b"), ("160000", "c")]);
        let modes: Vec<u32> = good.unwrap().iter().map(|e| e.mode).collect();
        assert_eq!(modes, [0o100_644, 0o40_000, 0o100_755, 0o120_000, 0o160_000]);
        assert!(tree(&[("100644", "a"), ("40000", "a")]).is_none());
        assert!(tree(&[("40000", "a"), ("100644", "a-b")]).is_none());
        assert!(tree(&[("100644", "b"), ("100644", "a")]).is_none());
        assert!(tree(&[("100644", "a/b")]).is_none());
        assert!(tree(&[("100644", "")]).is_none());
        assert!(tree(&[("9", "a")]).is_none());
        assert_eq!(tree(&[("100664", "a")]).unwrap().get(0).unwrap().mode, 0o100_644);
    }

    #[test]
    fn any_bytes_are_no_panic() {
        let raw = b"100644 a\0".to_vec();
        for end in 0..raw.len() {
            assert!(Tree::parse(raw[..end].to_vec()).is_none() || end == 0);
        }
    }

    #[test]
    fn bytes_that_are_no_text_stay_apart() {
        assert_eq!(path_text(b"a/\xFF.md"), "a/\u{fffd}FF.md");
        assert_ne!(path_text(b"\xFE"), path_text(b"\xFF"));
    }
}
