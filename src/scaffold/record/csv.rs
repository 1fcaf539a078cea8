//! A row at the end of a CSV register.

use super::{Entry, Refusal};
use crate::document::load_csv;
use crate::source::FileId;

/// The text with one more row; everything before it stays byte for byte.
pub(super) fn appended(text: &str, entry: &Entry<'_>) -> Result<String, Refusal> {
    let (table, problems) = load_csv(FileId(0), text);
    if let Some(problem) = problems.first() {
        return Err((problem.message.clone(), "Mend the file first; `smsctl check` shows the places.".into()));
    }
    let missing = entry.fields.iter().find(|(name, _)| table.header.iter().all(|(column, _)| column != name));
    if let Some((name, _)) = missing {
        let help = format!("Add `{name}` to the first line (and a comma to the other lines), or leave the field out.");
        return Err((format!("it has no column `{name}`"), help));
    }
    let value = |column: &str| match column {
        "id" => entry.id,
        other => entry.fields.iter().find(|(name, _)| *name == other).map_or("", |(_, value)| *value),
    };
    let row: Vec<String> = table.header.iter().map(|(column, _)| cell(value(column))).collect();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let joint = if text.ends_with('\n') { "" } else { line_end };
    Ok(format!("{text}{joint}{}{line_end}", row.join(",")))
}

/// A cell after RFC 4180.
pub(super) fn cell(value: &str) -> String {
    let quoted = value.contains([',', '"', '\r', '\n']) || value.trim() != value;
    if quoted { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
