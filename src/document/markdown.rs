//! Facts of a Markdown body: headings, links, blocks of text, comments. Only places are kept; text is taken when a rule asks.

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use crate::source::{FileId, Span};

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// Anchor on a forge (`#our-scope`), made unique in the file.
    pub slug: String,
    /// The whole line.
    pub span: Span,
}

/// A link or image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written.
    pub target: String,
    /// The characters of the target, or of the whole link when it is defined elsewhere.
    pub span: Span,
    /// An image.
    pub image: bool,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// The text of a list item, without nested lists.
    Item {
        /// In a numbered list.
        ordered: bool,
        /// Which list of the file, from 0.
        list: u32,
    },
    /// A cell of a table.
    Cell,
    /// A code block.
    Code,
}

/// A block of text in document order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text with inline markup.
    pub span: Span,
    /// The bold words it starts with: where a commitment says its id.
    pub lead: Option<Span>,
    /// Inside a quotation.
    pub quoted: bool,
}

/// Facts of a body.
#[derive(Debug, Default)]
pub struct Markdown {
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Links and images in order.
    pub links: Vec<Link>,
    /// Blocks of text in order.
    pub blocks: Vec<Block>,
    /// HTML comments.
    pub comments: Vec<Span>,
    /// Ids given by HTML (`<a id="…">`).
    pub html_ids: Vec<String>,
}

impl Markdown {
    /// Whether `#anchor` leads somewhere in this file.
    #[must_use]
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.headings.iter().any(|h| h.slug == anchor) || self.html_ids.iter().any(|i| i == anchor)
    }

    /// The blocks below a heading (by index), up to the next heading of its level or above.
    #[must_use]
    pub fn section(&self, heading: usize) -> &[Block] {
        let Some(start) = self.headings.get(heading) else {
            return &[];
        };
        let next = self.headings.iter().skip(heading + 1).find(|h| h.level <= start.level);
        let until = next.map_or(u32::MAX, |h| h.span.start);
        let first = self.blocks.partition_point(|b| b.span.start < start.span.end);
        let last = self.blocks.partition_point(|b| b.span.start < until);
        self.blocks.get(first..last.max(first)).unwrap_or_default()
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

pub(super) fn read(file: FileId, text: &str, body: usize) -> Markdown {
    let mut reader = Reader::new(file, text);
    let source = text.get(body..).unwrap_or_default();
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        reader.event(&event, range.start + body, range.end + body);
    }
    reader.out.blocks.sort_by_key(|b| b.span.start);
    reader.out
}

struct Open {
    kind: BlockKind,
    start: Option<usize>,
    end: usize,
    lead: Option<Span>,
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    out: Markdown,
    slugs: Slugs,
    /// Blocks that are being read, innermost last.
    open: Vec<Open>,
    /// Lists that are being read: numbered, and which list.
    lists: Vec<(bool, u32)>,
    list_count: u32,
    quotes: usize,
    /// Start of the bold words that open a block.
    strong: Option<usize>,
    heading: Option<(u8, String, usize)>,
}

