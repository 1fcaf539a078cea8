//! The pack for a browser: one page of registers and reports, and a page of each document.
//!
//! Pages stand alone: no script, no font, no request to anywhere, so that they read the same from a file, years from now. Everything
//! that comes from the SMS is shown as text; the policy in the head of each page says so to the browser too.

mod index;
mod links;
mod prose;
mod sheet;
mod table;

use super::{Book, Files, markup};
use links::Site;

/// The entry of the pack.
pub const INDEX: &str = "index.html";

/// The look of all pages.
const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs; the style stands in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The entry and the page of each document, by path in the pack.
#[must_use]
pub fn files(book: &Book) -> Files {
    let site = Site::new(book);
    let style = style();
    let mut files = Files::new();
    let shell = Shell { book, style: &style };
    markup::put(&mut files, INDEX, shell.page(&book.cover.title, &index::body(&site)));
    for (position, sheet) in book.sheets.iter().enumerate() {
        let title = format!("{} {}", sheet.id, sheet.title);
        markup::put(&mut files, sheet.page.as_str(), shell.page(title.trim(), &sheet::body(&site, sheet, position)));
    }
    files
}

/// What stands around the content of every page.
struct Shell<'b> {
    book: &'b Book,
    style: &'b str,
}

impl Shell<'_> {
    fn page(&self, title: &str, body: &str) -> String {
        let language = language(&self.book.cover.language);
        let organization = markup::line(&self.book.cover.organization);
        let title = markup::line(title);
        let style = self.style;
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title} – {organization}</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#_main\">Skip to the content</a>\n{body}</body>\n</html>\n"
        )
    }
}

/// A language tag; English, in which the labels are, when it is none.
fn language(tag: &str) -> &str {
    let plain = !tag.is_empty() && tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if plain { tag } else { "en" }
}

/// The style without what only people need: it stands in every page.
fn style() -> String {
    STYLE.lines().map(|l| format!("{}\n", l.trim())).collect()
}

#[cfg(test)]
mod tests;
