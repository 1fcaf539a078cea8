//! A computed table and how it stands in Markdown.

use crate::source::relative;

/// A cell: text, or text that leads to a file of the SMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Plain text.
    Text(String),
    /// The words of a link and the path below the root it leads to.
    Link(String, String),
    /// Several links, one after the other.
    Links(Vec<(String, String)>),
}

impl Cell {
    /// The words without the way.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Link(text, _) => text.clone(),
            Self::Links(links) => links.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    /// The paths it leads to.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let (one, more) = match self {
            Self::Text(_) => (None, [].as_slice()),
            Self::Link(_, path) => (Some(path.as_str()), [].as_slice()),
            Self::Links(links) => (None, links.as_slice()),
        };
        one.into_iter().chain(more.iter().map(|(_, path)| path.as_str()))
    }

    fn markdown(&self, from: &str) -> String {
        match self {
            Self::Text(text) => escape(text),
            Self::Link(text, path) => link(text, &relative(from, path)),
            Self::Links(links) => {
                links.iter().map(|(text, path)| link(text, &relative(from, path))).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A table worked out from the SMS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComputedTable {
    /// Headings.
    pub head: Vec<String>,
    /// Rows, each as long as the head.
    pub rows: Vec<Vec<Cell>>,
}

impl ComputedTable {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|h| (*h).to_owned()).collect(), rows: Vec::new() }
    }

    /// The table in Markdown, with links as seen from a file; a line in its place when there is no row.
    #[must_use]
    pub fn markdown(&self, from: &str) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = vec!["---".to_owned(); self.head.len()];
        let mut out = line(&self.head) + &line(&rule);
        for row in &self.rows {
            out += &line(&row.iter().map(|cell| cell.markdown(from)).collect::<Vec<_>>());
        }
        out
    }
}

/// The words of a table without its layout: a formatter that pads cells does not make it stale.
pub(super) fn cells(table: &str) -> Vec<Vec<String>> {
    let rows = table.lines().map(str::trim).filter(|l| !l.is_empty());
    let cell = |c: &str| if c.trim().trim_matches([':', '-']).is_empty() { String::new() } else { c.trim().to_owned() };
    rows.map(|row| row.split('|').map(cell).collect()).collect()
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
