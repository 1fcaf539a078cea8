//! How a file is written: line ends, blank lines, comments, and the place of the first difference.

use super::units::Unit;
use super::{Comparison, Presence};
use crate::document::{self, Document, FrontMatter};
use crate::source::FileId;

/// The first difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Byte offset in the new bytes.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What differs there.
    pub what: What,
}

/// What differs at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Words or marks.
    Text,
    /// Spaces, tabs or line breaks.
    Whitespace,
    /// LF against CRLF.
    LineEnding,
    /// One of the two ends here.
    EndOfFile,
    /// The byte order mark at the start.
    ByteOrderMark,
    /// The front matter.
    FrontMatter,
    /// All is there, in another order.
    OrderOnly,
}

/// A change of how the file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What it is about.
    pub kind: LayoutKind,
    /// The change as the end of a sentence: "the byte order mark was removed".
    pub message: String,
    /// Line in the new text, from 1.
    pub line: Option<usize>,
}

/// What a change of layout is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutKind {
    /// The byte order mark.
    ByteOrderMark,
    /// LF and CRLF.
    LineEndings,
    /// The line break at the end of the file.
    LastLineBreak,
    /// Blank lines between blocks.
    BlankLines,
    /// The order of fields or columns.
    Order,
    /// Columns of a CSV file that came or went.
    Columns,
    /// A comment in the front matter.
    Comment,
    /// Quotes, spacing and the like.
    Writing,
    /// Bytes that are not UTF-8 text.
    Bytes,
}

impl LayoutKind {
    /// Whether it may change what the document says or how it is judged: a comment can waive a rule.
    #[must_use]
    pub fn is_material(self) -> bool {
        matches!(self, Self::Comment | Self::Columns | Self::Bytes)
    }
}

/// One of the two versions.
pub(super) struct Side {
    /// Its text with LF and without a byte order mark; what is no UTF-8 is replaced.
    pub text: String,
    pub document: Document,
    mark: bool,
    readable: bool,
    /// Lines that end with CRLF, and with LF.
    ends: (usize, usize),
}

const MARK: char = '\u{feff}';

impl Side {
    pub(super) fn read(bytes: Option<&[u8]>) -> Self {
        let bytes = bytes.unwrap_or_default();
        let text = String::from_utf8_lossy(bytes);
        let crlf = text.matches("\r\n").count();
        let ends = (crlf, text.matches('\n').count() - crlf);
        let bare = text.strip_prefix(MARK);
        let mark = bare.is_some();
        let text = bare.unwrap_or(&text).replace("\r\n", "\n");
        let (document, _) = document::parse(FileId(0), &text);
        Self { text, document, mark, readable: std::str::from_utf8(bytes).is_ok(), ends }
    }

    /// First byte of the body.
    pub(super) fn body_start(&self) -> usize {
        self.document.front.body_start()
    }

    /// The front matter with the lines around it.
    pub(super) fn head(&self) -> &str {
        self.text.get(..self.body_start()).unwrap_or_default()
    }

    /// The front matter cannot be read, so it is compared as text.
    pub(super) fn front_is_text(&self) -> bool {
        matches!(self.document.front, FrontMatter::Broken { .. })
    }
}

/// Line of the first difference, the differing text before and after it.
pub(super) fn first(old: &[u8], new: &[u8]) -> Option<Place> {
    let mut offset = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    if offset == old.len() && offset == new.len() {
        return None;
    }
    // Not within a character, nor within a CRLF.
    while offset > 0 && new.get(offset).or(old.get(offset)).is_some_and(|byte| byte & 0xC0 == 0x80) {
        offset -= 1;
    }
    let (was, is) = (old.get(offset..).unwrap_or_default(), new.get(offset..).unwrap_or_default());
    let head = new.get(..offset).unwrap_or_default();
    let start = head.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = head.split(|byte| *byte == b'\n').count();
    let column =
        String::from_utf8_lossy(head.get(start..).unwrap_or_default()).chars().filter(|c| *c != MARK).count() + 1;
    Some(Place { offset, line, column, what: what(offset, was, is) })
}

