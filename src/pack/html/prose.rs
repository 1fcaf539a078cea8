//! The Markdown of a document as HTML. Raw HTML is shown, images are told, links lead only where they may.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::links::{Place, Written, heading_anchor};
use super::table::{has_long_word, wide};
use crate::document::slug;
use crate::pack::{Sheet, markup};

/// Writes the body of a document, its headings two levels below that of the page.
pub(super) fn html(out: &mut String, place: Place<'_, '_>, sheet: &Sheet) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(out, place, sheet);
    for event in Parser::new_ext(&sheet.body, options) {
        writer.event(&event);
    }
}

/// A heading that is being read.
struct Heading {
    level: HeadingLevel,
    /// Where it starts in the output.
    at: usize,
    words: String,
}

struct Writer<'o, 's, 'b> {
    out: &'o mut String,
    place: Place<'s, 'b>,
    sheet: &'s Sheet,
    heading: Option<Heading>,
    /// Whether the next heading is the first of the document.
    first: bool,
    /// The last heading: what a table is called by.
    latest: String,
    slugs: BTreeMap<String, usize>,
    /// Open links, and whether they lead somewhere.
    links: Vec<bool>,
    /// Paths of open images.
    images: Vec<String>,
    tables: usize,
    columns: Vec<Alignment>,
    column: usize,
    /// Where the tag that opens the cell stands in the output.
    cell: std::ops::Range<usize>,
    in_head: bool,
    /// Inside a block that shows its text as it is.
    verbatim: bool,
}

