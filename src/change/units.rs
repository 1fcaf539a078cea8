//! The body as a row of blocks that together hold each of its lines.

use std::sync::Arc;

use super::BlockKind;
use super::layout::Side;
use crate::document::{BlockKind as Fact, Markdown};
use crate::source::Span;

/// Titles are kept up to this many characters.
const TITLE: usize = 120;

/// A block with its place in the text.
#[derive(Debug)]
pub(super) struct Unit<'t> {
    pub kind: BlockKind,
    /// Its lines as written, without the last line break.
    pub raw: &'t str,
    /// Two blocks of one kind that read the same have the same norm.
    pub norm: String,
    /// Headings above.
    pub trail: Arc<[String]>,
    /// Id of the commitment, or first cell of the row.
    pub name: Option<String>,
    /// It begins with the bold id of a commitment.
    pub commitment: bool,
    /// Titles and texts of the cells of a row.
    pub cells: Vec<(String, String)>,
    /// First line, from 1.
    pub line: usize,
    /// Blank lines behind it.
    pub blank: usize,
}

/// First and last line (from 0) of a block, what it is, its bold lead and the level of a heading.
struct Lines {
    first: usize,
    last: usize,
    kind: BlockKind,
    lead: Option<Span>,
}

/// The blocks of a body.
pub(super) fn read(side: &Side) -> Vec<Unit<'_>> {
    let text = &side.text;
    let lines = line_ranges(text);
    let line_of = |offset: u32| lines.partition_point(|(start, _)| *start <= offset as usize).saturating_sub(1);
    let start = side.body_start();
    let groups = groups(&side.document.body, start, &line_of);
    let from = lines.partition_point(|(at, _)| *at < start);
    let mut cutter = Cutter { text, lines: &lines, units: Vec::new(), headings: Headings::new(side, &line_of) };
    if side.front_is_text() && from > 0 {
        cutter.unit(0, from - 1, BlockKind::Code, None);
    }
    let mut next = from;
    for group in groups {
        let (first, last) =
            if group.kind == BlockKind::Code { cutter.with_fences(&group, next) } else { (group.first, group.last) };
        cutter.gap(next, first);
        let first = first.max(next);
        if last >= first {
            cutter.unit(first, last, group.kind, group.lead);
        }
        next = next.max(last + 1);
    }
    cutter.gap(next, lines.len());
    finish(cutter.units)
}

/// Start and end of each line, without its break.
fn line_ranges(text: &str) -> Vec<(usize, usize)> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let range = (start, start + line.trim_end_matches('\n').len());
        start += line.len();
        range
    });
    lines.collect()
}

/// Blocks by the lines they stand on; what shares a line is one block.
fn groups(body: &Markdown, from: usize, line_of: &dyn Fn(u32) -> usize) -> Vec<Lines> {
    let lines = |span: Span, kind, lead| Lines {
        first: line_of(span.start),
        last: line_of(span.end.max(span.start + 1) - 1),
        kind,
        lead,
    };
    let headings = body.headings.iter().map(|h| lines(h.span, BlockKind::Heading, None));
    let blocks = body.blocks.iter().filter(|b| b.span.start as usize >= from).map(|b| {
        let kind = match b.kind {
            Fact::Heading => BlockKind::Heading,
            Fact::Paragraph if b.quoted => BlockKind::Quote,
            Fact::Paragraph => BlockKind::Paragraph,
            Fact::Item { .. } => BlockKind::ListItem,
            Fact::Cell => BlockKind::TableRow,
            Fact::Code => BlockKind::Code,
        };
        lines(b.span, kind, b.lead)
    });
    let mut all: Vec<Lines> = headings.chain(blocks).collect();
    all.sort_by_key(|l| l.first);
    let mut out: Vec<Lines> = Vec::new();
    for next in all {
        match out.last_mut() {
            Some(last) if next.first <= last.last => {
                last.last = last.last.max(next.last);
                last.lead = last.lead.or(next.lead);
            }
            _ => out.push(next),
        }
    }
    out
}

