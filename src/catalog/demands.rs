//! What counts as the document or the record a clause asks for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::checklist::items;
use crate::document::load_csv;
use crate::source::FileId;

/// What counts for one clause. Each list holds alternatives: `kind:policy` (a document of that kind that names the clause),
/// `entry:capacity-plan` (grown from that toolkit entry), `register:risks` (the register or its entries), `measurement:cost`
/// (values of metrics of that kind).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// What counts as the document.
    pub document: Vec<String>,
    /// What counts as a record.
    pub record: Vec<String>,
}

/// Demands by clause, from a CSV text with the columns `clause, document, record`.
#[must_use]
pub fn demands(text: &str) -> BTreeMap<String, Demand> {
    let rows = load_csv(FileId(0), text).0.rows;
    let row = |row: &crate::document::Node| {
        let demand = Demand { document: items(row, "document"), record: items(row, "record") };
        Some((row.str("clause")?.to_owned(), demand))
    };
    rows.iter().filter_map(row).collect()
}

/// The demands of ISO/IEC 20000-1:2018.
#[must_use]
pub fn built_in_demands() -> &'static BTreeMap<String, Demand> {
    static ALL: LazyLock<BTreeMap<String, Demand>> = LazyLock::new(|| demands(include_str!("data/demands.csv")));
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn each_clause_that_asks_for_something_has_its_line_and_no_other() {
        for clause in Catalog::get().clauses() {
            let asked = clause.documented_information.as_str();
            let demand = built_in_demands().get(&clause.id).cloned().unwrap_or_default();
            assert_eq!(asked.contains("document"), !demand.document.is_empty(), "{}", clause.id);
            assert_eq!(asked.contains("record"), !demand.record.is_empty(), "{}", clause.id);
        }
        assert!(built_in_demands().keys().all(|c| Catalog::get().clause(c).is_some()));
    }

    #[test]
    fn entries_that_count_exist() {
        let named = built_in_demands().values().flat_map(|d| d.document.iter().chain(&d.record));
        for entry in named.filter_map(|s| s.strip_prefix("entry:")) {
            assert!(Catalog::get().entry(entry).is_some(), "{entry}");
        }
    }
}
