//! Where bytes come from, and where they stand.
//!
//! Knows nothing of YAML, Markdown or the SMS. [`Source`] is the one way to the files of an SMS: a work tree
//! ([`WorkTree`]) or the tree of a commit ([`CommitTree`]). [`SourceMap`] owns the text of every file that was read, and
//! a [`Span`] is a range of bytes in one of them.

mod commit_tree;
pub mod hidden;
mod memory;
mod part;
mod text;
mod work_tree;

use std::sync::OnceLock;

pub use commit_tree::{CommitTree, changed_since};
pub use memory::MemoryTree;
pub use part::Part;
pub use text::{TextProblem, decode};
pub use work_tree::WorkTree;

/// Name of the configuration file that makes a folder an SMS.
pub const CONFIG_FILE: &str = "smsctl.toml";

/// Largest Markdown or TOML file that is read, in bytes.
pub const MAX_TEXT_BYTES: u64 = 1024 * 1024;

/// Largest CSV file that is read, in bytes.
pub const MAX_CSV_BYTES: u64 = 32 * 1024 * 1024;

/// Index of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file; `start <= end`, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond 4 GiB cannot occur because files are bounded.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The empty span at the start of a file: what is said of the file as a whole.
    #[must_use]
    pub fn start_of(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }

    /// The bytes as a range for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Line and column, both from 1; columns count Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One file that was read: its path below the root of the SMS (with `/`) and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// Path below the root, `/` between parts.
    pub path: String,
    /// The text, with a byte order mark when the file had one.
    pub text: String,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file from its path and text.
    #[must_use]
    pub fn new(path: String, text: String) -> Self {
        Self { path, text, lines: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = memchr_lines(self.text.as_bytes());
            std::iter::once(0).chain(breaks).collect()
        })
    }

    /// Line and column of a byte offset; an offset inside a character counts as its start.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|&s| s as usize <= offset).max(1);
        let start = starts.get(line - 1).map_or(0, |&s| s as usize);
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.trim_start_matches('\u{feff}').chars().count() + 1 }
    }

    /// The text of a line (from 1) without its line break, and the offset where it starts.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<(usize, &str)> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)? as usize;
        let end = starts.get(line).map_or(self.text.len(), |&s| s as usize);
        Some((start, self.text.get(start..end)?.trim_end_matches(['\n', '\r'])))
    }
}

fn memchr_lines(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    memchr::memchr_iter(b'\n', bytes).map(|i| u32::try_from(i + 1).unwrap_or(u32::MAX))
}

/// The only owner of text. Files are added once and never change.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The id the next added file gets.
    #[must_use]
    pub fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// The file of an id handed out by this map.
    ///
    /// # Panics
    /// When the id comes from another map, which is a defect of the program.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in the order they were added.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text under a span; empty when the span lies outside.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Path of the file a span lies in.
    #[must_use]
    pub fn path(&self, span: Span) -> &str {
        &self.file(span.file).path
    }
}

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link. Links are never followed, so that a work tree and a commit read the same.
    Link,
    /// Git submodules, sockets, devices: present, never read.
    Other,
}

/// A file of the SMS, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path below the root, `/` between parts.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
}

/// Why a file could not be read; a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(pub String);

/// The files of one SMS. Everything is read through this trait, so a commit and a work tree give the same verdicts.
pub trait Source: Sync {
    /// All files below the root, sorted by path; hidden folders (`.git`, `.github`) are left out.
    fn entries(&self) -> &[Entry];

    /// What could not even be listed: path and reason.
    fn unlisted(&self) -> &[(String, String)] {
        &[]
    }

    /// The bytes of a file of [`Source::entries`].
    ///
    /// # Errors
    /// When the file is gone, not readable, larger than `limit` bytes, or reached through a link.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// The commit that is read, or the commit the work tree is based on.
    fn revision(&self) -> Option<String>;

    /// Whether the files differ from [`Source::revision`].
    fn dirty(&self) -> bool;
}

/// Whether a path has the ending of a Markdown file.
#[must_use]
pub fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, e)| e);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}

/// Resolves a relative path written in `from` against the root; `None` when it is absolute or leaves the root.
///
/// ```
/// assert_eq!(smsctl::source::resolve("policies/a.md", "../registers/b.csv").as_deref(), Some("registers/b.csv"));
/// assert_eq!(smsctl::source::resolve("a.md", "../b.csv"), None);
/// ```
#[must_use]
pub fn resolve(from: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') || relative.contains('\\') || relative.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The way from the folder of one file to another file, both below the root.
///
/// ```
/// assert_eq!(smsctl::source::relative("policies/a.md", "registers/b.md"), "../registers/b.md");
/// assert_eq!(smsctl::source::relative("a.md", "b.md"), "b.md");
/// ```
#[must_use]
pub fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().saturating_sub(1).min(to.len().saturating_sub(1));
    let common = (0..folders).take_while(|i| from.get(*i) == to.get(*i)).count();
    let up = from.len().saturating_sub(1) - common;
    let rest = to.get(common..).unwrap_or_default().join("/");
    "../".repeat(up) + &rest
}

/// A name that is not UTF-8 is listed with `\u{fffd}` in it, and does not say which file it stands for.
fn readable_name(path: &str) -> Result<(), ReadError> {
    if path.contains('\u{fffd}') {
        return Err(ReadError("its name is not UTF-8 text; give it another name".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let file = SourceFile::new("a.md".into(), "\u{feff}é b\r\nsecond\n".into());
        assert_eq!(file.position(3), Position { line: 1, column: 1 });
        assert_eq!(file.position(5), Position { line: 1, column: 2 });
        assert_eq!(file.position(9), Position { line: 2, column: 1 });
        assert_eq!(file.position(999), Position { line: 3, column: 1 });
        assert_eq!(file.line(2), Some((9, "second")));
    }

    #[test]
    fn resolving_never_leaves_the_root() {
        assert_eq!(resolve("a/b.md", "c.md").as_deref(), Some("a/c.md"));
        assert_eq!(resolve("a/b.md", "./../c.md").as_deref(), Some("c.md"));
        assert_eq!(resolve("a/b.md", "../../c.md"), None);
        assert_eq!(resolve("a/b.md", "/etc/passwd"), None);
        assert_eq!(resolve("a/b.md", "..\\c.md"), None);
    }
}
