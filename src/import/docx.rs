//! A Word document to Markdown: headings by outline level, lists, tables, pictures, links and emphasis.

use std::collections::{BTreeMap, BTreeSet};

use super::control::ControlBlock;
use super::inline::{BREAK, Piece, markdown, opened};
use super::numbering::Numbering;
use super::package::{Package, Target};
use super::styles::{Styles, numbering};
use super::xml::Element;
use super::{Image, Imported};

/// A block of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Title(String),
    Heading(u8, String),
    Text(String),
    Quote(String),
    Code(String),
    Item { depth: u8, ordered: bool, text: String },
    Table(Vec<Vec<String>>),
}

/// Reads a Word document.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read(bytes: Vec<u8>) -> Result<Imported, String> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let styles = Styles::read(package.xml(&beside("styles.xml"))?.as_ref());
    let lists = Numbering::read(package.xml(&beside("numbering.xml"))?.as_ref());
    let relations = package.relationships(&main)?;
    let root = package.xml(&main)?.ok_or_else(|| "it holds no text of a Word document".to_owned())?;
    let body = root.child("body").ok_or_else(|| "it holds no text of a Word document".to_owned())?;
    let mut reader = Reader { styles, lists, relations, ..Reader::default() };
    let mut blocks = Vec::new();
    reader.blocks(body, &mut blocks);
    let heads = reader.headers(&mut package, &main)?;
    let notes = reader.footnotes(&mut package, &folder)?;
    let core = package.xml("docProps/core.xml")?;
    let named = core.as_ref().and_then(|c| c.child("title")).map(Element::text).filter(|t| !t.trim().is_empty());
    let mut out = assembled(blocks, &heads, named);
    out.body += &notes;
    reader.pictures(&mut package, &mut out)?;
    out.notes.extend(reader.lost.iter().map(|lost| (*lost).to_owned()));
    Ok(out)
}

#[derive(Default)]
struct Reader {
    styles: Styles,
    lists: Numbering,
    relations: BTreeMap<String, Target>,
    /// Parts of pictures with the name each gets.
    images: BTreeMap<String, String>,
    footnotes: Vec<String>,
    /// What Markdown cannot carry.
    lost: BTreeSet<&'static str>,
}

