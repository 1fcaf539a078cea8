//! The book page by page: cover, contents, sections, documents.

use super::Volume;
use super::body::body;
use super::table::{FEW_ROWS, Laid};
use super::target::{Setting, color, document, section};
use super::text::{LONGEST_TITLE, literal};
use crate::pack::book::{Block, Cell, Column, Cover, Form, Notice, Piece, Section, Sheet, Table, Tone};

/// Room for words in a line, in em.
const LINE: f64 = 48.0;

/// One volume of the book as Typst.
pub(super) fn pages(volume: &Volume<'_>) -> String {
    let book = volume.book;
    let mut setting = Setting::of(book, &volume.sheets, volume.number == 1);
    if volume.of > 1 {
        setting.most_rows = FEW_ROWS;
    }
    let mut rest = contents(&setting, volume);
    for (index, part) in book.sections.iter().enumerate().filter(|_| volume.number == 1) {
        rest.push_str(&section_pages(&setting, index, part));
    }
    rest.push_str(&documents(&setting, volume));
    let mut out = values(&setting, volume);
    out.push_str(include_str!("book.typ"));
    // Last, because it tells how many characters could not be printed.
    out.push_str(&cover(&setting, volume));
    out.push_str(&rest);
    out
}

/// What this volume holds, and, in the first, in which of the others each further document stands.
fn contents(setting: &Setting<'_>, volume: &Volume<'_>) -> String {
    let mut out = String::from("#{pagebreak();heading(level:1,outlined:false,bookmarked:true,\"Contents\");");
    out.push_str("outline(title:none,depth:3);");
    if volume.number == 1 && volume.of > 1 {
        out.push_str(&caption(setting, "Documents in other volumes", ""));
        out.push_str(&Laid::complete(&elsewhere(volume)).set(setting, false, None));
    }
    out.push_str("}\n");
    out
}

fn elsewhere(volume: &Volume<'_>) -> Table {
    let others = volume.others.iter().flat_map(|(number, range)| {
        let sheets = volume.book.sheets.get(range.clone()).unwrap_or_default();
        sheets
            .iter()
            .map(move |s| vec![Cell::text(&s.id), Cell::text(&s.title), Cell::text(format!("volume {number}"))])
    });
    let columns = [("Id", Form::Short), ("Title", Form::Text), ("Printed in", Form::Short)];
    Table {
        columns: columns.into_iter().map(|(title, form)| Column::new(title, form)).collect(),
        rows: others.collect(),
        ..Table::default()
    }
}

/// What the layout is filled with.
fn values(setting: &Setting<'_>, volume: &Volume<'_>) -> String {
    let cover = &setting.book.cover;
    let (language, region) = locale(&cover.language);
    let commit: String = cover.commit.chars().take(12).collect();
    let day = cover.today.map(|d| format!("{d}")).unwrap_or_default();
    let origin: Vec<String> = [("commit ", commit), ("as of ", day)]
        .into_iter()
        .filter(|(_, what)| !what.is_empty())
        .map(|(word, what)| format!("{word}{what}"))
        .collect();
    let string = |text: &str| setting.ink.string(text, LONGEST_TITLE);
    let names = [cover.organization.trim(), volume.title().trim()].map(str::to_owned);
    let name = names.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ");
    format!(
        "// Set with Typst 0.15: typst compile FILE. Texts of the organization stand in strings only.\n#let organization = \
         {}\n#let name = {}\n#let title = {}\n#let origin = {}\n#let language = {}\n#let region = {}\n",
        string(&cover.organization),
        title(setting, &name),
        string(&volume.title()),
        string(&origin.join(" · ")),
        literal(&language),
        region.map_or_else(|| "none".into(), |r| literal(&r)),
    )
}

/// Language and region of a language tag as Typst takes them: two or three letters, and two.
fn locale(tag: &str) -> (String, Option<String>) {
    let mut parts = tag.split(['-', '_']);
    let letters = |text: &&str| text.chars().all(|c| c.is_ascii_alphabetic());
    let language = parts.next().filter(letters).filter(|l| matches!(l.len(), 2 | 3)).unwrap_or("en").to_lowercase();
    let region = parts.filter(letters).find(|p| p.len() == 2).map(str::to_uppercase);
    (language, region)
}

