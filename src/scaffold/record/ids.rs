//! The next free id of a register.

use serde_json::Value;

use crate::document::Step;
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// The first prefix a schema gives the ids of its entries.
pub(super) fn first_prefix(annotation: &Value) -> Option<String> {
    let first = annotation.as_str().or_else(|| annotation.as_array()?.first()?.as_str());
    first.map(|p| p.trim_end_matches('-').to_owned())
}

/// The number behind the highest one in use: `MSR-0031` follows `MSR-0030`, `AUD-2027-01` opens a year.
pub(super) fn next(ws: &Workspace, register: ArtifactView<'_>, prefix: Option<&str>, year: i16) -> String {
    // What stands within an entry, such as the findings of an audit, has numbers of its own.
    let entries = register.children().filter(|e| matches!(e.path(), [Step::Key(_), Step::Index(_)]));
    next_of(ws, entries.map(EntityView::id), prefix, year)
}

/// The same for ids that stand in several documents.
pub(super) fn next_of<'a>(
    ws: &Workspace,
    ids: impl Iterator<Item = &'a str>,
    prefix: Option<&str>,
    year: i16,
) -> String {
    let used: Vec<(&str, u64, usize)> = ids.filter_map(split).collect();
    let newest = used.iter().max_by_key(|(stem, number, _)| (*stem, *number));
    let (stem, width) = match newest {
        Some((stem, _, width)) => (of_year(stem, year), *width),
        None => (format!("{}-", prefix.unwrap_or("ENTRY")), 3),
    };
    let highest = used.iter().filter(|(s, _, _)| *s == stem).map(|(_, n, _)| *n).max().unwrap_or(0);
    let free = |id: &String| ws.entity(id).is_none() && !ws.phantoms.contains(id);
    let ids = (1..=10_000).map(|n| format!("{stem}{:0width$}", highest.saturating_add(n)));
    ids.into_iter().find(free).unwrap_or_else(|| format!("{stem}{:0width$}", highest.saturating_add(1)))
}

/// `MSR-0030` is `MSR-`, 30 and four digits.
fn split(id: &str) -> Option<(&str, u64, usize)> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = id.get(stem.len()..).filter(|d| !d.is_empty() && stem.ends_with('-'))?;
    Some((stem, digits.parse().ok()?, digits.len()))
}

/// A stem such as `AUD-2026-` with the year in place of its own.
fn of_year(stem: &str, year: i16) -> String {
    let bare = stem.trim_end_matches('-');
    match bare.rsplit_once('-') {
        Some((head, old)) if old.len() == 4 && old.bytes().all(|b| b.is_ascii_digit()) => format!("{head}-{year:04}-"),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_a_stem_a_number_and_a_width() {
        assert_eq!(split("MSR-0030"), Some(("MSR-", 30, 4)));
        assert_eq!(split("CT-2026-01"), Some(("CT-2026-", 1, 2)));
        assert_eq!(split("change-manager"), None);
        assert_eq!(split("A1"), None);
        assert_eq!(of_year("CT-2026-", 2027), "CT-2027-");
        assert_eq!(of_year("MSR-", 2027), "MSR-");
    }
}