impl<'t> Reader<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            out: Markdown::default(),
            slugs: Slugs::default(),
            open: Vec::new(),
            lists: Vec::new(),
            list_count: 0,
            quotes: 0,
            strong: None,
            heading: None,
        }
    }

    fn event(&mut self, event: &Event<'_>, start: usize, end: usize) {
        match event {
            Event::Start(tag) => self.start(tag, start, end),
            Event::End(tag) => self.end(*tag, end),
            Event::Html(html) | Event::InlineHtml(html) => {
                self.inline(start, end);
                self.html(html, start, end);
            }
            Event::Text(words) | Event::Code(words) => {
                self.inline(start, end);
                if let Some((_, text, _)) = &mut self.heading {
                    text.push_str(words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, text, _)) = &mut self.heading {
                    text.push(' ');
                }
            }
            _ => self.inline(start, end),
        }
    }

    /// Inline text belongs to the innermost open block.
    fn inline(&mut self, start: usize, end: usize) {
        if let Some(open) = self.open.last_mut() {
            open.start.get_or_insert(start);
            open.end = open.end.max(end);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, start: usize, end: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some((level_number(*level), String::new(), start));
                self.begin(BlockKind::Heading);
            }
            Tag::Paragraph => {
                // The first paragraph of a loose item is the item's text.
                let item = self.open.last().filter(|o| o.start.is_none()).map(|o| o.kind);
                match item {
                    Some(BlockKind::Item { .. }) => {}
                    _ => self.begin(BlockKind::Paragraph),
                }
            }
            Tag::List(first) => {
                self.close_item_text();
                self.lists.push((first.is_some(), self.list_count));
                self.list_count += 1;
            }
            Tag::Item => {
                let (ordered, list) = self.lists.last().copied().unwrap_or_default();
                self.begin(BlockKind::Item { ordered, list });
            }
            Tag::TableCell => self.begin(BlockKind::Cell),
            Tag::CodeBlock(_) => {
                self.close_item_text();
                self.begin(BlockKind::Code);
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Strong => {
                if self.open.last().is_some_and(|o| o.start.is_none()) {
                    self.strong = Some(start);
                }
                self.inline(start, end);
            }
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.link(&format!("mailto:{dest_url}"), start, end, false);
            }
            Tag::Link { dest_url, .. } => self.link(dest_url, start, end, false),
            Tag::Image { dest_url, .. } => self.link(dest_url, start, end, true),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, end: usize) {
        match tag {
            TagEnd::Heading(_) => {
                self.finish();
                self.end_heading(end);
            }
            TagEnd::Paragraph => match self.open.last().map(|o| o.kind) {
                Some(BlockKind::Paragraph) => self.finish(),
                _ => self.close_item_text(),
            },
            TagEnd::Item | TagEnd::TableCell | TagEnd::CodeBlock => self.finish(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Strong => self.end_strong(end),
            _ => {}
        }
    }

    fn begin(&mut self, kind: BlockKind) {
        self.open.push(Open { kind, start: None, end: 0, lead: None });
    }

    /// Ends the text of an item before something nested begins; the item itself stays open.
    fn close_item_text(&mut self) {
        if let Some(open) = self.open.last_mut()
            && matches!(open.kind, BlockKind::Item { .. })
            && let Some(start) = open.start
            && open.end > start
        {
            let span = Span::new(self.file, start, open.end);
            self.out.blocks.push(Block { kind: open.kind, span, lead: open.lead.take(), quoted: self.quotes > 0 });
            // Text after the nested block is a paragraph of its own.
            *open = Open { kind: BlockKind::Paragraph, start: None, end: 0, lead: None };
        }
    }

    fn finish(&mut self) {
        self.strong = None;
        let Some(open) = self.open.pop() else { return };
        let Some(start) = open.start else { return };
        let trimmed = self.text.get(start..open.end).unwrap_or_default().trim_end().len();
        let span = Span::new(self.file, start, start + trimmed);
        self.out.blocks.push(Block { kind: open.kind, span, lead: open.lead, quoted: self.quotes > 0 });
    }

    fn end_strong(&mut self, end: usize) {
        if let (Some(start), Some(open)) = (self.strong.take(), self.open.last_mut()) {
            let inner = self.text.get(start..end).unwrap_or_default();
            let inner = inner.trim_start_matches(['*', '_']);
            let from = end - inner.len();
            let words = inner.trim_end_matches(['*', '_']).trim_end_matches(['.', ':']);
            open.lead = Some(Span::new(self.file, from, from + words.len()));
        }
    }

    fn end_heading(&mut self, end: usize) {
        let Some((level, text, start)) = self.heading.take() else {
            return;
        };
        let trimmed = self.text.get(start..end).unwrap_or_default().trim_end().len();
        let slug = self.slugs.unique(&text);
        let span = Span::new(self.file, start, start + trimmed);
        self.out.headings.push(Heading { level, text: text.trim().to_owned(), slug, span });
    }

    fn link(&mut self, target: &str, start: usize, end: usize, image: bool) {
        self.inline(start, end);
        let whole = self.text.get(start..end).unwrap_or_default();
        let at = whole.rfind(target).filter(|_| !target.is_empty());
        let span =
            at.map_or(Span::new(self.file, start, end), |i| Span::new(self.file, start + i, start + i + target.len()));
        self.out.links.push(Link { target: target.to_owned(), span, image });
    }

    fn html(&mut self, html: &str, start: usize, end: usize) {
        if html.trim_start().starts_with("<!--") {
            // A comment over several lines comes as one event a line; waivers stand on one.
            let trimmed = self.text.get(start..end).unwrap_or_default().trim_end().len();
            self.out.comments.push(Span::new(self.file, start, start + trimmed));
        }
        for part in html.split([' ', '<']) {
            let value = part.strip_prefix("id=\"").or_else(|| part.strip_prefix("name=\""));
            if let Some((id, _)) = value.and_then(|v| v.split_once('"')) {
                self.out.html_ids.push(id.to_owned());
            }
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[derive(Default)]
struct Slugs {
    seen: std::collections::HashMap<String, usize>,
}

impl Slugs {
    fn unique(&mut self, text: &str) -> String {
        let base = slug(text);
        let count = self.seen.entry(base.clone()).and_modify(|n| *n += 1).or_insert(0);
        if *count == 0 { base } else { format!("{base}-{count}") }
    }
}

/// The anchor a forge makes of a heading: lower case, punctuation dropped, spaces to hyphens.
///
/// ```
/// assert_eq!(smsctl::document::slug("What this means, for you!"), "what-this-means-for-you");
/// ```
#[must_use]
pub fn slug(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The words of a stretch of Markdown without markup, each piece with the offset it came from.
///
/// `prose` leaves out code, links and their text, which word lists do not judge.
#[must_use]
pub fn plain_text(text: &str, span: Span, prose: bool) -> Prose {
    let source = text.get(span.range()).unwrap_or_default();
    let base = span.start as usize;
    let mut out = Prose { text: String::new(), pieces: Vec::new(), file: span.file };
    let mut links = 0_usize;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => {
                links = links.saturating_sub(1);
                if prose {
                    out.push("\u{fffc}", base + range.start);
                }
            }
            Event::Text(words) if links == 0 || !prose => out.push(&words, base + range.start),
            Event::Code(words) if !prose => out.push(&words, base + range.start + 1),
            Event::Code(_) => out.push("\u{fffc}", base + range.start),
            Event::SoftBreak | Event::HardBreak => out.push(" ", base + range.start),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell) => {
                out.push("\n", base + range.end.saturating_sub(1));
            }
            _ => {}
        }
    }
    out
}

/// Words without markup that still know where they came from.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The words.
    pub text: String,
    /// Start in `text` and start in the file of each piece.
    pieces: Vec<(usize, usize)>,
    file: FileId,
}