fn cover(setting: &Setting<'_>, volume: &Volume<'_>) -> String {
    let Cover { facts, notices, .. } = &setting.book.cover;
    let mut out = String::from("#{cover-head;");
    if volume.number == 1 {
        out.push_str(&pairs(setting, facts));
        for notice in notices {
            out.push_str(&notice_box(setting, notice));
        }
    } else {
        out.push_str("par(\"Volume 1 holds the cover, the indexes and registers, and the contents of all volumes.\");");
    }
    let count = setting.ink.written_by_code();
    if count > 0 {
        let said = match count {
            1 => {
                "One character of the documents has no sign in the fonts of this file or would change what stands beside it. It is"
            }
            _ => {
                "characters of the documents have no sign in the fonts of this file or would change what stands beside them. They are"
            }
        };
        let number = if count == 1 { String::new() } else { format!("{count} ") };
        let said = format!("{number}{said} written by code, such as [U+1F5C2]. The Markdown files show the original.");
        out.push_str(&format!("v(8pt);par(text(size:8pt,fill:muted,{}));", literal(&said)));
    }
    out.push_str("}\n");
    out
}

/// A notice says its weight in words, beside its colour.
fn notice_box(setting: &Setting<'_>, notice: &Notice) -> String {
    let word = match notice.tone {
        Tone::Plain => "Note",
        Tone::Good => "In order",
        Tone::Attention => "Attention",
        Tone::Bad => "Gap",
        Tone::Muted => "Not included",
    };
    let fill = color(notice.tone).unwrap_or("accent");
    format!("notice({fill},\"{word}\",{});", setting.run(&notice.text, LINE))
}

/// Labels and what they say, as a table of two columns.
fn pairs(setting: &Setting<'_>, pairs: &[(String, Vec<Piece>)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let mut out = String::from("table(columns:(42mm,1fr),align:left,");
    for (label, pieces) in pairs {
        let label = setting.ink.words(label, 11.0);
        out.push_str(&format!("text(fill:muted,{{{label}}}),{},", setting.cell(pieces, 42.0)));
    }
    out.push_str(");");
    out
}

fn section_pages(setting: &Setting<'_>, index: usize, part: &Section) -> String {
    let tables: Vec<Laid<'_>> = tables(part, setting.most_rows).collect();
    // One wide table turns its whole section: a page with nothing but a heading would help nobody.
    let turned = tables.iter().any(Laid::turns);
    let mut out = String::from("#{pagebreak(weak:true);");
    out.push_str(if turned { "set page(flipped:true);" } else { "" });
    out.push_str(&format!("[#heading(level:1,{})<{}>];", title(setting, &part.title), section(index)));
    if !part.intro.is_empty() {
        out.push_str(&format!("par({{{}}});", setting.ink.words(&part.intro, LINE)));
    }
    for block in &part.blocks {
        out.push_str(&set(setting, part, block, turned));
    }
    out.push_str("}\n");
    out
}

fn tables(part: &Section, most: usize) -> impl Iterator<Item = Laid<'_>> {
    part.blocks.iter().filter_map(move |b| match b {
        Block::Table(table) => Some(Laid::of(table, most)),
        _ => None,
    })
}

fn set(setting: &Setting<'_>, part: &Section, block: &Block, turned: bool) -> String {
    match block {
        Block::Heading(text) => format!("heading(level:2,outlined:false,bookmarked:true,{});", title(setting, text)),
        Block::Text(pieces) => format!("par({});", setting.run(pieces, LINE)),
        Block::List(items) => {
            let items: String = items.iter().map(|i| format!("{},", setting.run(i, LINE - 3.0))).collect();
            format!("list({items});")
        }
        Block::Table(table) => {
            let caption = caption(setting, &table.title, &part.title);
            format!("{caption}{}", Laid::of(table, setting.most_rows).set(setting, turned, None))
        }
        Block::Chart(chart) => {
            let picture = setting.ink.clean(&crate::pack::chart::svg(chart));
            let said = if chart.description.trim().is_empty() { &chart.title } else { &chart.description };
            format!(
                "{}image(bytes({}),format:\"svg\",width:150mm,alt:{});par(text(fill:muted,size:8pt,{{{}}}));",
                caption(setting, &chart.title, ""),
                literal(&picture),
                setting.ink.string(said, 2000),
                setting.ink.words(said, LINE)
            )
        }
    }
}

