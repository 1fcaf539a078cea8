//! The page of one document: control block, versions, text, entries, and the ways from it.

use std::fmt::Write as _;

use super::INDEX;
use super::links::{Place, Site};
use super::prose;
use super::table::{Placed, count, facts, table};
use crate::pack::{Sheet, csv, markup};

/// The content of the page.
pub(super) fn body(site: &Site<'_>, sheet: &Sheet, position: usize) -> String {
    let place = site.at(&sheet.page);
    let mut out = String::new();
    way_back(&mut out, place);
    out.push_str("<main id=\"_main\" tabindex=\"-1\">\n");
    head(&mut out, place, sheet);
    text(&mut out, place, sheet);
    if let Some(entries) = &sheet.entries {
        // A document that is one entry has its fields here.
        let title = if csv::is_list(entries) { "Entries" } else { "Entry" };
        let _ = writeln!(out, "<section aria-labelledby=\"_entries\">\n<h2 id=\"_entries\">{title}</h2>");
        table(&mut out, place, entries, Placed { id: "_entries_table", entries: true });
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n");
    turn(&mut out, place, position);
    out
}

fn way_back(out: &mut String, place: Place<'_, '_>) {
    let cover = &place.site.book.cover;
    let _ = writeln!(
        out,
        "<header><nav aria-label=\"Pack\"><p class=\"over\"><a href=\"{}\">{}</a>, {}</p></nav></header>",
        place.to(INDEX, None),
        markup::isolated(&cover.title),
        markup::isolated(&cover.organization)
    );
}

fn head(out: &mut String, place: Place<'_, '_>, sheet: &Sheet) {
    let _ = writeln!(
        out,
        "<p class=\"over\">{}</p>\n<h1>{}</h1>",
        markup::isolated(&sheet.id),
        markup::isolated(&sheet.title)
    );
    if sheet.withheld > 0 {
        let places = count(sheet.withheld, "place");
        let _ = writeln!(out, "<p class=\"note\">What is withheld here is marked: {places} of this document.</p>");
    }
    out.push_str("<section aria-labelledby=\"_control\">\n<h2 id=\"_control\">Document control</h2>\n");
    facts(out, place, &sheet.control);
    let _ = writeln!(
        out,
        "<p>Source of this page: <a href=\"{}\">{}</a></p>",
        place.to(&sheet.file, None),
        markup::isolated(&sheet.file)
    );
    if let Some(versions) = &sheet.versions {
        table(out, place, versions, Placed { id: "_versions", entries: false });
    }
    out.push_str("</section>\n");
}

fn text(out: &mut String, place: Place<'_, '_>, sheet: &Sheet) {
    if sheet.body.trim().is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"_text\">\n<h2 id=\"_text\">Text</h2>\n");
    prose::html(out, place, sheet);
    out.push_str("</section>\n");
}

/// The documents before and behind it, in the order of the document register.
fn turn(out: &mut String, place: Place<'_, '_>, position: usize) {
    let sheets = &place.site.book.sheets;
    let before = position.checked_sub(1).and_then(|p| sheets.get(p));
    let behind = sheets.get(position + 1);
    out.push_str("<nav class=\"turn\" aria-label=\"Documents\">\n");
    for (label, other) in [("Previous", before), ("Next", behind)] {
        if let Some(other) = other {
            let (href, title) = (place.to(&other.page, None), markup::isolated(&other.title));
            let _ = writeln!(out, "<a href=\"{href}\">{label}: {title}</a>");
        }
    }
    let _ = writeln!(out, "<a href=\"{}\">All registers and reports</a>\n</nav>", place.to(INDEX, None));
}
