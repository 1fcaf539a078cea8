//! The first page: what the pack is, what the reader must know, all registers and reports.

use std::fmt::Write as _;

use super::INDEX;
use super::links::{Place, Site};
use super::table::{Placed, count, facts, figure, mark, sentence, table, toned};
use crate::pack::{Block, Section, Tone, markup};

/// The content of the page.
pub(super) fn body(site: &Site<'_>) -> String {
    let place = site.at(INDEX);
    let mut out = String::new();
    cover(&mut out, place);
    notices(&mut out, place);
    contents(&mut out, place);
    out.push_str("<main id=\"_main\" tabindex=\"-1\">\n");
    for section in &site.book.sections {
        self::section(&mut out, place, section);
    }
    out.push_str("</main>\n");
    legend(&mut out);
    out
}

fn cover(out: &mut String, place: Place<'_, '_>) {
    let cover = &place.site.book.cover;
    let _ = writeln!(
        out,
        "<header>\n<p class=\"over\">{}</p>\n<h1>{}</h1>",
        markup::isolated(&cover.organization),
        markup::isolated(&cover.title)
    );
    facts(out, place, &cover.facts);
    out.push_str("</header>\n");
}

fn contents(out: &mut String, place: Place<'_, '_>) {
    let book = place.site.book;
    out.push_str("<nav class=\"contents\" aria-labelledby=\"_contents\">\n<h2 id=\"_contents\">Contents</h2>\n<ol>\n");
    for section in &book.sections {
        let (id, title) = (markup::anchor(&section.id), markup::isolated(&section.title));
        let _ = writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>");
    }
    out.push_str("</ol>\n");
    if !book.sheets.is_empty() {
        let _ = writeln!(out, "<details><summary>{}</summary>\n<ol>", count(book.sheets.len(), "document"));
        for sheet in &book.sheets {
            let (href, id) = (place.to(&sheet.page, None), markup::isolated(&sheet.id));
            let _ = writeln!(out, "<li><a href=\"{href}\">{id} {}</a></li>", markup::isolated(&sheet.title));
        }
        out.push_str("</ol></details>\n");
    }
    out.push_str("</nav>\n");
}

fn notices(out: &mut String, place: Place<'_, '_>) {
    let notices = &place.site.book.cover.notices;
    if notices.is_empty() {
        return;
    }
    out.push_str(
        "<section aria-labelledby=\"_notices\">\n<h2 id=\"_notices\">Read this first</h2>\n<ul class=\"notices\">\n",
    );
    for notice in notices {
        let said = sentence(place, &notice.text);
        // A sentence whose pieces are marked needs no mark of its own.
        let marked = notice.text.iter().any(|p| p.tone != Tone::Plain);
        let _ = writeln!(out, "<li>{}</li>", if marked { said } else { toned(notice.tone, &said) });
    }
    out.push_str("</ul>\n</section>\n");
}

fn section(out: &mut String, place: Place<'_, '_>, section: &Section) {
    let id = markup::anchor(&section.id);
    let title = markup::isolated(&section.title);
    let _ = writeln!(out, "<section id=\"{id}\" aria-labelledby=\"_{id}\">\n<h2 id=\"_{id}\">{title}</h2>");
    if !section.intro.is_empty() {
        let _ = writeln!(out, "<p class=\"intro\">{}</p>", markup::isolated(&section.intro));
    }
    for (index, block) in section.blocks.iter().enumerate() {
        self::block(out, place, block, &format!("_{id}_{index}"));
    }
    out.push_str("</section>\n");
}

fn block(out: &mut String, place: Place<'_, '_>, block: &Block, id: &str) {
    match block {
        Block::Heading(text) => {
            let _ = writeln!(out, "<h3>{}</h3>", markup::isolated(text));
        }
        Block::Text(pieces) => {
            let _ = writeln!(out, "<p>{}</p>", sentence(place, pieces));
        }
        Block::List(items) => {
            out.push_str("<ul>\n");
            for item in items {
                let _ = writeln!(out, "<li>{}</li>", sentence(place, item));
            }
            out.push_str("</ul>\n");
        }
        Block::Table(rows) => table(out, place, rows, Placed { id, entries: false }),
        Block::Chart(chart) => figure(out, chart),
    }
}

/// What the marks mean.
fn legend(out: &mut String) {
    let marks = [Tone::Good, Tone::Attention, Tone::Bad, Tone::Muted].into_iter().filter_map(mark);
    let said: Vec<String> =
        marks.map(|m| format!("<span class=\"{}\">{}</span> {}", m.class, m.sign, m.name)).collect();
    let _ = writeln!(out, "<footer><p>Marks: {}.</p></footer>", said.join("; "));
}
