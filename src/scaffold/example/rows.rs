//! CSV files of registers: they come with their document, and hold the rows of their time.

use super::files::FILES;
use crate::document::load_csv;
use crate::source::FileId;

/// Columns that say when a row came to be, the first that a file has.
const BORN: [&str; 2] = ["opened_at", "requested_on"];

/// The CSV file a document names in `entries_from`: path and text.
pub(super) fn beside(path: &str, document: &str) -> Option<(String, &'static str)> {
    let name = document.lines().find_map(|line| line.strip_prefix("entries_from: "))?.trim();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = format!("{folder}/{name}");
    FILES.iter().find(|(p, _)| *p == path).map(|(_, text)| (path, *text))
}

/// The header and the rows that were there at the end of a day; all of them when rows do not say when they came to be.
pub(super) fn until(text: &str, day: &str) -> String {
    let (table, _) = load_csv(FileId(0), text);
    let header = text.lines().next().unwrap_or_default();
    let mut out = format!("{header}\n");
    for row in &table.rows {
        let born = BORN.into_iter().find_map(|column| row.str(column)).and_then(|at| at.get(..10));
        if born.is_none_or(|born| born <= day) {
            out += text.get(row.span.range()).unwrap_or_default();
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_when_their_day_has_come() {
        let text = "id,title,opened_at\nI-1,\"a, b\",2026-04-14 10:05\nI-2,c,2026-04-15 08:00\nI-3,d,\n";
        assert_eq!(until(text, "2026-04-14"), "id,title,opened_at\nI-1,\"a, b\",2026-04-14 10:05\nI-3,d,\n");
        assert_eq!(until(text, "2026-04-15"), text);
        assert_eq!(until("id,name\nC-1,a\n", "2020-01-01"), "id,name\nC-1,a\n");
    }

    #[test]
    fn a_document_leads_to_its_rows() {
        let text = "---\nregister: changes\nentries_from: changes.csv\n---\n";
        assert!(beside("registers/changes.md", text).is_some_and(|(path, _)| path == "registers/changes.csv"));
        assert!(beside("registers/changes.md", "---\nentries: []\n---\n").is_none());
    }
}