impl Prose {
    fn push(&mut self, words: &str, offset: usize) {
        self.pieces.push((self.text.len(), offset));
        self.text.push_str(words);
    }

    /// Where a range of [`Prose::text`] stands in the file.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let at = |offset: usize| {
            let index = self.pieces.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            self.pieces.get(index).map_or(0, |(start, source)| source + (offset - start))
        };
        let last = range.end.saturating_sub(1).max(range.start);
        Span::new(self.file, at(range.start), at(last) + (range.end - last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_str(text: &str) -> Markdown {
        read(FileId(0), text, 0)
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.range()]
    }

    #[test]
    fn headings_have_forge_anchors() {
        let text = "# One `two`\n\n## A & B\n\n## A & B\n\nText\n\n# Last\n";
        let md = read_str(text);
        let slugs: Vec<_> = md.headings.iter().map(|h| h.slug.as_str()).collect();
        assert_eq!(slugs, ["one-two", "a--b", "a--b-1", "last"]);
        assert!(md.has_anchor("a--b-1") && !md.has_anchor("text"));
        assert_eq!(md.section(2).len(), 1);
        assert_eq!(md.section(0).iter().filter(|b| b.kind == BlockKind::Paragraph).count(), 1);
    }

    #[test]
    fn items_know_their_bold_lead_and_their_own_text() {
        let text = "- **PC-01** We keep\n  a catalogue.\n  - nested\n- two\n\n1. **PC-02:** loose\n\n   more\n";
        let md = read_str(text);
        let items: Vec<_> = md.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Item { .. })).collect();
        let texts: Vec<_> = items.iter().map(|b| slice(text, b.span)).collect();
        assert_eq!(texts, ["**PC-01** We keep\n  a catalogue.", "nested", "two", "**PC-02:** loose"]);
        assert_eq!(items[0].lead.map(|s| slice(text, s)), Some("PC-01"));
        assert_eq!(items[3].lead.map(|s| slice(text, s)), Some("PC-02"));
        assert!(matches!(items[3].kind, BlockKind::Item { ordered: true, .. }));
    }

    #[test]
    fn links_point_at_their_target() {
        let text = "See [the *policy*](../p.md#scope \"t\") and ![i](a.png) and [r].\n\n[r]: b.md\n";
        let md = read_str(text);
        let targets: Vec<_> = md.links.iter().map(|l| (l.target.as_str(), l.image)).collect();
        assert_eq!(targets, [("../p.md#scope", false), ("a.png", true), ("b.md", false)]);
        assert_eq!(slice(text, md.links[0].span), "../p.md#scope");
    }

    #[test]
    fn a_mail_address_in_angle_brackets_is_no_path() {
        let md = read_str("Write to <desk@example.org> or see <https://example.org>.\n");
        let targets: Vec<_> = md.links.iter().map(|l| l.target.as_str()).collect();
        assert_eq!(targets, ["mailto:desk@example.org", "https://example.org"]);
    }

    #[test]
    fn plain_text_maps_back_to_the_source() {
        let text = "We **strive** to `code` be [linked](x.md) _excellent_.";
        let span = Span::new(FileId(0), 0, text.len());
        let prose = plain_text(text, span, true);
        let at = prose.text.find("excellent").unwrap();
        assert_eq!(slice(text, prose.span(at..at + 9)), "excellent");
        let at = prose.text.find("strive").unwrap();
        assert_eq!(slice(text, prose.span(at..at + 6)), "strive");
        assert!(!prose.text.contains("linked") && !prose.text.contains("code"));
        assert!(plain_text(text, span, false).text.contains("linked"));
    }

    #[test]
    fn comments_and_html_ids_are_kept_but_not_those_in_code() {
        let text = "<!-- smsctl-allow x: y -->\n\nText <a id=\"here\"></a> `<!-- no -->`\n\n```\n<!-- no -->\n```\n";
        let md = read_str(text);
        assert_eq!(md.comments.len(), 1);
        assert!(md.has_anchor("here"));
    }
}