/// The title of a table or chart, unless the heading above says the same.
fn caption(setting: &Setting<'_>, text: &str, above: &str) -> String {
    if text.is_empty() || text == above {
        return String::new();
    }
    format!("block(above:16pt,below:6pt,sticky:true,strong({{{}}}));", setting.ink.words(text, LINE))
}

/// A title never is empty: PDF asks for words.
fn title(setting: &Setting<'_>, text: &str) -> String {
    let shown = if text.trim().is_empty() { "(no title)" } else { text };
    setting.ink.string(shown, LONGEST_TITLE)
}

fn documents(setting: &Setting<'_>, volume: &Volume<'_>) -> String {
    let sheets = &setting.book.sheets;
    let said = match (volume.sheets.len(), volume.of) {
        (0, _) => return String::new(),
        (1, 1) => "One document follows.".to_owned(),
        (1, _) => format!("1 of {} documents follows.", sheets.len()),
        (many, 1) => format!("{many} documents follow, in the order of the document register."),
        (many, _) => format!("{many} of {} documents follow, in the order of the document register.", sheets.len()),
    };
    let said = format!("{said} Each starts with its control block, which is computed from the document and from Git.");
    let mut out = format!("#{{pagebreak(weak:true);heading(level:1,\"Documents\");par(\"{said}\")}}\n");
    let mut group = None;
    for (index, sheet) in sheets.iter().enumerate().filter(|(i, _)| volume.sheets.contains(i)) {
        let folder = folder(&sheet.path);
        let opens = group != Some(folder);
        group = Some(folder);
        out.push_str(&sheet_pages(setting, index, sheet, opens.then_some(folder)));
    }
    out
}

/// The folder of a document, which groups it.
fn folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

fn group_title(folder: &str) -> String {
    let mut letters = folder.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect::<String>().replace(['-', '_'], " "),
        None => "At the top of the SMS".into(),
    }
}

fn sheet_pages(setting: &Setting<'_>, index: usize, sheet: &Sheet, group: Option<&str>) -> String {
    let mut out = String::from("#{pagebreak(weak:true);");
    if let Some(folder) = group {
        out.push_str(&format!("heading(level:2,{});", title(setting, &group_title(folder))));
    }
    let above = format!("{}   {}", sheet.id, sheet.path);
    out.push_str(&format!("above-title({{{}}});", setting.ink.words(above.trim(), LINE)));
    out.push_str(&format!("[#heading(level:3,{})<{}>];", title(setting, &sheet.title), document(index)));
    out.push_str(&pairs(setting, &sheet.control));
    out.push_str(&withheld(sheet.withheld));
    if let Some(versions) = sheet.versions.as_ref().filter(|v| !v.columns.is_empty()) {
        let caption = caption(setting, if versions.title.is_empty() { "Versions" } else { &versions.title }, "");
        out.push_str(&format!("{caption}{}", Laid::of(versions, setting.most_rows).set(setting, false, None)));
    }
    if !sheet.body.trim().is_empty() {
        out.push_str("v(10pt);");
        out.push_str(&body(setting, sheet));
    }
    out.push_str(&entries(setting, index, sheet));
    out.push_str("}\n");
    out
}

fn withheld(places: usize) -> String {
    match places {
        0 => String::new(),
        1 => "notice(muted,\"Withheld\",\"One place of this document is withheld; [withheld] stands there.\");".into(),
        many => format!(
            "notice(muted,\"Withheld\",\"{many} places of this document are withheld; [withheld] stands there.\");"
        ),
    }
}

fn entries(setting: &Setting<'_>, index: usize, sheet: &Sheet) -> String {
    let Some(table) = &sheet.entries else { return String::new() };
    let laid = Laid::register(table);
    let text = if table.title.is_empty() { "Entries" } else { &table.title };
    let text = if text == sheet.title { "Entries" } else { text };
    let heading = format!("heading(level:4,{});", title(setting, text));
    let set = laid.set(setting, laid.turns(), Some(index));
    if laid.turns() { format!("{{set page(flipped:true);{heading}{set}}};") } else { format!("{heading}{set}") }
}