impl Reader {
    /// The blocks of a body, a cell or a text box, in the order they stand.
    fn blocks(&mut self, parent: &Element, out: &mut Vec<Block>) {
        for element in parent.children() {
            match element.name.as_str() {
                "p" => self.paragraph(element, out),
                "tbl" => out.push(Block::Table(self.table(element))),
                "sdt" => element.child("sdtContent").into_iter().for_each(|c| self.blocks(c, out)),
                "ins" | "moveTo" | "customXml" | "smartTag" => self.blocks(element, out),
                "del" | "moveFrom" => drop(self.lost.insert("struck-out text of tracked changes was left out")),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element, out: &mut Vec<Block>) {
        let properties = paragraph.child("pPr");
        let style = properties.and_then(|p| p.setting(&["pStyle"])).unwrap_or_default().to_owned();
        if self.styles.is_contents(&style) {
            self.lost.insert("the table of contents was left out; it follows from the headings");
            return;
        }
        let mut pieces = Vec::new();
        self.runs(paragraph, &Piece::default(), &mut pieces);
        let boxed = boxes(paragraph);
        let block = if self.styles.is_code(&style) {
            Block::Code(pieces.iter().map(|p| p.text.as_str()).collect())
        } else {
            self.of_style(&style, properties, &pieces)
        };
        if !block.text().trim().is_empty() {
            out.push(block);
        }
        for text_box in boxed {
            self.lost.insert("text boxes stand as paragraphs where they were anchored");
            self.blocks(text_box, out);
        }
    }

    fn of_style(&self, style: &str, properties: Option<&Element>, pieces: &[Piece]) -> Block {
        let text = markdown(pieces);
        let plain = || {
            let bare: Vec<Piece> = pieces.iter().map(|p| Piece { bold: false, ..p.clone() }).collect();
            markdown(&bare).replace(BREAK, " ").trim().to_owned()
        };
        if self.styles.is_title(style) {
            return Block::Title(plain());
        }
        let outline = properties.and_then(|p| p.setting(&["outlineLvl"])?.parse::<u8>().ok()).filter(|l| *l < 9);
        if let Some(level) = outline.map(|l| l + 1).or_else(|| self.styles.heading(style)) {
            return Block::Heading(level, plain());
        }
        let own = numbering(properties);
        // A style such as `List Bullet 2` has a list of its own, whose first level stands one level deeper.
        let named = self.styles.list(style);
        if let Some((id, depth)) = own.clone().or_else(|| self.styles.numbering(style)) {
            if let Some(ordered) = self.lists.item(&id, depth) {
                let depth = named.filter(|_| own.is_none()).map_or(depth, |(_, named)| depth.max(named));
                return Block::Item { depth, ordered, text };
            }
        } else if let Some((ordered, depth)) = named {
            return Block::Item { depth, ordered, text };
        }
        if self.styles.is_quote(style) { Block::Quote(text) } else { Block::Text(text) }
    }

    /// The pieces of a paragraph; `looks` is what stands around them.
    fn runs(&mut self, parent: &Element, looks: &Piece, out: &mut Vec<Piece>) {
        for element in parent.children() {
            match element.name.as_str() {
                "r" => self.run(element, looks, out),
                "hyperlink" => {
                    let link = element.attribute("id").and_then(|id| self.relations.get(id));
                    let link = match link {
                        Some(Target::Outside(to)) => Some(to.clone()).filter(|to| is_web(to)),
                        _ => None,
                    };
                    self.runs(element, &Piece { link, ..looks.clone() }, out);
                }
                "ins" | "moveTo" | "smartTag" | "customXml" | "fldSimple" | "sdtContent" | "dir" | "bdo" => {
                    self.runs(element, looks, out);
                }
                "sdt" => element.child("sdtContent").into_iter().for_each(|c| self.runs(c, looks, out)),
                "del" | "moveFrom" => drop(self.lost.insert("struck-out text of tracked changes was left out")),
                "oMath" | "oMathPara" => {
                    self.lost.insert("formulas stand as plain text");
                    out.push(Piece { text: element.text(), ..looks.clone() });
                }
                "commentRangeStart" => drop(self.lost.insert("comments were left out")),
                _ => {}
            }
        }
    }

    fn run(&mut self, run: &Element, looks: &Piece, out: &mut Vec<Piece>) {
        let mut looks = looks.clone();
        if let Some(own) = run.child("rPr") {
            if own.switch("vanish") {
                self.lost.insert("hidden text was left out");
                return;
            }
            looks.bold |= own.switch("b");
            looks.italic |= own.switch("i");
            looks.strike |= own.switch("strike");
        }
        for part in run.children() {
            let text = match part.name.as_str() {
                "t" => part.text(),
                "tab" => " ".to_owned(),
                "br" if part.attribute("type").is_some_and(|t| t == "page" || t == "column") => continue,
                "br" | "cr" => BREAK.to_string(),
                "noBreakHyphen" => "\u{2011}".to_owned(),
                "sym" => symbol(part),
                "drawing" | "pict" | "object" => {
                    self.picture(part, out);
                    continue;
                }
                "AlternateContent" => {
                    part.child("Choice").into_iter().for_each(|c| self.picture(c, out));
                    continue;
                }
                "footnoteReference" | "endnoteReference" => {
                    let id = format!("{}-{}", &part.name[..1], part.attribute("id").unwrap_or_default());
                    if !self.footnotes.contains(&id) {
                        self.footnotes.push(id.clone());
                    }
                    let number = self.footnotes.iter().position(|f| *f == id).map_or(0, |n| n + 1);
                    out.push(Piece::raw(format!("[^{number}]")));
                    continue;
                }
                _ => continue,
            };
            out.push(Piece { text, ..looks.clone() });
        }
    }

    /// The pictures in a drawing, each once.
    fn picture(&mut self, drawing: &Element, out: &mut Vec<Piece>) {
        let mut found = Vec::new();
        drawing.all("blip", &mut found);
        drawing.all("imagedata", &mut found);
        if found.is_empty() && boxes(drawing).is_empty() {
            self.lost.insert("a drawing made of shapes was left out; export it as a picture");
        }
        let mut described = Vec::new();
        drawing.all("docPr", &mut described);
        let words = described.first().and_then(|d| d.attribute("descr").or_else(|| d.attribute("title")));
        let words = words.filter(|w| !w.trim().is_empty());
        for picture in found {
            let id = picture.attribute("embed").or_else(|| picture.attribute("id")).unwrap_or_default();
            let Some(Target::Part(part)) = self.relations.get(id) else {
                self.lost.insert("a picture that lies outside the document was left out");
                continue;
            };
            let count = self.images.len() + 1;
            let ending: String = part.rsplit_once('.').map_or("bin", |(_, e)| e).to_lowercase();
            let ending = if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) {
                ending
            } else {
                "bin".into()
            };
            let name = self.images.entry(part.clone()).or_insert_with(|| format!("image{count}.{ending}")).clone();
            let words =
                super::inline::escaped(&words.unwrap_or("Picture").split_whitespace().collect::<Vec<_>>().join(" "));
            out.push(Piece::raw(format!("![{words}](image:{name})")));
        }
    }

    fn table(&mut self, table: &Element) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut elements = Vec::new();
        gather(table, "tr", &mut elements);
        for row in elements {
            let mut cells = Vec::new();
            let mut found = Vec::new();
            gather(row, "tc", &mut found);
            for cell in found {
                let properties = cell.child("tcPr");
                let span = properties.and_then(|p| p.setting(&["gridSpan"])?.parse::<usize>().ok()).unwrap_or(1);
                let follows =
                    properties.and_then(|p| p.child("vMerge")).is_some_and(|m| m.attribute("val") != Some("restart"));
                cells.push(if follows { String::new() } else { self.cell(cell) });
                cells.extend(std::iter::repeat_n(String::new(), span.clamp(1, 64) - 1));
            }
            rows.push(cells);
        }
        rows
    }

