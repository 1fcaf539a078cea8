//! The central directory of a ZIP file, read strictly: what every reader of the file must agree on.
//!
//! Readers differ in what they make of a ZIP that is not plain: which of two entries of a name counts, what lies between entries, where
//! the file starts. A pack has none of that, whatever version wrote it.

use std::collections::BTreeSet;

/// Most files.
const MAX_FILES: usize = 200_000;
/// Most bytes of one file.
pub(super) const MAX_FILE: u64 = 512 << 20;
/// Most bytes of all files.
pub(super) const MAX_ALL: u64 = 2 << 30;
/// Texts shrink to a tenth or a thirtieth; what shrinks more than this is made to fill the memory of its reader.
const MAX_RATIO: u64 = 100;
/// A pack of this size is harmless whatever it shrinks to.
const SMALL: u64 = 64 << 20;

/// An entry as the central directory lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its name.
    pub name: String,
    /// Bytes it unpacks to.
    pub size: u64,
    packed: u64,
    start: u64,
}

/// Reads the entries of a ZIP file.
///
/// # Errors
/// When it is not plain, or unpacks to too much; a sentence that goes on from "it".
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Listed>, String> {
    let end = End::find(bytes).ok_or_else(damaged)?;
    if end.entries > MAX_FILES as u64 {
        return Err(format!("it holds more than {MAX_FILES} files"));
    }
    let (mut out, mut at) = (Vec::new(), end.start);
    for _ in 0..end.entries {
        let (entry, next) = entry(bytes, at).ok_or_else(damaged)?;
        out.push(entry);
        at = next;
    }
    if at != end.stop {
        return Err(damaged());
    }
    bounded(&out, bytes.len() as u64)?;
    names(&out)?;
    nothing_between(bytes, &out, end.start)?;
    Ok(out)
}

fn damaged() -> String {
    "its ZIP structure is damaged, or not as smsctl writes it".into()
}

/// Where the central directory lies.
struct End {
    entries: u64,
    start: u64,
    stop: u64,
}

impl End {
    /// The record at the very end, without a comment; of a ZIP with many files the larger record before it.
    fn find(bytes: &[u8]) -> Option<Self> {
        let at = bytes.len().checked_sub(22)?;
        let plain = signed(bytes, at, *b"PK\x05\x06")?;
        let [disk, of, here, all] = [4, 6, 8, 10].map(|o| number(plain, o, 2));
        if (disk?, of?, number(plain, 20, 2)?) != (0, 0, 0) || here? != all? {
            return None;
        }
        let (size, start, end) = (number(plain, 12, 4)?, number(plain, 16, 4)?, at as u64);
        if all? != 0xFFFF && start != 0xFFFF_FFFF {
            return (start.checked_add(size)? == end).then_some(Self { entries: all?, start, stop: end });
        }
        let locator = signed(bytes, at.checked_sub(20)?, *b"PK\x06\x07")?;
        let at = number(locator, 8, 8)?;
        let large = signed(bytes, usize::try_from(at).ok()?, *b"PK\x06\x06")?;
        let (entries, size, start) = (number(large, 32, 8)?, number(large, 40, 8)?, number(large, 48, 8)?);
        let adjoins = at.checked_add(56 + 20)? == end && start.checked_add(size)? == at;
        adjoins.then_some(Self { entries, start, stop: at })
    }
}

fn entry(bytes: &[u8], at: u64) -> Option<(Listed, u64)> {
    let head = signed(bytes, usize::try_from(at).ok()?, *b"PK\x01\x02")?;
    let [flags, name, extra, comment] = [(8, 2), (28, 2), (30, 2), (32, 2)].map(|(o, n)| number(head, o, n));
    let [packed, size, start] = [20, 24, 42].map(|o| number(head, o, 4));
    // A size behind the data, encryption, and sizes beyond 4 GiB are not written by smsctl.
    let plain = flags? & 0b1001 == 0 && [packed?, size?, start?].iter().all(|n| *n != 0xFFFF_FFFF) && comment? == 0;
    let name_end = 46 + usize::try_from(name?).ok()?;
    let text = std::str::from_utf8(head.get(46..name_end)?).ok()?.to_owned();
    let next = at + name_end as u64 + extra?;
    plain.then_some((Listed { name: text, size: size?, packed: packed?, start: start? }, next))
}

fn signed(bytes: &[u8], at: usize, signature: [u8; 4]) -> Option<&[u8]> {
    bytes.get(at..).filter(|rest| rest.starts_with(&signature))
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let part = bytes.get(at..at + length)?;
    Some(part.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

fn bounded(all: &[Listed], packed: u64) -> Result<(), String> {
    let most = MAX_ALL.min(SMALL.max(packed.saturating_mul(MAX_RATIO)));
    let mut left = most;
    for entry in all {
        let fits = left.checked_sub(entry.size).filter(|_| entry.size <= MAX_FILE);
        left = fits.ok_or_else(|| {
            format!("its files unpack to more than {} MiB, far more than a pack of this size holds", most >> 20)
        })?;
    }
    Ok(())
}

/// Names that some system takes for the same are refused: only plain characters are left, so capitals alone remain to compare.
fn names(all: &[Listed]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for entry in all.iter().filter(|e| !e.name.ends_with('/')) {
        super::names::plain_or_why(&entry.name)?;
        if !seen.insert(entry.name.to_ascii_lowercase()) {
            return Err(format!("`{}` is in it twice", entry.name.escape_debug()));
        }
    }
    Ok(())
}

/// The entries lie one behind the other from the first byte on, each under its own name.
fn nothing_between(bytes: &[u8], all: &[Listed], end: u64) -> Result<(), String> {
    let mut sorted: Vec<&Listed> = all.iter().collect();
    sorted.sort_by_key(|e| e.start);
    let mut at = 0;
    for entry in sorted {
        at = local(bytes, entry).filter(|_| entry.start == at).ok_or_else(damaged)?;
    }
    if at == end { Ok(()) } else { Err(damaged()) }
}

/// Where the data of an entry end, when its own header agrees with the directory.
fn local(bytes: &[u8], entry: &Listed) -> Option<u64> {
    let head = signed(bytes, usize::try_from(entry.start).ok()?, *b"PK\x03\x04")?;
    let (name, extra) = (number(head, 26, 2)?, number(head, 28, 2)?);
    let name_end = 30 + usize::try_from(name).ok()?;
    let same = head.get(30..name_end)? == entry.name.as_bytes()
        && number(head, 18, 4)? == entry.packed
        && number(head, 22, 4)? == entry.size;
    same.then_some(entry.start + name_end as u64 + extra + entry.packed)
}