/// Which headings stand above a line.
struct Headings {
    /// Line, level and title of each heading.
    all: Vec<(usize, u8, String)>,
    read: usize,
    open: Vec<(u8, String)>,
    trail: Arc<[String]>,
}

impl Headings {
    fn new(side: &Side, line_of: &dyn Fn(u32) -> usize) -> Self {
        let title = |text: &str| text.chars().take(TITLE).collect();
        let all =
            side.document.body.headings.iter().map(|h| (line_of(h.span.start), h.level, title(&h.text))).collect();
        Self { all, read: 0, open: Vec::new(), trail: Arc::new([]) }
    }

    /// The headings above a line; lines are asked for in rising order. A heading does not stand below itself.
    fn above(&mut self, line: usize) -> Arc<[String]> {
        let mut fresh = false;
        while let Some((_, level, title)) = self.all.get(self.read).filter(|(at, ..)| *at < line) {
            self.open.retain(|(above, _)| above < level);
            self.open.push((*level, title.clone()));
            self.read += 1;
            fresh = true;
        }
        if fresh {
            self.trail = self.open.iter().map(|(_, title)| title.clone()).collect();
        }
        match self.all.get(self.read).filter(|(at, ..)| *at == line) {
            Some((_, own, _)) => self.open.iter().filter(|(level, _)| level < own).map(|(_, t)| t.clone()).collect(),
            None => self.trail.clone(),
        }
    }
}

struct Cutter<'t, 'l> {
    text: &'t str,
    lines: &'l [(usize, usize)],
    units: Vec<Unit<'t>>,
    headings: Headings,
}

impl<'t> Cutter<'t, '_> {
    fn line(&self, index: usize) -> &'t str {
        let range = self.lines.get(index).copied().unwrap_or_default();
        self.text.get(range.0..range.1).unwrap_or_default()
    }

    /// The lines of a code block with the fences around it.
    fn with_fences(&self, code: &Lines, from: usize) -> (usize, usize) {
        let fence = |line: &str| {
            let bare = line
                .trim_start_matches([' ', '\t', '>', '-', '*', '+', '.', ')'])
                .trim_start_matches(|c: char| c.is_ascii_digit());
            let bare = bare.trim_start_matches([' ', '.', ')']);
            bare.starts_with("```") || bare.starts_with("~~~")
        };
        let before = code.first.checked_sub(1).filter(|line| *line >= from && fence(self.line(*line)));
        let after = before.map(|_| code.last + 1).filter(|line| *line < self.lines.len() && fence(self.line(*line)));
        (before.unwrap_or(code.first), after.unwrap_or(code.last))
    }

    /// Lines that no block of text holds: tables' rules, HTML, targets of links, and blank ones.
    fn gap(&mut self, from: usize, to: usize) {
        let mut open: Option<(usize, BlockKind)> = None;
        for index in from..to {
            let kind = self.kind_of(index);
            let goes_on =
                matches!((open, kind), (Some((_, a)), Some(b)) if a == b && !matches!(b, BlockKind::TableRow));
            if goes_on {
                continue;
            }
            if let Some((start, kind)) = open.take() {
                self.unit(start, index - 1, kind, None);
            }
            open = kind.map(|kind| (index, kind));
            if kind.is_none()
                && let Some(last) = self.units.last_mut()
            {
                last.blank += 1;
            }
        }
        if let Some((start, kind)) = open {
            self.unit(start, to - 1, kind, None);
        }
    }

    /// What a line is that no block holds; none when it is blank.
    fn kind_of(&self, index: usize) -> Option<BlockKind> {
        let line = self.line(index).trim();
        let in_table = self
            .units
            .last()
            .is_some_and(|u| matches!(u.kind, BlockKind::TableRow | BlockKind::TableRule) && u.blank == 0);
        if line.is_empty() {
            None
        } else if in_table
            && line.contains('-')
            && line.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ' | '\t' | '>'))
        {
            Some(BlockKind::TableRule)
        } else if in_table && line.starts_with('|') {
            Some(BlockKind::TableRow)
        } else if line.starts_with('<') {
            Some(BlockKind::Html)
        } else {
            Some(BlockKind::Other)
        }
    }

    fn unit(&mut self, first: usize, last: usize, kind: BlockKind, lead: Option<Span>) {
        let range = |i: usize| self.lines.get(i).copied().unwrap_or_default();
        let raw = self.text.get(range(first).0..range(last).1).unwrap_or_default();
        let cells = if kind == BlockKind::TableRow { cells(raw) } else { Vec::new() };
        let lead = lead.and_then(|span| self.text.get(span.range())).map(|lead| lead.chars().take(TITLE).collect());
        let commitment = lead.as_deref().is_some_and(is_id);
        let name = lead.filter(|_| commitment).or_else(|| cells.first().map(|cell| cell.chars().take(TITLE).collect()));
        let cells = cells.into_iter().map(|cell| (String::new(), cell)).collect();
        let trail = self.headings.above(first);
        self.units.push(Unit {
            kind,
            raw,
            norm: norm(kind, raw),
            trail,
            name,
            commitment,
            cells,
            line: first + 1,
            blank: 0,
        });
    }
}