    /// A cell on one line: Markdown has no blocks in tables.
    fn cell(&mut self, cell: &Element) -> String {
        let mut blocks = Vec::new();
        self.blocks(cell, &mut blocks);
        let one = |block: &Block| match block {
            Block::Item { ordered: false, text, .. } => format!("• {text}"),
            Block::Table(rows) => rows.iter().map(|r| r.join(" / ")).collect::<Vec<_>>().join("<br>"),
            other => other.text().to_owned(),
        };
        if blocks.iter().any(|b| matches!(b, Block::Table(_))) {
            self.lost.insert("tables within tables stand as lines of text");
        }
        let lines: Vec<String> = blocks.iter().map(one).filter(|l| !l.trim().is_empty()).collect();
        lines.join("<br>").replace(BREAK, "<br>").replace('\n', " ").trim().to_owned()
    }

    /// The tables and lines of headers and footers, in which control blocks often stand.
    fn headers(&mut self, package: &mut Package, main: &str) -> Result<Vec<Block>, String> {
        let mut out = Vec::new();
        let parts: BTreeSet<String> = self
            .relations
            .values()
            .filter_map(|t| match t {
                Target::Part(part) => Some(part.clone()),
                Target::Outside(_) => None,
            })
            .filter(|p| p != main && file(p).is_some_and(|f| f.starts_with("header") || f.starts_with("footer")))
            .collect();
        for part in parts {
            let own = package.relationships(&part)?;
            let outer = std::mem::replace(&mut self.relations, own);
            let before = self.images.len();
            if let Some(root) = package.xml(&part)? {
                self.blocks(&root, &mut out);
            }
            if self.images.len() > before {
                self.images.retain(|_, name| number(name) <= before);
                self.lost.insert("pictures in headers and footers, such as a logo, were left out");
            }
            self.relations = outer;
        }
        Ok(out)
    }

