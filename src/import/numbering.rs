//! Which lists of a Word document are numbered.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::Element;

/// Lists by the id that paragraphs name.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbering {
    /// List and level that count.
    ordered: BTreeSet<(String, u8)>,
    known: BTreeSet<String>,
}

impl Numbering {
    pub(super) fn read(root: Option<&Element>) -> Self {
        let mut out = Self::default();
        let Some(root) = root else { return out };
        let mut plans: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for plan in root.children().filter(|e| e.name == "abstractNum") {
            let levels = plan.children().filter(|e| e.name == "lvl").filter(|l| counts(l));
            // The type is said, because on Windows a crate adds another one to collect from.
            let numbers = levels.filter_map(|l| l.attribute("ilvl")?.parse::<u8>().ok()).collect();
            plans.insert(plan.attribute("abstractNumId").unwrap_or_default(), numbers);
        }
        for list in root.children().filter(|e| e.name == "num") {
            let Some(id) = list.attribute("numId") else { continue };
            out.known.insert(id.to_owned());
            let plan = list.setting(&["abstractNumId"]).unwrap_or_default();
            let levels = plans.get(plan).map(Vec::as_slice).unwrap_or_default();
            out.ordered.extend(levels.iter().map(|level| (id.to_owned(), *level)));
        }
        out
    }

    /// Whether a paragraph of this list at this level is an item, and a numbered one. List 0 takes numbers away.
    pub(super) fn item(&self, id: &str, level: u8) -> Option<bool> {
        (id != "0" && self.known.contains(id)).then(|| self.ordered.contains(&(id.to_owned(), level)))
    }
}

fn counts(level: &Element) -> bool {
    !matches!(level.setting(&["numFmt"]), None | Some("bullet" | "none"))
}
