//! What changed between two versions of a document, for the person who approves it and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{count, printable, printable_line, sentence};
use crate::change::{
    BlockChange, BlockKind, ChangeKind, Comparison, EntryChange, EntryKind, FieldChange, LayoutKind, Mark, Presence,
    Segment, What, segments,
};

const BOLD: &str = "1";
/// Struck through and underlined, so that colour is not all that tells them apart.
const REMOVED: &str = "31;9";
const ADDED: &str = "32;4";
/// Values up to this width stand as a whole with an arrow between; longer ones are compared word by word.
const SHORT: usize = 60;
/// Words kept beside a change; a stretch without change that is longer is cut.
const BESIDE: usize = 12;
/// Words kept at the start of a block, where an id stands.
const OPENING: usize = 4;

/// The comparison for people. Title lines come first; text is broken at the width (in columns).
#[must_use]
pub fn human(comparison: &Comparison, title: &[String], width: usize, colour: bool) -> String {
    let mut page = Page { out: String::new(), width: width.max(30), colour };
    for line in title {
        let line = page.painted(&printable_line(line), BOLD);
        page.line(0, &line);
    }
    if comparison.is_empty() {
        page.line(0, "Nothing changed.");
        return page.out;
    }
    match comparison.presence {
        Presence::Both => {}
        Presence::OnlyNew => page.line(0, "The document is new."),
        Presence::OnlyOld => page.line(0, "The document was removed."),
    }
    page.fields(&comparison.fields);
    page.entries(&comparison.entries);
    page.blocks(&comparison.blocks);
    page.layout(comparison);
    page.closing(comparison);
    page.out
}

/// What became of the CSV file a register takes its entries from.
pub struct RowsChange {
    /// Its path below the root.
    pub path: String,
    /// What changed, or why the two versions were not compared.
    pub compared: Result<Comparison, String>,
}

/// The rows beside a register, below what changed in the register itself.
#[must_use]
pub fn rows(change: &RowsChange, width: usize, colour: bool) -> String {
    let title = [format!("Rows of {} (records: the approval of the document does not cover them)", change.path)];
    let page = match &change.compared {
        Ok(comparison) => human(comparison, &title, width, colour),
        Err(why) => {
            let mut page = Page { out: String::new(), width: width.max(30), colour };
            page.line(0, &printable_line(&format!("The rows of {} were not compared: {why}.", change.path)));
            page.out
        }
    };
    format!("\n{page}")
}

struct Page {
    out: String,
    width: usize,
    colour: bool,
}

