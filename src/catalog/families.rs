//! Practices: which entries of the toolkit and which registers belong together.

use std::collections::BTreeSet;

use super::ToolkitEntry;
use crate::document::Node;

/// A practice, such as change management, with what belongs to it.
#[derive(Clone, Debug)]
pub struct Family {
    /// `Change management`.
    pub name: String,
    /// Ids of its entries: policy, process, procedures, SOPs, forms, presentation.
    pub entries: Vec<String>,
    /// Names of its registers.
    pub registers: Vec<String>,
}

/// Something that belongs beside an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Neighbour<'a> {
    /// A toolkit entry by its id.
    Entry(&'a str),
    /// A register by its name.
    Register(&'a str),
}

impl Family {
    /// All families of a file of `[[family]]` tables.
    pub(super) fn all(node: &Node) -> Vec<Self> {
        let texts = |node: &Node, key: &str| node.texts(key).map(|(t, _)| t.to_owned()).collect();
        let family = |node: &Node| Self {
            name: node.str("name").unwrap_or_default().to_owned(),
            entries: texts(node, "entries"),
            registers: texts(node, "registers"),
        };
        node.list("family").iter().map(family).collect()
    }

    fn members(&self) -> impl Iterator<Item = Neighbour<'_>> {
        let entries = self.entries.iter().map(|e| Neighbour::Entry(e));
        entries.chain(self.registers.iter().map(|r| Neighbour::Register(r)))
    }
}

/// What belongs beside an entry, closest first: what speaks of the same thing, then the members of its families, those of
/// small families before those of large ones.
pub(super) fn neighbours<'a>(families: &'a [Family], entry: &'a ToolkitEntry) -> Vec<Neighbour<'a>> {
    let overlapping = entry.overlaps.iter().map(|o| match o.strip_prefix("register:") {
        Some(register) => Neighbour::Register(register),
        None => Neighbour::Entry(o),
    });
    let mut own: Vec<&Family> = families.iter().filter(|f| f.entries.contains(&entry.id)).collect();
    own.sort_by_key(|f| f.entries.len() + f.registers.len());
    let is_self = |n: &Neighbour<'_>| match n {
        Neighbour::Entry(id) => *id == entry.id,
        Neighbour::Register(name) => entry.register.as_deref() == Some(name),
    };
    let mut seen = BTreeSet::new();
    let all = overlapping.chain(own.into_iter().flat_map(Family::members));
    all.filter(|n| !is_self(n) && seen.insert(*n)).collect()
}
