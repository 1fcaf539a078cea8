//! What `new` can write, and what of it exists.

use super::index::{Index, Known};
use crate::catalog::{Catalog, ToolkitEntry};
use crate::workspace::Workspace;

/// Something `new` can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What to type after `smsctl new`.
    pub name: String,
    /// What it is.
    pub what: OfferKind,
    /// Kind of the document.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Documents that exist already.
    pub existing: Vec<Existing>,
}

/// What sort of thing is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferKind {
    /// An entry of the toolkit.
    Entry,
    /// A register that no entry of the toolkit is.
    Register,
    /// Any document of a kind.
    Kind,
}

impl OfferKind {
    /// `entry`, `register` or `kind`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Register => "register",
            Self::Kind => "kind",
        }
    }
}

/// A document that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Its id.
    pub id: String,
    /// Its path below the root.
    pub path: String,
}

impl Existing {
    fn of(document: &Known) -> Self {
        Self { id: document.id.clone(), path: document.path.clone() }
    }
}

impl Offer {
    /// Whether there is nothing of it; any number of documents of a kind is none too few.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.existing.is_empty() && self.what != OfferKind::Kind
    }
}

/// Kinds in the order people work through them; others follow by name.
const ORDER: [&str; 18] = [
    "context",
    "policy",
    "plan",
    "process",
    "procedure",
    "sop",
    "register",
    "agreement",
    "form",
    "checklist",
    "template",
    "log",
    "agenda",
    "report",
    "record",
    "guideline",
    "flowchart",
    "presentation",
];

/// Everything `new` can write, with what exists of it: toolkit entries by kind, then further registers, then kinds.
#[must_use]
pub fn offers(ws: &Workspace) -> Vec<Offer> {
    let index = Index::of(ws);
    let mut out = entries(&ws.catalog, &index);
    let of_entries: Vec<&str> = ws.catalog.entries().iter().filter_map(|e| e.register.as_deref()).collect();
    let further = ws.schemas.registers().filter(|name| !of_entries.contains(name));
    let is = |d: &&Known, name: &str| d.kind == "register" && d.register.as_deref() == Some(name);
    out.extend(further.map(|name| Offer {
        name: format!("register {name}"),
        what: OfferKind::Register,
        kind: "register".into(),
        title: crate::report::sentence(&name.replace('-', " ")),
        existing: index.documents.iter().filter(|d| is(d, name)).map(Existing::of).collect(),
    }));
    out.extend(ws.schemas.kinds().filter(|k| *k != "register").map(|name| Offer {
        name: format!("{name} \"Title\""),
        what: OfferKind::Kind,
        kind: name.to_owned(),
        title: format!("Any {name}"),
        existing: index.documents.iter().filter(|d| d.kind == name).map(Existing::of).collect(),
    }));
    out
}

fn entries(catalog: &Catalog, index: &Index) -> Vec<Offer> {
    let offer = |entry: &ToolkitEntry| Offer {
        name: entry.id.clone(),
        what: OfferKind::Entry,
        kind: entry.kind.clone(),
        title: entry.title.clone(),
        existing: index.of_entry(catalog, entry).map(Existing::of).collect(),
    };
    let mut out: Vec<Offer> = catalog.entries().iter().map(offer).collect();
    let place = |kind: &str| ORDER.iter().position(|k| *k == kind).unwrap_or(ORDER.len());
    out.sort_by(|a, b| place(&a.kind).cmp(&place(&b.kind)).then_with(|| a.kind.cmp(&b.kind)));
    out
}
