//! The parts of a Word document: a ZIP archive of XML files, read within bounds.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use super::xml::{Element, parse};

/// A part may not be larger than this when unpacked.
const MAX_PART: u64 = 64 << 20;
/// All parts together may not be larger than this.
const MAX_ALL: u64 = 256 << 20;
/// More parts than this no document has.
const MAX_PARTS: usize = 20_000;

/// An opened archive.
pub(super) struct Package {
    archive: zip::ZipArchive<Cursor<Vec<u8>>>,
    left: u64,
}

/// Where a relationship leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Another part of the package, by its name.
    Part(String),
    /// An address outside.
    Outside(String),
}

impl Package {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, String> {
        let archive =
            zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| "it is no Word document (.docx)".to_owned())?;
        if archive.len() > MAX_PARTS {
            return Err(format!("it has {} parts; no document needs so many", archive.len()));
        }
        Ok(Self { archive, left: MAX_ALL })
    }

    /// The bytes of a part; none when there is no such part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Ok(part) = self.archive.by_name(name) else { return Ok(None) };
        let limit = MAX_PART.min(self.left);
        let mut out = Vec::new();
        let read = part.take(limit + 1).read_to_end(&mut out);
        read.map_err(|e| format!("its part {name} cannot be unpacked: {e}"))?;
        let size = out.len() as u64;
        if size > limit {
            return Err(format!("its part {name} is too large when unpacked"));
        }
        self.left -= size;
        Ok(Some(out))
    }

    /// A part as a tree of elements; none when there is no such part.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<Element>, String> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        parse(&bytes).map(Some).map_err(|e| format!("its part {name} cannot be read: {e}"))
    }

    /// What the ids of relationships in a part stand for.
    pub(super) fn relationships(&mut self, part: &str) -> Result<BTreeMap<String, Target>, String> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(list) = self.xml(&format!("{folder}{slash}_rels/{file}.rels"))? else { return Ok(BTreeMap::new()) };
        let one = |e: &Element| {
            let target = e.attribute("Target")?;
            let outside = e.attribute("TargetMode") == Some("External");
            let to = if outside { Target::Outside(target.to_owned()) } else { Target::Part(resolved(folder, target)) };
            Some((e.attribute("Id")?.to_owned(), to))
        };
        Ok(list.children().filter_map(one).collect())
    }

    /// The part with the text of the document.
    pub(super) fn main_part(&mut self) -> Result<String, String> {
        let none = || "it holds no text of a Word document".to_owned();
        let list = self.xml("_rels/.rels")?.ok_or_else(none)?;
        let office = |e: &&Element| e.attribute("Type").is_some_and(|t| t.ends_with("/officeDocument"));
        let target = list.children().find(office).and_then(|e| e.attribute("Target")).ok_or_else(none)?;
        Ok(resolved("", target))
    }
}

/// A target as seen from a folder, without `..`.
fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.retain(|p| !p.is_empty());
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stay_in_the_package() {
        assert_eq!(resolved("word", "media/image1.png"), "word/media/image1.png");
        assert_eq!(resolved("word", "/word/document.xml"), "word/document.xml");
        assert_eq!(resolved("word", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn anything_else_than_an_archive_is_refused() {
        assert!(Package::open(b"PK\x03\x04 and nothing".to_vec()).is_err());
        assert!(Package::open(Vec::new()).is_err());
    }
}
