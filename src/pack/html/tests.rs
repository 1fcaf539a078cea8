use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::pack::specimen::{HOSTILE, book};
use crate::pack::{Sheet, Target};

fn pages() -> BTreeMap<String, String> {
    files(&book()).into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// The page of a document with a text.
fn page_of(body: &str) -> String {
    let sheet = |path: &str| Sheet {
        id: "D".into(),
        title: "A title".into(),
        path: path.into(),
        file: format!("documents/{path}"),
        page: format!("html/{path}.html"),
        ..Sheet::default()
    };
    let own = Sheet { body: body.into(), ..sheet("policies/a.md") };
    let book = Book { sheets: vec![own, sheet("registers/b c.md")], ..Book::default() };
    String::from_utf8(files(&book).remove("html/policies/a.md.html").unwrap()).unwrap()
}

fn attributes(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    page.match_indices(&start).map(|(at, m)| page[at + m.len()..].split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn every_link_leads_to_a_place_that_is_there() {
    let pages = pages();
    let ids: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(path, page)| (path.as_str(), attributes(page, "id").into_iter().collect())).collect();
    let mut dead = Vec::new();
    for (path, page) in &pages {
        for href in attributes(page, "href").iter().filter(|h| !h.starts_with("http") && !h.starts_with("mailto:")) {
            let (file, anchor) = href.split_once('#').map_or((href.as_str(), None), |(f, a)| (f, Some(a)));
            let to = if file.is_empty() { path.clone() } else { crate::source::resolve(path, file).unwrap() };
            let beside = !to.starts_with("html/") && to != INDEX;
            let there = ids.get(to.as_str()).is_some_and(|ids| anchor.is_none_or(|a| ids.contains(a)));
            if !beside && !there {
                dead.push(format!("{path}: {href}"));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn ids_are_unique_and_each_page_has_one_title() {
    for (path, page) in pages() {
        let ids = attributes(&page, "id");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path}: {ids:?}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert!(page.contains("<main id=\"_main\"") && page.contains("<html lang=\"en\">"), "{path}");
    }
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    for (path, page) in pages() {
        let lower = page.to_lowercase();
        for word in
            ["<script", "<iframe", "<object", "<link", "@import", "url(", " onload", "javascript:", "<img", " src="]
        {
            assert!(!lower.contains(word), "{word} in {path}");
        }
    }
    let index = &pages()["index.html"];
    assert!(index.contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[31m\\u{202e}&quot;"));
    assert!(index.contains(&format!("<bdi>{}</bdi>", markup::text(HOSTILE))));
}

#[test]
fn links_of_a_text_lead_only_where_they_may() {
    let page = page_of(
        "[doc](../registers/b%20c.md#our-part) [own](#here) [web](https://example.org/?a=1&b=\"2) [mail](mailto:a@example.org)\n\
         <b@example.org> [js](javascript:alert(1)) [JS](JaVaScript:alert(1)) [data](data:text/html,x) [file](file:///etc/passwd)\n\
         [out](../../../etc/passwd) [gone](../gone.md) ![Plan of the hall](data:image/png;base64,AAAA)\n",
    );
    let links: Vec<String> = attributes(&page, "href").into_iter().filter(|h| !h.starts_with("#_")).collect();
    assert_eq!(
        links,
        [
            "../../index.html",
            "../../documents/policies/a.md",
            "../registers/b%20c.md.html#text-our-part",
            "#text-here",
            "https://example.org/?a=1&amp;b=%222",
            "mailto:a@example.org",
            "mailto:b@example.org",
            "../registers/b%20c.md.html",
            "../../index.html"
        ]
    );
    assert!(page.contains("Image: Plan of the hall (data:image/png;base64,AAAA)"));
}

#[test]
fn raw_html_is_shown_and_headings_are_below_the_page() {
    let page = page_of(
        "# A title\n\n## Part\n\n<div onclick=\"x()\">\n<b>bold</b>\n</div>\n\nIn a <u>line</u>.\n\n### Part\n\n- [x] done\n\n\
         | a | |\n|--:|---|\n| 1 | <i> |\n\n```mermaid\nflowchart <b>\n```\n\nA note[^1].\n\n[^1]: Said below.\n",
    );
    assert!(page.contains(
        "<pre class=\"raw\">&lt;div onclick=&quot;x()&quot;&gt;\n&lt;b&gt;bold&lt;/b&gt;\n&lt;/div&gt;\n</pre>"
    ));
    assert!(page.contains("In a <code class=\"raw\">&lt;u&gt;</code>line<code class=\"raw\">&lt;/u&gt;</code>."));
    assert!(page.contains("<h3 id=\"text-part\">Part</h3>") && page.contains("<h4 id=\"text-part-1\">Part</h4>"));
    assert_eq!(page.matches("A title</h").count(), 1, "the title is said once");
    assert!(page.contains("<span id=\"text-a-title\"></span>"));
    assert!(page.contains("<th scope=\"col\" class=\"n\">a</th>") && page.contains("<td class=\"n\">1</td>"));
    assert!(page.contains("</th><td></td></tr></thead>"), "a title that says nothing is none");
    assert!(page.contains("aria-label=\"Table 1: Part\""));
    assert!(page.contains("<pre><code>flowchart &lt;b&gt;\n</code></pre>"));
    assert!(page.contains("href=\"#_note_1\"") && page.contains("id=\"_note_1\""));
}

#[test]
fn long_tables_are_folded_and_registers_stay_open() {
    let mut book = book();
    let index = String::from_utf8(files(&book)[INDEX].clone()).unwrap();
    assert!(index.contains("<details><summary>Changes since the last audit: show all 300 rows</summary>"));
    let register = book.sheets.iter_mut().find(|s| s.entries.is_some()).unwrap();
    let rows = register.entries.take().unwrap();
    let first = (0..300).map(|n| format!("E {n}")).collect();
    register.entries = Some(crate::pack::Table { rows: vec![rows.rows[0].clone(); 300], anchors: first, ..rows });
    let page = register.page.clone();
    book.cover.facts.push(("Entry".into(), vec![crate::pack::Piece::link("E 7", Target::Entry("E 7".into()))]));
    let files = files(&book);
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    assert!(text(&page).contains("<details open>") && text(&page).contains("<tr id=\"entry-E~207\">"));
    assert!(text(INDEX).contains("#entry-E~207\">E 7</a>"));
}

#[test]
fn a_long_table_whose_first_column_repeats_is_folded_by_it() {
    let mut book = book();
    let Some(crate::pack::Block::Table(table)) = book.sections[2].blocks.first_mut() else { panic!("no table") };
    for (number, row) in table.rows.iter_mut().enumerate() {
        row[0] = crate::pack::Cell::text(format!("8.{}", number / 10));
        row[1] = crate::pack::Cell::text(format!("Chapter {}", number / 10));
    }
    table.rows[0][3] = crate::pack::Cell::toned("missing", crate::pack::Tone::Bad);
    let index = String::from_utf8(files(&book)[INDEX].clone()).unwrap();
    assert_eq!(index.matches("<details class=\"group\">").count(), 30);
    assert!(index.contains("<summary>8.29 Chapter 29 (10 rows)</summary>"));
    assert!(
        index.contains("✗</span>8.0 Chapter 0 (10 rows)</span></summary>"),
        "what is missing shows in a folded group"
    );
}

#[test]
fn a_target_outside_the_pack_stays_text() {
    let book = Book::default();
    let site = Site::new(&book);
    for path in ["../x", "/etc/passwd", "c:\\x", "a//b", "", "javascript:alert(1)"] {
        assert_eq!(site.at(INDEX).href(&Target::File(path.into())), None, "{path}");
    }
    assert_eq!(site.at("html/a.html").href(&Target::File("VERIFY.md".into())), Some("../VERIFY.md".into()));
}

#[test]
fn a_language_is_a_tag_or_english() {
    assert_eq!((language("nl-BE"), language("\"><script>"), language("")), ("nl-BE", "en", "en"));
}

/// Relative luminance as WCAG 2 defines it.
fn luminance(hex: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_have_the_contrast_that_level_aa_asks_for() {
    let palettes: Vec<&str> = STYLE.split(":root {").skip(1).map(|p| p.split('}').next().unwrap()).collect();
    assert_eq!(palettes.len(), 3, "light, dark, print");
    for palette in palettes {
        let colour = |name: &str| {
            let rest =
                palette.split(&format!("--{name}: ")).nth(1).or_else(|| STYLE.split(&format!("--{name}: ")).nth(1));
            rest.unwrap().split(';').next().unwrap().to_owned()
        };
        for ground in ["ground", "panel"].map(colour) {
            for name in ["text", "soft", "link", "good", "attention", "bad"] {
                let ratio = contrast(&colour(name), &ground);
                assert!(ratio >= 4.5, "{name} on {ground}: {ratio:.2}");
            }
            for name in ["rule", "focus"] {
                let ratio = contrast(&colour(name), &ground);
                assert!(ratio >= 3.0, "{name} on {ground}: {ratio:.2}");
            }
        }
    }
}