    fn footnotes(&mut self, package: &mut Package, folder: &str) -> Result<String, String> {
        let wanted = self.footnotes.clone();
        let mut out = String::new();
        for (kind, part) in [("f", "footnotes.xml"), ("e", "endnotes.xml")] {
            let name = if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") };
            let Some(root) = package.xml(&name)? else { continue };
            for note in root.children() {
                let id = format!("{kind}-{}", note.attribute("id").unwrap_or_default());
                let Some(number) = wanted.iter().position(|w| *w == id) else { continue };
                let text = self.cell(note).replace("<br>", " ");
                out += &format!("\n[^{}]: {text}\n", number + 1);
            }
        }
        Ok(out)
    }

    fn pictures(&self, package: &mut Package, out: &mut Imported) -> Result<(), String> {
        for (part, name) in &self.images {
            match package.bytes(part)? {
                Some(bytes) => out.images.push(Image { name: name.clone(), bytes }),
                None => out.notes.push(format!("the picture {name} is missing in the document")),
            }
        }
        out.images.sort_by_key(|i| number(&i.name));
        Ok(())
    }
}

impl Block {
    fn text(&self) -> &str {
        match self {
            Self::Title(t) | Self::Heading(_, t) | Self::Text(t) | Self::Quote(t) | Self::Code(t) => t,
            Self::Item { text, .. } => text,
            Self::Table(_) => "a table",
        }
    }
}

fn file(part: &str) -> Option<&str> {
    part.rsplit('/').next()
}

fn number(name: &str) -> usize {
    name.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

/// Links into the web and mail are kept; anything that could run or read something on a computer is not.
fn is_web(target: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| target.to_ascii_lowercase().starts_with(scheme))
}

/// A character of a symbol font; the common ticks and arrows have a place in Unicode, others are told as a box.
fn symbol(part: &Element) -> String {
    let code = part.attribute("char").and_then(|c| u32::from_str_radix(c, 16).ok()).unwrap_or(0) & 0xFF;
    let known = match code {
        0xFC => '✓',
        0xFB => '✗',
        0xA8 | 0x6F => '☐',
        0xFE | 0x53 => '☑',
        0xE0 => '→',
        0xB7 | 0xA7 => '•',
        _ => '▯',
    };
    known.to_string()
}

/// Elements of a name below an element, through wrappers, but not inside elements of that name.
fn gather<'a>(parent: &'a Element, name: &str, out: &mut Vec<&'a Element>) {
    for child in parent.children() {
        match child.name.as_str() {
            n if n == name => out.push(child),
            "sdt" | "sdtContent" | "ins" | "customXml" => gather(child, name, out),
            _ => {}
        }
    }
}

/// The contents of text boxes, each once: Word writes a box twice, for itself and for older programs.
fn boxes(parent: &Element) -> Vec<&Element> {
    let mut out = Vec::new();
    for child in parent.children() {
        match child.name.as_str() {
            "txbxContent" => out.push(child),
            "Fallback" => {}
            _ => out.extend(boxes(child)),
        }
    }
    out
}

/// Blocks to a document: its title, its control block, the rest as Markdown.
fn assembled(blocks: Vec<Block>, heads: &[Block], named: Option<String>) -> Imported {
    let mut control = ControlBlock::default();
    for block in heads {
        match block {
            Block::Table(rows) => drop(control.take_table(rows)),
            other => control.take_line(other.text()),
        }
    }
    let mut kept: Vec<Block> = Vec::new();
    let mut title = None;
    for block in blocks {
        match &block {
            // The block stands at the beginning, before the first heading below the title.
            Block::Table(rows) if !kept.iter().any(|b| matches!(b, Block::Heading(..))) && control.take_table(rows) => {
            }
            Block::Title(text) if title.is_none() => title = Some(text.clone()),
            _ => kept.push(block),
        }
    }
    let top = kept.iter().filter_map(|b| if let Block::Heading(level, _) = b { Some(*level) } else { None }).min();
    let lone =
        top.filter(|top| kept.iter().filter(|b| matches!(b, Block::Heading(level, _) if level == top)).count() == 1);
    if title.is_none()
        && let Some(Block::Heading(level, text)) = kept.first()
        && Some(*level) == lone
    {
        title = Some(text.clone());
        kept.remove(0);
    }
    let title = title.or_else(|| control.title.clone()).or(named).map(|t| plain(&t));
    let body = rendered(&kept);
    Imported { title, control, body, ..Imported::default() }
}

