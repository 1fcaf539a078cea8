//! The Markdown of a document as Typst statements.

use std::collections::BTreeMap;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::table::{Need, TURNED_COLUMNS, columns, heading, room_of_share, turns, widths};
use super::target::Setting;
use super::text::{literal, width};
use crate::pack::book::Sheet;

/// Lists, quotes and spans of markup inside each other; what lies deeper is set as if it did not.
const DEEPEST: usize = 8;
/// Level of the headings that stand directly below the title of a document.
const BELOW_TITLE: usize = 4;
/// PDF knows six.
const LOWEST: usize = 6;
/// Room for words in running text, in em.
const LINE: f64 = 48.0;
/// What a list or quote takes of it.
const INDENT: f64 = 2.6;
/// Letters of code on a line.
const CODE: usize = 82;

/// The body of a document.
pub(super) fn body(setting: &Setting<'_>, sheet: &Sheet) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(setting, sheet);
    for event in Parser::new_ext(&sheet.body, options) {
        writer.event(event);
    }
    writer.finish()
}

/// Whether two titles say the same.
fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().map(str::to_lowercase).eq(other.split_whitespace().map(str::to_lowercase))
}

struct Writer<'w, 'b> {
    setting: &'w Setting<'b>,
    sheet: &'w Sheet,
    /// What is being written, innermost last; the first is the document.
    buffers: Vec<String>,
    /// What closes each open part.
    closers: Vec<&'static str>,
    /// Lists and quotes that are open.
    nested: usize,
    /// Plain text of what is being written, for measuring and comparing.
    plain: String,
    /// Width of the word that is being written, in em.
    unbroken: f64,
    /// Levels of the headings above, as written.
    levels: Vec<usize>,
    /// Whether nothing has been written yet.
    at_start: bool,
    code: Option<(String, String)>,
    html: Option<String>,
    /// Addresses of open links and pictures, and where their plain text starts.
    address: Vec<(String, usize)>,
    grid: Option<Grid>,
    notes: Notes,
}

#[derive(Default)]
struct Grid {
    align: Vec<Alignment>,
    /// Rows of cells: Typst and plain text. The first is the heading.
    rows: Vec<Vec<(String, String)>>,
}

#[derive(Default)]
struct Notes {
    numbers: BTreeMap<String, usize>,
    texts: BTreeMap<usize, String>,
    open: Vec<usize>,
}

impl Notes {
    fn number(&mut self, label: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(label.to_owned()).or_insert(next)
    }
}

impl<'w, 'b> Writer<'w, 'b> {
    fn new(setting: &'w Setting<'b>, sheet: &'w Sheet) -> Self {
        Self {
            setting,
            sheet,
            buffers: vec![String::new()],
            closers: Vec::new(),
            nested: 0,
            plain: String::new(),
            unbroken: 0.0,
            levels: Vec::new(),
            at_start: true,
            code: None,
            html: None,
            address: Vec::new(),
            grid: None,
            notes: Notes::default(),
        }
    }

    fn put(&mut self, text: &str) {
        if let Some(buffer) = self.buffers.last_mut() {
            buffer.push_str(text);
        }
    }

