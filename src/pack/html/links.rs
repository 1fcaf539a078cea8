//! Where a link leads from a page. What leads nowhere stays text.

use std::collections::{BTreeMap, BTreeSet};

use super::INDEX;
use crate::pack::book::linked;
use crate::pack::{Book, Sheet, Table, Target, csv, markup};
use crate::source::relative;

/// The book with what links need.
pub(super) struct Site<'b> {
    pub book: &'b Book,
    by_path: BTreeMap<&'b str, &'b Sheet>,
    by_entry: BTreeMap<&'b str, &'b Sheet>,
    sections: BTreeSet<&'b str>,
    tables: BTreeMap<&'b str, String>,
}

impl<'b> Site<'b> {
    pub fn new(book: &'b Book) -> Self {
        let mut tables = BTreeMap::new();
        for (path, table) in csv::paths(book) {
            tables.entry(table.name.as_str()).or_insert(path);
        }
        Self {
            book,
            by_path: book.by_path(),
            by_entry: book.by_entry(),
            sections: book.sections.iter().map(|s| s.id.as_str()).collect(),
            tables,
        }
    }

    /// The site as seen from a page.
    pub fn at<'s>(&'s self, page: &'s str) -> Place<'s, 'b> {
        Place { site: self, page }
    }
}

/// A page of the site, from which links lead.
#[derive(Clone, Copy)]
pub(super) struct Place<'s, 'b> {
    pub site: &'s Site<'b>,
    page: &'s str,
}

impl Place<'_, '_> {
    /// The address of a target, ready for `href`.
    pub fn href(&self, target: &Target) -> Option<String> {
        match target {
            Target::Section(id) => {
                let known = self.site.sections.contains(id.as_str());
                known.then(|| self.to(INDEX, Some(&markup::anchor(id))))
            }
            Target::Document(path) => self.site.by_path.get(path.as_str()).map(|s| self.to(&s.page, None)),
            Target::Entry(id) => self.site.by_entry.get(id.as_str()).map(|s| self.to(&s.page, Some(&entry_anchor(id)))),
            Target::File(path) => is_inside(path).then(|| self.to(path, None)),
        }
    }

    /// The CSV file of a table.
    pub fn csv(&self, table: &Table) -> Option<String> {
        self.site.tables.get(table.name.as_str()).map(|path| self.to(path, None))
    }

    /// The address of a link in the Markdown of a document: another document, the web, an address of mail; nothing else.
    pub fn written(&self, from: &Sheet, link: &str) -> Option<Written> {
        if is_web(link) {
            return Some(Written::Web(markup::address(link, &WEB)));
        }
        let (sheet, fragment) = linked(&self.site.by_path, from, &decoded(link))?;
        let anchor = fragment.map(|f| fragment_anchor(sheet, &f));
        Some(Written::Page(self.to(&sheet.page, anchor.as_deref())))
    }

    pub fn to(&self, path: &str, anchor: Option<&str>) -> String {
        match anchor {
            Some(anchor) if path == self.page => format!("#{anchor}"),
            Some(anchor) => format!("{}#{anchor}", self.way(path)),
            None => self.way(path),
        }
    }

    fn way(&self, path: &str) -> String {
        markup::address(&relative(self.page, path), &[])
    }
}

/// A link of a document.
pub(super) enum Written {
    /// To a page of the pack.
    Page(String),
    /// Out of the pack.
    Web(String),
}

/// What an address of the web may hold besides plain characters; `%` because it is encoded already.
const WEB: [char; 19] =
    [':', '?', '#', '[', ']', '@', '!', '$', '&', '\'', '(', ')', '*', '+', ',', ';', '=', '%', '~'];

fn is_web(link: &str) -> bool {
    let lower = link.to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
}

/// A path of the pack that stays in the pack.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && !path.contains(['\\', ':', '\0']) && path.split('/').all(|p| !matches!(p, "" | "." | ".."))
}

/// A link with its percent signs read, as far as they are text.
fn decoded(link: &str) -> String {
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let byte = tail.get(..2).filter(|_| *first == b'%').and_then(hex);
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| link.to_owned())
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|t| t.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

/// The anchor of an entry on the page of its register.
pub(super) fn entry_anchor(id: &str) -> String {
    format!("entry-{}", markup::anchor(id))
}

/// The anchor of a heading of a document's text.
pub(super) fn heading_anchor(slug: &str) -> String {
    format!("text-{}", markup::anchor(slug))
}

/// What stands behind `#` is an entry of the register, or a heading.
fn fragment_anchor(sheet: &Sheet, fragment: &str) -> String {
    let is_entry = sheet.entries.as_ref().is_some_and(|t| t.anchors.iter().any(|a| a == fragment));
    if is_entry { entry_anchor(fragment) } else { heading_anchor(fragment) }
}