impl Page {
    fn painted(&self, text: &str, style: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn section(&mut self, title: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let title = self.painted(title, BOLD);
        self.line(0, &title);
    }

    fn fields(&mut self, fields: &[FieldChange]) {
        if !fields.is_empty() {
            self.section("Front matter");
            for field in fields {
                self.field(2, field);
            }
        }
    }

    /// `Approvers: a → b`.
    fn field(&mut self, indent: usize, field: &FieldChange) {
        let label = format!("{}:", label(&field.path));
        let segments = match (&field.old, &field.new) {
            (Some(old), Some(new)) if old.width() > SHORT || new.width() > SHORT => segments(old, new),
            (Some(old), Some(new)) if self.colour => vec![removed(old), same(" → "), added(new)],
            (Some(old), Some(new)) => vec![same(&format!("{old} → {new}"))],
            (old, new) => old.iter().map(|t| removed(t)).chain(new.iter().map(|t| added(t))).collect(),
        };
        self.prose(indent, &label, &segments, false);
    }

    fn entries(&mut self, entries: &[EntryChange]) {
        if !entries.is_empty() {
            self.section("Entries");
        }
        for entry in entries {
            let (word, fields): (_, &[FieldChange]) = match &entry.change {
                EntryKind::Added(fields) => ("added", fields),
                EntryKind::Removed(fields) => ("removed", fields),
                EntryKind::Changed(fields) => ("changed", fields),
                EntryKind::Moved => ("moved to another place, otherwise the same", &[]),
            };
            let name = self.painted(&printable_line(&entry.id), BOLD);
            let colon = if fields.is_empty() { "" } else { ":" };
            self.line(2, &format!("{name} {word}{colon}"));
            // The id stands in the line above.
            for field in fields.iter().filter(|f| f.path != "id") {
                self.field(4, field);
            }
        }
    }

    fn blocks(&mut self, blocks: &[BlockChange]) {
        let mut trail: Option<&[String]> = None;
        for block in blocks.iter().filter(|b| !(b.kind == BlockKind::TableRule && b.change == ChangeKind::Moved)) {
            if trail != Some(&block.trail) {
                let title = block.trail.iter().map(|t| printable_line(t)).collect::<Vec<_>>().join(" › ");
                self.section(if title.is_empty() { "Text" } else { &title });
                trail = Some(&block.trail);
            }
            let head = heading(block);
            self.line(2, &head);
            self.block(block);
        }
    }

    fn block(&mut self, block: &BlockChange) {
        if block.whitespace_only || block.renumbered {
            return;
        }
        let moved = block.change == ChangeKind::Moved;
        if block.kind == BlockKind::TableRow && !moved && !block.cells.is_empty() {
            for cell in &block.cells {
                self.field(4, cell);
            }
        } else if block.kind == BlockKind::Code {
            self.code(&block.segments);
        } else {
            self.prose(4, "", &block.segments, true);
        }
    }

    /// Code keeps its lines.
    fn code(&mut self, segments: &[Segment]) {
        let text: String =
            segments.iter().map(|s| self.marked(s.mark, &printable(&s.text).replace('\t', "    "))).collect();
        for line in text.lines() {
            self.line(4, line);
        }
    }

    fn marked(&self, mark: Mark, text: &str) -> String {
        match (mark, self.colour) {
            (Mark::Same, _) => text.to_owned(),
            // A style ends at the end of a line, or a pager would carry it on.
            (_, true) => {
                let style = if mark == Mark::Added { ADDED } else { REMOVED };
                text.split('\n').map(|line| self.painted(line, style)).collect::<Vec<_>>().join("\n")
            }
            (Mark::Removed, false) => format!("[-{text}-]"),
            (Mark::Added, false) => format!("{{+{text}+}}"),
        }
    }

    /// Text on one or more lines with what changed marked.
    fn prose(&mut self, indent: usize, label: &str, segments: &[Segment], cut: bool) {
        let mut line = String::new();
        let mut used = 0;
        let room = self.width.saturating_sub(indent).max(20);
        let label = Piece { mark: Mark::Same, text: printable_line(label), spaced: false, opens: false, closes: false };
        let mut pieces = pieces(segments, cut);
        if let Some(first) = pieces.first_mut() {
            first.spaced = true;
        }
        for piece in std::iter::once(label).chain(pieces).filter(|p| !p.text.is_empty()) {
            for (index, part) in broken(&piece.text, room).into_iter().enumerate() {
                let wide = part.width() + piece.marks_width(self.colour);
                let gap = usize::from(used > 0 && (piece.spaced || index > 0));
                if used > 0 && used + gap + wide > room && (gap > 0 || wide > 1) {
                    self.line(indent, &line);
                    (line, used) = (String::new(), 0);
                } else if gap > 0 && index == 0 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(&piece.shown(part, self.colour));
                used += wide;
            }
        }
        if !line.is_empty() {
            self.line(indent, &line);
        }
    }

    fn layout(&mut self, comparison: &Comparison) {
        if comparison.layout.is_empty() {
            return;
        }
        self.section("How the file is written");
        for note in &comparison.layout {
            let line = note.line.map_or_else(String::new, |line| format!(" (line {line})"));
            self.line(2, &format!("{}{line}.", sentence(&printable_line(&note.message))));
        }
    }

    fn closing(&mut self, comparison: &Comparison) {
        self.out.push('\n');
        let size = &comparison.size;
        if !comparison.blocks.is_empty() {
            let changed = count(size.words_changed, "word");
            let text = format!("{changed} of the text added or removed; it had {} before.", size.words_before);
            self.line(0, &text);
        }
        if let Some(first) = &comparison.first {
            let what = what_name(first.what);
            let text = format!("First difference: line {}, column {} ({what}).", first.line, first.column);
            self.line(0, &text);
        }
    }
}

fn same(text: &str) -> Segment {
    Segment { mark: Mark::Same, text: text.to_owned() }
}

fn removed(text: &str) -> Segment {
    Segment { mark: Mark::Removed, text: text.to_owned() }
}

fn added(text: &str) -> Segment {
    Segment { mark: Mark::Added, text: text.to_owned() }
}

/// `Line 12, list item PC-02 changed`.
fn heading(block: &BlockChange) -> String {
    let name =
        block.name.as_deref().filter(|n| !n.is_empty()).map_or_else(String::new, |n| format!(" {}", printable_line(n)));
    let place = match (block.new_line, block.old_line) {
        (Some(line), _) => format!("Line {line}"),
        (None, Some(line)) => format!("Old line {line}"),
        (None, None) => "Somewhere".to_owned(),
    };
    let what = match block.change {
        _ if block.renumbered => ": only its number changed".to_owned(),
        _ if block.whitespace_only => format!(": {}", white(&block.segments)),
        ChangeKind::Added => " added".to_owned(),
        ChangeKind::Removed => " removed".to_owned(),
        ChangeKind::Changed => " changed".to_owned(),
        ChangeKind::Moved => {
            block.old_line.map_or_else(|| " moved".to_owned(), |from| format!(" moved here from line {from}"))
        }
    };
    format!("{place}, {}{name}{what}", kind_name(block.kind))
}

/// What happened to white space, in words.
fn white(segments: &[Segment]) -> String {
    let of = |mark: Mark| segments.iter().filter(|s| s.mark == mark).map(|s| s.text.as_str()).collect::<String>();
    let (gone, fresh) = (of(Mark::Removed), of(Mark::Added));
    let spaces = |text: &str| text.chars().all(|c| c == ' ');
    if gone.is_empty() && spaces(&fresh) {
        format!("{} added", count(fresh.len(), "space"))
    } else if fresh.is_empty() && spaces(&gone) {
        format!("{} removed", count(gone.len(), "space"))
    } else if (gone.clone() + &fresh).chars().all(char::is_whitespace) && (gone + &fresh).contains('\n') {
        "only line breaks moved".to_owned()
    } else {
        "only white space changed".to_owned()
    }
}

/// `commitments[PC-01].since_version` → `Commitments PC-01 since version`.
fn label(path: &str) -> String {
    let mut out = String::new();
    let mut named = false;
    for c in path.chars() {
        match c {
            '[' => {
                named = true;
                out.push(' ');
            }
            ']' => named = false,
            '.' | '_' if !named => out.push(' '),
            _ => out.push(c),
        }
    }
    sentence(&out)
}

/// A word with what the text around it needs to know.
struct Piece {
    mark: Mark,
    text: String,
    /// A space stands before it.
    spaced: bool,
    /// First of its segment.
    opens: bool,
    /// Last of its segment.
    closes: bool,
}

impl Piece {
    fn marks_width(&self, colour: bool) -> usize {
        if colour || self.mark == Mark::Same { 0 } else { 2 * (usize::from(self.opens) + usize::from(self.closes)) }
    }