    fn take(&mut self) -> String {
        if self.buffers.len() > 1 { self.buffers.pop().unwrap_or_default() } else { String::new() }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::Code(text) => self.inline_code(&text),
            Event::Html(text) => self.html.get_or_insert_default().push_str(&text),
            Event::InlineHtml(text) => self.inline_html(&text),
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.put("linebreak();"),
            Event::Rule => self.put("line(length:100%,stroke:0.4pt+rule);"),
            Event::TaskListMarker(done) => self.words(if done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(label) => {
                let number = self.notes.number(&label);
                self.put(&format!("super(\"{number}\");"));
            }
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.code {
            Some((_, code)) => code.push_str(text),
            None => self.words(text),
        }
    }

    fn words(&mut self, text: &str) {
        self.join(text);
        let set = self.setting.ink.words(text, self.room());
        self.put(&set);
    }

    /// Text that stands directly behind text, as when markup lies between them, forms one word with it: that too must
    /// break where the room ends.
    fn join(&mut self, text: &str) {
        self.plain.push_str(text);
        let head = text.split(char::is_whitespace).next().unwrap_or_default();
        if !head.is_empty() && self.unbroken > 0.0 && self.unbroken + width(head) > self.room() {
            self.put("o;");
            self.unbroken = 0.0;
        }
        let tail = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        self.unbroken = if text.contains(char::is_whitespace) { 0.0 } else { self.unbroken } + width(tail);
    }

    /// The room for words where the writer stands.
    fn room(&self) -> f64 {
        let line = (0..self.nested.min(DEEPEST)).fold(LINE, |line, _| line - INDENT);
        self.grid.as_ref().map_or(line, |grid| room_of_share(grid.align.len(), self.nested == 0).min(line))
    }

    fn inline_code(&mut self, text: &str) {
        self.join(text);
        let words = self.setting.ink.words(text, self.room() * 0.85);
        self.put(&format!("text(font:mono,size:0.92em,{{{words}}});"));
    }

    fn inline_html(&mut self, text: &str) {
        let tag = text.to_lowercase();
        if tag.starts_with("<br") {
            self.put("linebreak();");
        } else if !is_silent(&tag) {
            self.inline_code(text);
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if matches!(tag, Tag::Paragraph | Tag::Item | Tag::TableCell) {
            self.unbroken = 0.0;
        }
        match tag {
            Tag::Paragraph => self.open("par({", "});"),
            Tag::Heading { .. } | Tag::FootnoteDefinition(_) | Tag::TableCell => self.start_apart(&tag),
            Tag::BlockQuote(_) => self.open_nested("quote({", "});"),
            Tag::List(None) => self.open_nested("list(", ");"),
            Tag::List(Some(first)) => self.open_nested(&format!("enum(start:{},", first.min(1_000_000)), ");"),
            Tag::Item => self.start_item(),
            Tag::CodeBlock(kind) => self.code = Some((language(&kind), String::new())),
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Table(align) => self.grid = Some(Grid { align, rows: Vec::new() }),
            Tag::TableHead | Tag::TableRow => {
                if let Some(grid) = &mut self.grid {
                    grid.rows.push(Vec::new());
                }
            }
            Tag::Emphasis => self.open("emph({", "});"),
            Tag::Strong => self.open("strong({", "});"),
            Tag::Strikethrough => self.open("strike({", "});"),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.address.push((dest_url.into_string(), self.plain.len()));
                self.open("emph({\"[Picture: \";", "});");
            }
            _ => self.closers.push(""),
        }
    }

    /// Parts whose text is looked at before it is placed.
    fn start_apart(&mut self, tag: &Tag<'_>) {
        if let Tag::FootnoteDefinition(label) = tag {
            let number = self.notes.number(label);
            self.notes.open.push(number);
        }
        self.buffers.push(String::new());
        self.plain.clear();
    }

    fn open(&mut self, opening: &str, closing: &'static str) {
        if self.closers.iter().filter(|c| !c.is_empty()).count() < DEEPEST * 3 {
            self.put(opening);
            self.closers.push(closing);
        } else {
            self.closers.push("");
        }
    }

    fn open_nested(&mut self, opening: &str, closing: &'static str) {
        self.nested += 1;
        if self.nested <= DEEPEST {
            self.put(opening);
            self.closers.push(closing);
        } else {
            self.closers.push("");
        }
    }

    fn start_item(&mut self) {
        if self.nested <= DEEPEST {
            self.put("{");
            self.closers.push("},");
        } else {
            self.put("parbreak();\"– \";");
            self.closers.push("");
        }
    }

    fn start_link(&mut self, link: &str) {
        let opening = self.setting.opening(self.sheet, link);
        let address = if opening.is_some() { String::new() } else { link.to_owned() };
        self.address.push((address, self.plain.len()));
        match opening {
            Some(opening) => self.open(&opening, "});"),
            None => self.closers.push(""),
        }
    }

    fn close(&mut self) {
        if let Some(closer) = self.closers.pop() {
            self.put(closer);
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::Table => self.end_table(),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => {
                let (address, _) = self.address.pop().unwrap_or_default();
                let address: String = address.chars().take(120).collect();
                let words = self.setting.ink.words(&format!(" ({address})]"), self.room());
                self.put(&words);
                self.close();
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.nested = self.nested.saturating_sub(1);
                self.close();
            }
            _ => self.close(),
        }
        self.at_start = false;
    }

    /// A link that leads nowhere in this file says where it led.
    fn end_link(&mut self) {
        let (address, start) = self.address.pop().unwrap_or_default();
        self.close();
        if !address.is_empty() && !self.plain.get(start..).unwrap_or_default().contains(&address) {
            self.words(&format!(" ({address})"));
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let set = self.take();
        let title = std::mem::take(&mut self.plain);
        if self.at_start && level == HeadingLevel::H1 && same(&title, &self.sheet.title) || title.trim().is_empty() {
            return;
        }
        let written = level as usize;
        while self.levels.last().is_some_and(|above| *above >= written) {
            self.levels.pop();
        }
        let shown = (BELOW_TITLE + self.levels.len()).min(LOWEST);
        self.levels.push(written);
        if self.nested == 0 {
            self.put(&format!("heading(level:{shown},{{{set}}});"));
        } else {
            self.put(&format!("par(strong({{{set}}}));"));
        }
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else { return };
        if language == "mermaid" {
            self.put("par(text(fill:muted,\"Diagram, as it is written in Mermaid:\"));");
        }
        let set = self.block_of_code(&code);
        self.put(&set);
    }

    fn block_of_code(&self, code: &str) -> String {
        let letters = CODE.saturating_sub(4 * self.nested.min(DEEPEST));
        let code = self.setting.ink.clean(&code.replace('\t', "    "));
        let lines: Vec<String> = code.trim_end().split('\n').map(|l| wrapped(l, letters)).collect();
        format!("raw(block:true,{});", literal(&lines.join("\n")))
    }

    fn end_html(&mut self) {
        let html = self.html.take().unwrap_or_default();
        let shown = without_comments(&html);
        if !shown.lines().all(|l| is_silent(&l.trim().to_lowercase())) {
            let set = self.block_of_code(shown.trim());
            self.put(&set);
        }
    }

    fn end_note(&mut self) {
        let text = self.take();
        if let Some(number) = self.notes.open.pop() {
            self.notes.texts.entry(number).or_default().push_str(&text);
        }
    }

    fn end_cell(&mut self) {
        let set = self.take();
        let plain = std::mem::take(&mut self.plain);
        if let Some(row) = self.grid.as_mut().and_then(|g| g.rows.last_mut()) {
            row.push((set, plain));
        }
    }

    fn end_table(&mut self) {
        let Some(grid) = self.grid.take() else { return };
        let needs = grid.needs();
        let turned = self.nested == 0 && self.notes.open.is_empty() && turns(&needs);
        let set = grid.set(&widths(&needs, turned));
        self.put(&if turned { format!("{{set page(flipped:true);{set}}};") } else { set });
    }

    fn finish(mut self) -> String {
        let mut out = self.buffers.drain(..).collect::<String>();
        if !self.notes.texts.is_empty() {
            out.push_str("par(strong(\"Notes\"));");
            for (number, text) in &self.notes.texts {
                out.push_str(&format!("enum(start:{number},{{{text}}});"));
            }
        }
        out
    }
}

impl Grid {
    fn needs(&self) -> Vec<Need> {
        let plain = |row: &'_ [(String, String)], i: usize| row.get(i).map(|(_, p)| p.clone()).unwrap_or_default();
        let (head, rows) = self.rows.split_first().map_or((&[][..], &[][..]), |(h, r)| (h.as_slice(), r));
        (0..self.beside())
            .map(|i| {
                let cells: Vec<String> = rows.iter().map(|r| plain(r, i)).collect();
                Need::of(&plain(head, i), cells.iter().map(String::as_str), true)
            })
            .collect()
    }

    /// How many columns stand side by side.
    fn beside(&self) -> usize {
        self.align.len().min(TURNED_COLUMNS)
    }

    fn set(&self, widths: &[f64]) -> String {
        let align: String = self.align.iter().take(self.beside()).copied().map(side).collect();
        let mut out = format!("table(columns:({}),align:({align}),", columns(widths));
        for (index, row) in self.rows.iter().enumerate() {
            let cell = |i: usize| row.get(i).map_or("", |(set, _)| set.as_str());
            let cells = (0..self.beside()).map(cell);
            if index == 0 {
                out.push_str(&format!("table.header({}),", cells.map(heading).collect::<String>()));
            } else {
                out.extend(cells.map(|c| format!("{{{c}}},")));
                out.push_str(&self.below(row));
            }
        }
        out.push_str(");");
        out
    }

    /// The cells for which the page has no column, on one line below their row.
    fn below(&self, row: &[(String, String)]) -> String {
        let titles = self.rows.first().map_or(&[][..], Vec::as_slice);
        let rest = titles.iter().zip(row).skip(self.beside()).filter(|(_, (_, plain))| !plain.trim().is_empty());
        let said: String = rest.map(|((title, _), (set, _))| format!("{title}\": \";{set}\" · \";")).collect();
        if said.is_empty() {
            return String::new();
        }
        format!("table.cell(colspan:{},inset:(left:14pt),{{{said}}}),", self.beside())
    }
}

fn side(align: Alignment) -> &'static str {
    match align {
        Alignment::Right => "right,",
        Alignment::Center => "center,",
        Alignment::Left | Alignment::None => "left,",
    }
}

fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_lowercase(),
        CodeBlockKind::Indented => String::new(),
    }
}