/// `PC-01`: letters, a hyphen, digits.
fn is_id(text: &str) -> bool {
    let (head, number) = text.rsplit_once('-').unwrap_or_default();
    let named = head.starts_with(char::is_alphabetic) && head.chars().all(|c| c.is_alphanumeric() || c == '-');
    named && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

/// The cells of a row; `\|` is no border.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_start_matches(['>', ' ']);
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut out = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        if c == '|' && !escaped {
            out.push(String::new());
        } else if let Some(cell) = out.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    if out.len() > 1 && out.last().is_some_and(|cell| cell.trim().is_empty()) {
        out.pop();
    }
    out.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn norm(kind: BlockKind, raw: &str) -> String {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match kind {
        BlockKind::Code => raw.to_owned(),
        BlockKind::TableRow => cells(raw).join("\u{1f}"),
        BlockKind::TableRule => {
            let mut rule: String = raw.split_whitespace().collect();
            while rule.contains("--") {
                rule = rule.replace("--", "-");
            }
            rule
        }
        BlockKind::ListItem => spaced(unnumbered(raw)),
        BlockKind::Quote => {
            spaced(&raw.lines().map(|l| l.trim_start_matches([' ', '>'])).collect::<Vec<_>>().join(" "))
        }
        _ => spaced(raw),
    }
}

/// A numbered item without its number.
pub(super) fn unnumbered(raw: &str) -> &str {
    let bare = raw.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    if bare.len() < raw.trim_start().len() && bare.starts_with(['.', ')']) { bare } else { raw }
}

/// Rows of tables learn the titles of their columns.
fn finish(mut units: Vec<Unit<'_>>) -> Vec<Unit<'_>> {
    let mut titles: Vec<String> = Vec::new();
    for index in 0..units.len() {
        let kind = |i: usize, units: &[Unit<'_>]| units.get(i).map(|u| u.kind);
        if kind(index, &units) == Some(BlockKind::TableRow) && kind(index + 1, &units) == Some(BlockKind::TableRule) {
            titles = units
                .get(index)
                .map(|u| u.cells.iter().map(|(_, c)| c.chars().take(TITLE).collect()).collect())
                .unwrap_or_default();
        }
        let Some(unit) = units.get_mut(index) else { continue };
        for (column, (title, _)) in unit.cells.iter_mut().enumerate() {
            let known = titles.get(column).filter(|t| !t.is_empty());
            *title = known.cloned().unwrap_or_else(|| format!("column {}", column + 1));
        }
    }
    units
}