impl<'o, 's, 'b> Writer<'o, 's, 'b> {
    fn new(out: &'o mut String, place: Place<'s, 'b>, sheet: &'s Sheet) -> Self {
        Self {
            out,
            place,
            sheet,
            heading: None,
            first: true,
            latest: sheet.title.clone(),
            slugs: BTreeMap::new(),
            links: Vec::new(),
            images: Vec::new(),
            tables: 0,
            columns: Vec::new(),
            column: 0,
            cell: 0..0,
            in_head: false,
            verbatim: false,
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text),
            Event::Code(code) => {
                self.heard(code);
                let class = if self.breaks(code) { " class=\"l\"" } else { "" };
                let _ = write!(self.out, "<code{class}>{}</code>", markup::isolated(code));
            }
            Event::Html(html) => self.out.push_str(&markup::text(html)),
            Event::InlineHtml(html) => {
                let _ = write!(self.out, "<code class=\"raw\">{}</code>", markup::text(html));
            }
            Event::FootnoteReference(label) => {
                let (anchor, label) = (footnote(label), markup::line(label));
                let _ =
                    write!(self.out, "<sup><a href=\"#{anchor}\" aria-label=\"Footnote {label}\">{label}</a></sup>");
            }
            Event::SoftBreak => {
                self.heard(" ");
                self.out.push('\n');
            }
            Event::HardBreak => {
                self.heard(" ");
                self.out.push_str("<br>\n");
            }
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => {
                let (name, sign) = if *done { ("done", "☑") } else { ("open", "☐") };
                let _ = write!(self.out, "<span role=\"img\" aria-label=\"{name}\">{sign}</span> ");
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.heard(text);
        if self.breaks(text) {
            let _ = write!(self.out, "<span class=\"l\">{}</span>", markup::isolated(text));
        } else {
            let shown = if self.verbatim { markup::text(text) } else { markup::isolated(text) };
            self.out.push_str(&shown);
        }
    }

    /// Words of a table that are broken where its column ends; elsewhere every word is, where it must.
    fn breaks(&self, text: &str) -> bool {
        !self.columns.is_empty() && has_long_word(text)
    }

    /// Words of the heading that is being read: they make its anchor.
    fn heard(&mut self, words: &str) {
        if let Some(heading) = &mut self.heading {
            heading.words.push_str(words);
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some(Heading { level: *level, at: self.out.len(), words: String::new() });
            }
            Tag::CodeBlock(kind) => self.start_code(kind),
            Tag::HtmlBlock => {
                self.verbatim = true;
                self.out.push_str("<pre class=\"raw\">");
            }
            Tag::List(Some(first)) => {
                let _ = writeln!(self.out, "<ol start=\"{first}\">");
            }
            Tag::FootnoteDefinition(label) => {
                let (anchor, label) = (footnote(label), markup::line(label));
                let _ = writeln!(self.out, "<div class=\"footnote\" id=\"{anchor}\"><strong>{label}</strong>");
            }
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Link { link_type, dest_url, .. } => self.start_link(*link_type, dest_url),
            Tag::Image { dest_url, .. } => {
                self.images.push(dest_url.to_string());
                self.out.push_str("<span class=\"image\">Image: ");
            }
            other => self.out.push_str(opening(other)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => {
                self.verbatim = false;
                self.out.push_str("</code></pre>\n");
            }
            TagEnd::HtmlBlock => {
                self.verbatim = false;
                self.out.push_str("</pre>\n");
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableCell => {
                self.column += 1;
                self.end_cell();
            }
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.out.push_str("</a>");
                }
            }
            TagEnd::Image => {
                let path = self.images.pop().unwrap_or_default();
                let _ = write!(self.out, " ({})</span>", markup::line(&path));
            }
            TagEnd::Table => {
                self.columns.clear();
                self.out.push_str("</tbody></table>\n</div>\n");
            }
            other => self.out.push_str(closing(other)),
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.verbatim = true;
        if matches!(kind, CodeBlockKind::Fenced(info) if info.split_whitespace().next() == Some("mermaid")) {
            self.out.push_str("<p class=\"note\">Diagram as text (Mermaid):</p>\n");
        }
        self.out.push_str("<pre><code>");
    }

    fn start_table(&mut self, columns: &[Alignment]) {
        self.columns = columns.to_vec();
        self.tables += 1;
        let (name, wide) = (markup::line(&self.latest), wide(columns.len()));
        let _ = writeln!(
            self.out,
            "<div class=\"scroll{wide}\" role=\"region\" tabindex=\"0\" aria-label=\"Table {}: {name}\">\n<table>",
            self.tables
        );
    }

    fn start_cell(&mut self) {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Right) => " class=\"n\"",
            Some(Alignment::Center) => " class=\"c\"",
            _ => "",
        };
        let open = if self.in_head { "th scope=\"col\"" } else { "td" };
        self.cell.start = self.out.len();
        let _ = write!(self.out, "<{open}{class}>");
        self.cell.end = self.out.len();
    }

    /// A title that says nothing is no title.
    fn end_cell(&mut self) {
        if self.in_head && self.out.len() == self.cell.end {
            self.out.truncate(self.cell.start);
            self.out.push_str("<td></td>");
        } else {
            self.out.push_str(if self.in_head { "</th>" } else { "</td>" });
        }
    }

    fn start_link(&mut self, kind: LinkType, target: &str) {
        let mail = if kind == LinkType::Email { format!("mailto:{target}") } else { target.to_owned() };
        let written = self.place.written(self.sheet, &mail);
        self.links.push(written.is_some());
        let _ = match written {
            Some(Written::Page(href)) => write!(self.out, "<a href=\"{href}\">"),
            Some(Written::Web(href)) => write!(self.out, "<a href=\"{href}\" rel=\"noopener noreferrer\">"),
            None => Ok(()),
        };
    }

    /// The title of the page is not said again; its anchor stays.
    fn end_heading(&mut self) {
        let Some(Heading { level, at, words }) = self.heading.take() else { return };
        let id = heading_anchor(&self.unique(slug(&words)));
        let words = words.trim().to_owned();
        if std::mem::take(&mut self.first) && level == HeadingLevel::H1 && words == self.sheet.title.trim() {
            self.out.truncate(at);
            let _ = writeln!(self.out, "<span id=\"{id}\"></span>");
        } else {
            let level = shown_level(level);
            self.out.insert_str(at, &format!("<h{level} id=\"{id}\">"));
            let _ = writeln!(self.out, "</h{level}>");
        }
        self.latest = words;
    }

    /// The anchor that Git services give a heading whose words came before.
    fn unique(&mut self, base: String) -> String {
        let count = self.slugs.entry(base.clone()).and_modify(|n| *n += 1).or_insert(0);
        if *count == 0 { base } else { format!("{base}-{count}") }
    }
}

fn footnote(label: &str) -> String {
    format!("_note_{}", markup::anchor(label))
}

/// A document starts with its title and continues with headings of the second level, which stand below `Text` here.
fn shown_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => 3,
        HeadingLevel::H3 => 4,
        HeadingLevel::H4 => 5,
        HeadingLevel::H5 | HeadingLevel::H6 => 6,
    }
}

fn opening(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Paragraph => "<p>",
        Tag::BlockQuote(_) => "<blockquote>\n",
        Tag::List(None) => "<ul>\n",
        Tag::Item => "<li>",
        Tag::Emphasis => "<em>",
        Tag::Strong => "<strong>",
        Tag::Strikethrough => "<del>",
        _ => "",
    }
}

fn closing(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::FootnoteDefinition => "</div>\n",
        TagEnd::TableRow => "</tr>\n",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Strikethrough => "</del>",
        _ => "",
    }
}