/// A line of code with breaks in words that no line could hold.
fn wrapped(line: &str, letters: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut long = 0;
    for c in line.chars() {
        long = if c == ' ' { 0 } else { long + if c.is_ascii() { 1 } else { 2 } };
        if long > letters {
            out.push('\n');
            long = 1;
        }
        out.push(c);
    }
    out
}

/// Markup that shows nothing in a document.
fn is_silent(tag: &str) -> bool {
    tag.is_empty() || tag.starts_with("<!--") || tag.starts_with("<a ") && tag.ends_with('>') || tag == "</a>"
}

fn without_comments(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::book::{Book, Table};

    fn set(markdown: &str) -> String {
        let register = Sheet {
            path: "registers/risks.md".into(),
            entries: Some(Table { anchors: vec!["RISK-1".into()], rows: vec![Vec::new()], ..Table::default() }),
            ..Sheet::default()
        };
        let sheet = Sheet {
            title: "Our  policy".into(),
            path: "policies/a.md".into(),
            body: markdown.into(),
            ..Sheet::default()
        };
        let book = Book { sheets: vec![sheet, register], ..Book::default() };
        body(&Setting::of(&book, &(0..2), true), &book.sheets[0])
    }

    #[test]
    fn the_title_is_not_repeated_and_headings_stand_below_it_without_gaps() {
        let out = set("# our policy\n\n## One\n\n#### Deep\n\n### Less\n\n## Two\n\n#\n");
        let levels: Vec<&str> = out.split("heading(level:").skip(1).filter_map(|h| h.get(..1)).collect();
        assert_eq!(levels, ["4", "5", "5", "4"], "{out}");
        assert!(!out.contains("our policy"));
        assert!(set("# Another title\n").contains("heading(level:4,{\"Another title\";});"));
    }

    #[test]
    fn marked_text_is_mapped_and_typst_is_text() {
        assert_eq!(
            set("a *b* **c** ~~d~~ `e`"),
            concat!(
                "par({\"a \";emph({\"b\";});\" \";strong({\"c\";});\" \";strike({\"d\";});\" \";",
                "text(font:mono,size:0.92em,{\"e\";});});"
            )
        );
        assert_eq!(set("#let x = $1$ @a \\# \"q\""), r##"par({"#let x = $1$ @a ";"# \"q\"";});"##);
    }

    #[test]
    fn a_word_of_many_pieces_breaks_too() {
        assert!(set(&"**a**_b_".repeat(60)).contains("o;"));
        assert!(!set(&"**a** _b_ ".repeat(60)).contains("o;"));
    }

    #[test]
    fn lists_nest_keep_their_first_number_and_show_tasks() {
        let out = set("3. three\n   - [x] done\n");
        assert_eq!(out, "enum(start:3,{\"three\";list({\"☑ \";\"done\";},);},);");
    }

    #[test]
    fn links_lead_inside_outside_or_nowhere() {
        assert!(set("[r](../registers/risks.md)").contains("link(label(\"d1\"),{\"r\";});"));
        assert!(set("[r](../registers/risks.md#RISK-1)").contains("link(label(\"e1-0\"),"));
        assert!(set("[w](HTTPS://example.org/ä\")").contains("HTTPS://example.org/%C3%A4"));
        assert!(set("[f](../evidence/scan.pdf)").contains("\"f\";\" (../evidence/scan.pdf)\";"));
        assert!(!set("[x](javascript:alert(1))").contains("link("));
    }

    #[test]
    fn notes_follow_the_document() {
        let out = set("One[^a] two[^b] one[^a].\n\n[^b]: *Bee*\n\n[^a]: Ay[^a]\n");
        assert!(out.contains("\"One\";super(\"1\");") && out.contains("super(\"2\")"), "{out}");
        let (_, notes) = out.split_once("\"Notes\"").unwrap();
        assert!(notes.find("\"Ay\"") < notes.find("\"Bee\""), "{notes}");
    }

    #[test]
    fn markup_is_shown_unless_it_shows_nothing() {
        assert_eq!(set("a<br/>b"), "par({\"a\";linebreak();\"b\";});");
        assert!(set("<div>x</div>\n").contains("raw(block:true,\"<div>x</div>\");"));
        assert_eq!(set("<!-- a\n\nb -->\n\n<a id=\"x\"></a>\n"), "par({});");
        assert!(set("```mermaid\nA-->B\n```\n").contains("Diagram, as it is written in Mermaid"));
        assert!(set("![alt](x.png)").contains("[Picture: \";\"alt\";\" (x.png)]\";"));
    }

    #[test]
    fn tables_have_a_heading_row_that_repeats_and_turn_the_page_when_wide() {
        let out = set("| a | b |\n| --- | ---: |\n| 1 | |\n");
        assert!(out.contains("align:(left,right,),table.header(table.cell(fill:shade,strong("), "{out}");
        let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(14));
        let out = set(&format!("{}{}{}", row("h"), row("---"), row("c")));
        assert!(out.starts_with("{set page(flipped:true);table(") && out.contains("colspan:11"), "{out}");
        let out = set(&format!("- x\n\n  {}  {}  {}", row("h"), row("---"), row("c")));
        assert!(!out.contains("set page"), "a page cannot turn inside a list");
    }

    #[test]
    fn nesting_beyond_reason_is_flattened() {
        let out = set(&format!("{} deep", ">".repeat(500)));
        assert!(out.matches("quote(").count() <= DEEPEST, "{out}");
        assert!(out.contains("deep"));
        assert_eq!(out.matches("({").count(), out.matches("})").count());
    }
}
