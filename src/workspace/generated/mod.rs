//! Tables inside documents that smsctl writes: what stands between the two marks is computed, never typed.
//!
//! ```text
//! <!-- smsctl-generated: documents -->
//! …
//! <!-- /smsctl-generated -->
//! ```

mod table;
mod views;

use table::cells;
pub use table::{Cell, ComputedTable};
pub use views::{GENERATED_NAMES, Selection, View, heading};

use super::Workspace;
use crate::document::Document;
use crate::source::Span;

const OPEN: &str = "smsctl-generated:";
const CLOSE: &str = "/smsctl-generated";

/// A place for a generated table.
#[derive(Debug)]
pub struct Generated<'a> {
    /// The document it stands in.
    pub document: &'a Document,
    /// The table that is asked for.
    pub name: &'a str,
    /// The opening mark.
    pub mark: Span,
    /// How it stands with the table.
    pub state: GeneratedState,
}

/// How it stands with a generated table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneratedState {
    /// As it would be written today.
    Fresh,
    /// Something else stands there: where, and what should.
    Stale(Span, String),
    /// No such table can be made: what is wrong, and what to do.
    Unknown(String, String),
    /// `entries` in a document that is no register.
    NoRegister,
    /// The closing mark is missing.
    Unclosed,
    /// A closing mark without an opening one.
    Unopened,
}

impl Workspace {
    /// All places for generated tables, in the order they stand.
    #[must_use]
    pub fn generated(&self) -> Vec<Generated<'_>> {
        let marked = |d: &&Document| self.text_of(d).contains("smsctl-generated");
        self.documents.iter().filter(marked).flat_map(|d| self.generated_in(d)).collect()
    }

    /// The places for generated tables of one document.
    #[must_use]
    pub fn generated_in<'a>(&'a self, document: &'a Document) -> Vec<Generated<'a>> {
        let mut out = Vec::new();
        let mut open: Option<(&str, Span)> = None;
        for mark in &document.body.comments {
            let words = self.sources.text(*mark).trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
            if let Some(name) = words.strip_prefix(OPEN) {
                out.extend(open.take().map(|(n, m)| Generated::new(document, n, m, GeneratedState::Unclosed)));
                open = Some((name.trim(), *mark));
            } else if words == CLOSE {
                out.push(match open.take() {
                    Some((name, first)) => {
                        let between = Span { start: first.end, end: mark.start, ..first };
                        Generated::new(document, name, first, self.compare(document, name, between))
                    }
                    None => Generated::new(document, "", *mark, GeneratedState::Unopened),
                });
            }
        }
        out.extend(open.map(|(name, mark)| Generated::new(document, name, mark, GeneratedState::Unclosed)));
        out
    }

    fn compare(&self, document: &Document, words: &str, between: Span) -> GeneratedState {
        let path = &self.sources.file(document.file).path;
        let view = match View::parse(self, words) {
            Ok(view) => view,
            Err((message, help)) => return GeneratedState::Unknown(message, help),
        };
        let register = self.artifact_at(path).filter(|a| a.kind() == "register");
        if view == View::Entries && register.is_none() {
            return GeneratedState::NoRegister;
        }
        let table = view.compute(self, register).markdown(path);
        if cells(self.sources.text(between)) == cells(&table) {
            return GeneratedState::Fresh;
        }
        let text = self.text_of(document);
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        GeneratedState::Stale(between, format!("\n\n{table}\n").replace('\n', line_end))
    }

    /// The text of a document with its generated tables as they would be written today.
    #[must_use]
    pub fn with_fresh_tables(&self, document: &Document) -> String {
        let mut text = self.text_of(document).to_owned();
        for place in self.generated_in(document).into_iter().rev() {
            if let GeneratedState::Stale(span, table) = place.state {
                text.replace_range(span.range(), &table);
            }
        }
        text
    }
}

impl<'a> Generated<'a> {
    fn new(document: &'a Document, name: &'a str, mark: Span, state: GeneratedState) -> Self {
        Self { document, name, mark, state }
    }
}