    fn shown(&self, text: &str, colour: bool) -> String {
        let (start, end, style) = match self.mark {
            Mark::Same => return text.to_owned(),
            Mark::Removed => ("[-", "-]", REMOVED),
            Mark::Added => ("{+", "+}", ADDED),
        };
        if colour {
            return format!("\u{1b}[{style}m{text}\u{1b}[0m");
        }
        format!("{}{text}{}", if self.opens { start } else { "" }, if self.closes { end } else { "" })
    }
}

/// Words of segments, white space as single spaces; long stretches without a change are cut when asked.
fn pieces(segments: &[Segment], cut: bool) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut space = false;
    for (index, segment) in segments.iter().enumerate() {
        let (first, last) = (index == 0, index + 1 == segments.len());
        let words: Vec<&str> = segment.text.split_whitespace().collect();
        let from = out.len();
        let hide = hidden(words.len(), first, last, cut && segment.mark == Mark::Same && segments.len() > 1);
        space |= segment.text.starts_with(char::is_whitespace);
        for (at, word) in words.iter().enumerate() {
            if hide.contains(&at) {
                if at == hide.start {
                    out.push(piece(segment.mark, "…", true));
                }
            } else {
                out.push(piece(segment.mark, &printable_line(word), space || at > 0));
                space = false;
            }
        }
        if let Some(piece) = out.get_mut(from..).and_then(<[Piece]>::first_mut) {
            piece.opens = true;
        }
        if let Some(piece) = out.get_mut(from..).and_then(<[Piece]>::last_mut) {
            piece.closes = true;
        }
        space |= segment.text.ends_with(char::is_whitespace);
    }
    out
}

fn piece(mark: Mark, text: &str, spaced: bool) -> Piece {
    Piece { mark, text: text.to_owned(), spaced, opens: false, closes: false }
}

/// Which words of a stretch without a change are left out.
fn hidden(words: usize, first: bool, last: bool, cut: bool) -> std::ops::Range<usize> {
    let start = if first { OPENING } else { BESIDE };
    let end = if last { words } else { words.saturating_sub(BESIDE) };
    if cut && end > start + 3 { start..end } else { 0..0 }
}

/// A word in parts that fit on a line.
fn broken(text: &str, room: usize) -> Vec<&str> {
    let (mut parts, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 4 > room {
            parts.push(text.get(start..at).unwrap_or_default());
            (start, used) = (at, 0);
        }
        used += wide;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn kind_name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::ListItem => "list item",
        BlockKind::TableRow => "row",
        BlockKind::TableRule => "rule of a table",
        BlockKind::Code => "code",
        BlockKind::Quote => "quotation",
        BlockKind::Html => "HTML",
        BlockKind::Other => "text",
    }
}

