//! Tables inside documents that smsctl writes: what stands between the two marks is computed, never typed.
//!
//! ```text
//! <!-- smsctl-generated: documents -->
//! …
//! <!-- /smsctl-generated -->
//! ```

use super::{ArtifactView, EntityView, Filter, Workspace};
use crate::document::{Document, Step};
use crate::source::{Span, relative};

/// Names of the tables that can be asked for.
pub const GENERATED_NAMES: [&str; 2] = ["documents", "entries"];

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
    /// No table has this name.
    UnknownName,
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

    fn compare(&self, document: &Document, name: &str, between: Span) -> GeneratedState {
        let path = &self.sources.file(document.file).path;
        let table = match name {
            "documents" => documents(self, path),
            "entries" => match self.artifact_at(path).filter(|a| a.kind() == "register") {
                Some(register) => entries(register),
                None => return GeneratedState::NoRegister,
            },
            _ => return GeneratedState::UnknownName,
        };
        if cells(self.sources.text(between)) == cells(&table) {
            return GeneratedState::Fresh;
        }
        let text = self.text_of(document);
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        GeneratedState::Stale(between, format!("\n\n{table}\n").replace('\n', line_end))
    }
}

impl<'a> Generated<'a> {
    fn new(document: &'a Document, name: &'a str, mark: Span, state: GeneratedState) -> Self {
        Self { document, name, mark, state }
    }
}

/// The words of a table without its layout: a formatter that pads cells does not make it stale.
fn cells(table: &str) -> Vec<Vec<String>> {
    let rows = table.lines().map(str::trim).filter(|l| !l.is_empty());
    let cell = |c: &str| if c.trim().trim_matches([':', '-']).is_empty() { String::new() } else { c.trim().to_owned() };
    rows.map(|row| row.split('|').map(cell).collect()).collect()
}

fn documents(ws: &Workspace, from: &str) -> String {
    let head = ["Id", "Title", "Kind", "Version", "Status", "Owner", "Effective on", "Next review"];
    let rows = ws.master_list(&Filter::default()).into_iter().map(|a| {
        let date = |d: Option<jiff::civil::Date>| d.map_or_else(String::new, |d| d.to_string());
        vec![
            escape(a.id()),
            link(a.title(), &relative(from, a.path())),
            escape(a.kind()),
            escape(a.version()),
            escape(a.status()),
            escape(a.front().str("owner").unwrap_or_default()),
            date(a.front().date("effective_on")),
            date(a.review_due()),
        ]
    });
    markdown_table(&head, rows)
}

fn entries(register: ArtifactView<'_>) -> String {
    let listed = |e: &EntityView<'_>| matches!(e.path().first(), Some(Step::Key(key)) if &**key == "entries");
    // What an entry holds, such as the findings of an audit, is no entry.
    let rows = register.children().filter(listed).filter(|e| e.path().len() == 2).map(|e| {
        ["id", "", "owner", "status"]
            .into_iter()
            .map(|field| escape(if field.is_empty() { e.label() } else { e.str(field).unwrap_or_default() }))
            .collect()
    });
    markdown_table(&["Id", "Title", "Owner", "Status"], rows)
}

fn markdown_table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let mut out = line(&head) + &line(&rule);
    rows.for_each(|row| out.push_str(&line(&row)));
    out
}

/// Text that stays text in a table cell.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '|' => out.push_str("&#124;"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '[' | ']' | '*' | '_' | '`' => out.extend(['\\', c]),
            other => out.push(other),
        }
    }
    out
}

fn link(text: &str, target: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut escaped = String::with_capacity(target.len());
    for c in target.chars() {
        if plain(c) {
            escaped.push(c);
        } else {
            let mut bytes = [0; 4];
            escaped.extend(c.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02X}")));
        }
    }
    format!("[{}]({escaped})", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_file() {
        assert_eq!(relative("README.md", "policies/a.md"), "policies/a.md");
        assert_eq!(relative("registers/docs.md", "policies/a.md"), "../policies/a.md");
        assert_eq!(relative("a/b/c.md", "a/d.md"), "../d.md");
        assert_eq!(relative("a/b.md", "a/b.md"), "b.md");
    }

    #[test]
    fn no_text_breaks_out_of_its_cell() {
        assert_eq!(escape("a | b\n<!-- /smsctl-generated -->"), "a &#124; b &lt;!-- /smsctl-generated -->");
        assert_eq!(link("A [x]", "a b(1).md"), "[A \\[x\\]](a%20b%281%29.md)");
    }

    #[test]
    fn layout_does_not_make_a_table_stale() {
        assert_eq!(cells("| a | b |\n|---|:--|\n"), cells("\n|  a |  b  |\r\n| --- | -------- |\r\n"));
        assert_ne!(cells("| a | b |"), cells("| a | c |"));
    }
}