/// A title without the escapes of Markdown.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
            continue;
        }
        out.push(if c == BREAK { ' ' } else { c });
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blocks as Markdown. The highest heading becomes the second level, below the title.
fn rendered(blocks: &[Block]) -> String {
    let top = blocks.iter().filter_map(|b| if let Block::Heading(level, _) = b { Some(*level) } else { None }).min();
    let shift = top.map_or(0, |top| i16::from(top) - 2);
    let mut out = String::new();
    let mut counters: Vec<(bool, usize)> = Vec::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        let in_list = matches!((before, block), (Some(Block::Item { .. }), Block::Item { .. }));
        let in_code = matches!((before, block), (Some(Block::Code(_)), Block::Code(_)));
        if !out.is_empty() && !in_list && !in_code {
            out.push('\n');
        }
        if !in_list {
            counters.clear();
        }
        match block {
            Block::Title(text) => out += &format!("## {text}\n"),
            Block::Heading(level, text) => {
                let level = usize::try_from((i16::from(*level) - shift).clamp(2, 6)).unwrap_or(2);
                out += &format!("{} {text}\n", "#".repeat(level));
            }
            Block::Text(text) => out += &(lines(text, "", "") + "\n"),
            Block::Quote(text) => out += &(lines(text, "> ", "> ") + "\n"),
            Block::Code(text) => code(&mut out, text, in_code),
            Block::Item { depth, ordered, text } => item(&mut out, &mut counters, *depth, *ordered, text),
            Block::Table(rows) => out += &table(rows),
        }
        before = Some(block);
    }
    out
}

fn lines(text: &str, first: &str, next: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.trim().split(BREAK).enumerate() {
        let lead = if index == 0 { first } else { next };
        let joint = if index == 0 { "" } else { "\\\n" };
        out += &format!("{joint}{lead}{}", opened(line.trim()));
    }
    out
}

fn code(out: &mut String, text: &str, goes_on: bool) {
    if goes_on {
        out.truncate(out.len().saturating_sub("```\n".len()));
    } else {
        out.push_str("```\n");
    }
    *out += &format!("{}\n```\n", text.replace(BREAK, "\n").replace("```", "` ` `"));
}

fn item(out: &mut String, counters: &mut Vec<(bool, usize)>, depth: u8, ordered: bool, text: &str) {
    // An item cannot be more than one level below the one before it.
    let depth = usize::from(depth).min(counters.len());
    counters.truncate(depth + 1);
    // A list of dots behind a list of numbers is another list.
    if counters.get(depth).is_some_and(|(kind, _)| *kind != ordered) {
        counters.truncate(depth);
        out.push('\n');
    }
    if counters.len() == depth {
        counters.push((ordered, 0));
    }
    let number = counters.last_mut().map_or(1, |(_, n)| {
        *n += 1;
        *n
    });
    let lead = if ordered { format!("{number}. ") } else { "- ".to_owned() };
    let pad = "   ".repeat(depth);
    let next = format!("{pad}{}", " ".repeat(lead.len()));
    *out += &(lines(text, &format!("{pad}{lead}"), &next) + "\n");
}

fn table(rows: &[Vec<String>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return String::new();
    }
    let cell = |text: Option<&String>| text.map_or_else(String::new, |t| t.replace('|', "\\|"));
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = (0..width).map(|i| cell(row.get(i))).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        out += &line(row);
        if index == 0 {
            out += &format!("|{}\n", " --- |".repeat(width));
        }
    }
    out
}