fn what_name(what: What) -> &'static str {
    match what {
        What::Text => "text",
        What::Whitespace => "white space",
        What::LineEnding => "line end",
        What::EndOfFile => "end of the file",
        What::ByteOrderMark => "byte order mark",
        What::FrontMatter => "front matter",
        What::OrderOnly => "order only",
    }
}

/// The comparison for programs: `smsctl-diff/1`, described by `schemas/diff.schema.json`.
#[must_use]
pub fn json(comparison: &Comparison, rows: Option<&RowsChange>) -> Value {
    let size = &comparison.size;
    let rows = rows.map(|rows| {
        let (compared, why) = match &rows.compared {
            Ok(comparison) => (Some(json(comparison, None)), None),
            Err(why) => (None, Some(why)),
        };
        json!({"path": rows.path, "not_compared": why, "comparison": compared})
    });
    json!({
        "schema": "smsctl-diff/1",
        "rows": rows,
        "presence": match comparison.presence {
            Presence::Both => "both",
            Presence::OnlyNew => "only-new",
            Presence::OnlyOld => "only-old",
        },
        "same": comparison.is_empty(),
        "first": comparison.first.map(|f| json!({
            "offset": f.offset, "line": f.line, "column": f.column, "what": what_code(f.what),
        })),
        "fields": comparison.fields.iter().map(field_json).collect::<Vec<_>>(),
        "entries": comparison.entries.iter().map(entry_json).collect::<Vec<_>>(),
        "blocks": comparison.blocks.iter().map(block_json).collect::<Vec<_>>(),
        "layout": comparison.layout.iter()
            .map(|l| json!({"kind": layout_code(l.kind), "message": l.message, "line": l.line})).collect::<Vec<_>>(),
        "size": {
            "words_before": size.words_before,
            "words_changed": size.words_changed,
            "commitments_touched": size.commitments_touched,
            "fields_touched": size.fields_touched,
            "entries_touched": size.entries_touched,
            "tables_touched": size.tables_touched,
        },
    })
}

fn field_json(field: &FieldChange) -> Value {
    json!({"path": field.path, "old": field.old, "new": field.new})
}

fn entry_json(entry: &EntryChange) -> Value {
    let (change, fields): (_, &[FieldChange]) = match &entry.change {
        EntryKind::Added(fields) => ("added", fields),
        EntryKind::Removed(fields) => ("removed", fields),
        EntryKind::Changed(fields) => ("changed", fields),
        EntryKind::Moved => ("moved", &[]),
    };
    json!({"id": entry.id, "change": change, "fields": fields.iter().map(field_json).collect::<Vec<_>>()})
}

fn block_json(block: &BlockChange) -> Value {
    let segment = |s: &Segment| {
        let mark = match s.mark {
            Mark::Same => "same",
            Mark::Removed => "removed",
            Mark::Added => "added",
        };
        json!({"mark": mark, "text": s.text})
    };
    json!({
        "trail": block.trail,
        "kind": kind_code(block.kind),
        "change": match block.change {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
            ChangeKind::Moved => "moved",
        },
        "name": block.name,
        "old_line": block.old_line,
        "new_line": block.new_line,
        "whitespace_only": block.whitespace_only,
        "renumbered": block.renumbered,
        "segments": block.segments.iter().map(segment).collect::<Vec<_>>(),
        "cells": block.cells.iter().map(field_json).collect::<Vec<_>>(),
    })
}

fn kind_code(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::ListItem => "list-item",
        BlockKind::TableRow => "table-row",
        BlockKind::TableRule => "table-rule",
        BlockKind::Quote => "quote",
        BlockKind::Html => "html",
        BlockKind::Other => "other",
        BlockKind::Heading | BlockKind::Paragraph | BlockKind::Code => kind_name(kind),
    }
}

fn what_code(what: What) -> &'static str {
    match what {
        What::Text => "text",
        What::Whitespace => "whitespace",
        What::LineEnding => "line-ending",
        What::EndOfFile => "end-of-file",
        What::ByteOrderMark => "byte-order-mark",
        What::FrontMatter => "front-matter",
        What::OrderOnly => "order-only",
    }
}

fn layout_code(kind: LayoutKind) -> &'static str {
    match kind {
        LayoutKind::ByteOrderMark => "byte-order-mark",
        LayoutKind::LineEndings => "line-endings",
        LayoutKind::LastLineBreak => "last-line-break",
        LayoutKind::BlankLines => "blank-lines",
        LayoutKind::Order => "order",
        LayoutKind::Columns => "columns",
        LayoutKind::Comment => "comment",
        LayoutKind::Writing => "writing",
        LayoutKind::Bytes => "bytes",
    }
}