fn what(offset: usize, was: &[u8], is: &[u8]) -> What {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    if offset == 0 && was.starts_with(BOM) != is.starts_with(BOM) {
        return What::ByteOrderMark;
    }
    let ends = |a: &[u8], b: &[u8]| a.starts_with(b"\r\n") && b.starts_with(b"\n");
    if ends(was, is) || ends(is, was) {
        return What::LineEnding;
    }
    let (rest_was, rest_is) = (was.trim_ascii_start(), is.trim_ascii_start());
    if is.is_empty() || (was.is_empty() && rest_is.is_empty()) {
        return What::EndOfFile;
    }
    let moved = rest_was.len() < was.len() || rest_is.len() < is.len();
    if moved && rest_was.first() == rest_is.first() { What::Whitespace } else { What::Text }
}

/// What changed in how two files are written.
pub(super) fn compare(old: &Side, new: &Side, out: &mut Vec<Layout>) {
    let mut say = |kind, message: &str, line| out.push(Layout { kind, message: message.to_owned(), line });
    if old.readable != new.readable || !new.readable {
        say(LayoutKind::Bytes, "there are bytes that are not UTF-8 text", None);
    }
    if old.mark != new.mark {
        let message = if new.mark { "a byte order mark was added" } else { "the byte order mark was removed" };
        say(LayoutKind::ByteOrderMark, message, Some(1));
    }
    let mixed = |ends: (usize, usize)| ends.0 > 0 && ends.1 > 0;
    if (old.ends.0 > 0) != (new.ends.0 > 0) || mixed(old.ends) != mixed(new.ends) {
        let named = |ends: (usize, usize)| match ends {
            (0, _) => "LF",
            (_, 0) => "CRLF",
            _ => "LF and CRLF mixed",
        };
        say(
            LayoutKind::LineEndings,
            &format!("line ends changed from {} to {}", named(old.ends), named(new.ends)),
            None,
        );
    } else if old.ends.0 != new.ends.0 && mixed(new.ends) {
        say(LayoutKind::LineEndings, "some line ends changed between LF and CRLF", None);
    }
    let ended = |side: &Side| side.text.is_empty() || side.text.ends_with('\n');
    if ended(old) != ended(new) {
        let message = if ended(new) {
            "a line break was added at the end of the file"
        } else {
            "the line break at the end of the file was removed"
        };
        say(LayoutKind::LastLineBreak, message, Some(new.text.lines().count().max(1)));
    }
}

/// Blank lines behind blocks that stayed.
pub(super) fn blank_lines<'u>(pairs: impl Iterator<Item = (&'u Unit<'u>, &'u Unit<'u>)>) -> Option<Layout> {
    let changed: Vec<usize> =
        pairs.filter(|(a, b)| a.blank != b.blank).map(|(_, b)| b.line + b.raw.lines().count()).collect();
    let line = changed.iter().min().copied()?;
    let places = if changed.len() == 1 { "at one place".to_owned() } else { format!("at {} places", changed.len()) };
    Some(Layout { kind: LayoutKind::BlankLines, message: format!("blank lines changed {places}"), line: Some(line) })
}

/// Says of the first difference that it stands in the front matter.
pub(super) fn in_front_matter(new: &Side, out: &mut Comparison) {
    let lines = new.head().matches('\n').count();
    if let Some(first) = out.first.as_mut().filter(|f| f.line <= lines)
        && matches!(first.what, What::Text | What::Whitespace)
    {
        first.what = What::FrontMatter;
    }
}

/// What is said when bytes differ and no more is known.
pub(super) fn otherwise(presence: Presence, first: Option<&Place>) -> Layout {
    let message = match presence {
        Presence::OnlyNew => "an empty file was added",
        Presence::OnlyOld => "an empty file was removed",
        Presence::Both => "only spacing that is not seen changed",
    };
    Layout { kind: LayoutKind::Writing, message: message.to_owned(), line: first.map(|f| f.line) }
}
