//! What a document is, judged by its title: an entry of the toolkit, or a kind.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ToolkitEntry};

/// Words that tell documents apart in nothing.
const EMPTY: [&str; 14] =
    ["a", "an", "and", "for", "in", "of", "the", "to", "iso", "iec", "20000", "template", "document", "our"];

/// The entry of the toolkit a title speaks of; none when two come equally near.
pub(super) fn entry<'a>(catalog: &'a Catalog, title: &str) -> Option<&'a ToolkitEntry> {
    let wanted = words(title);
    if wanted.is_empty() {
        return None;
    }
    let score = |e: &ToolkitEntry| {
        let own = words(&e.title);
        let shared = wanted.intersection(&own).count();
        let all = wanted.union(&own).count().max(1);
        shared * 1000 / all
    };
    let mut scored: Vec<(usize, &ToolkitEntry)> = catalog.entries().iter().map(|e| (score(e), e)).collect();
    scored.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    match scored.as_slice() {
        [(best, found), (second, _), ..] if *best >= 750 && best > second => Some(found),
        _ => None,
    }
}

/// Words in lower case, without those that say nothing and without an `s` at their end.
fn words(title: &str) -> BTreeSet<String> {
    let spelled = title.replace('&', " and ").to_lowercase();
    let parts = spelled.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !EMPTY.contains(w));
    parts.map(|w| if w.len() > 3 { w.strip_suffix('s').unwrap_or(w).to_owned() } else { w.to_owned() }).collect()
}

/// Words of titles with the kind they stand for; the first that is found counts.
const KINDS: &[(&str, &str)] = &[
    ("standard operating procedure", "sop"),
    ("sop", "sop"),
    ("work instruction", "sop"),
    ("instruction", "sop"),
    ("policy", "policy"),
    ("procedure", "procedure"),
    ("process", "process"),
    ("plan", "plan"),
    ("programme", "plan"),
    ("checklist", "checklist"),
    ("form", "form"),
    ("agreement", "agreement"),
    ("sla", "agreement"),
    ("contract", "agreement"),
    ("report", "report"),
    ("minutes", "record"),
    ("record", "record"),
    ("presentation", "presentation"),
    ("slides", "presentation"),
    ("training", "presentation"),
    ("flow chart", "flowchart"),
    ("flowchart", "flowchart"),
    ("diagram", "flowchart"),
    ("agenda", "agenda"),
    ("log", "log"),
    ("register", "log"),
    ("list", "log"),
    ("scope", "context"),
    ("template", "template"),
    ("guide", "guideline"),
    ("guideline", "guideline"),
    ("guidelines", "guideline"),
    ("manual", "guideline"),
];

/// The kind a title speaks of.
pub(super) fn kind(title: &str) -> Option<&'static str> {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let padded = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
    KINDS.iter().find(|(words, _)| padded.contains(&format!(" {words} "))).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_find_their_entry() {
        let of = |title: &str| entry(Catalog::get(), title).map(|e| e.id.as_str());
        assert_eq!(of("Incident Management Policy"), Some("incident-management-policy"));
        assert_eq!(of("Release & Deployment Management Policy"), Some("release-and-deployment-management-policy"));
        assert_eq!(of("Service Complaints Procedure"), Some("service-complaint-procedure"));
        assert_eq!(of("Canteen rules"), None);
        assert_eq!(of("Management"), None);
    }

    #[test]
    fn titles_find_their_kind() {
        assert_eq!(kind("Standard Operating Procedure: Backup"), Some("sop"));
        assert_eq!(kind("Process for changes"), Some("process"));
        assert_eq!(kind("Information"), None);
    }
}
