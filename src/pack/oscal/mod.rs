//! The facts of a pack as OSCAL, for tools that read compliance data: what the standard asks for (catalog), which documents
//! answer it (component definition), what was found (assessment results), what is done about it (plan of action and
//! milestones). `docs/oscal.md` tells what maps to what.

mod actions;
mod audits;
mod checks;
mod clauses;
mod components;
mod frame;
mod parts;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use super::{Facts, Files};
use clauses::Clauses;
use frame::Frame;

/// The release of OSCAL the files declare. It is not the newest one: compliance-trestle reads 1.2.0 and 1.2.1 and refuses
/// any other number, and what we write means the same in 1.2.3.
const OSCAL_VERSION: &str = "1.2.1";

/// Where a pack holds the files of the SMS: path in the SMS to path in the pack. What is not in it is not in the pack.
pub type Places = BTreeMap<String, String>;

/// OSCAL files of a pack.
#[derive(Clone, Debug, Default)]
pub struct Oscal {
    /// The files, all in the folder `oscal`.
    pub files: Files,
    /// What is not told in OSCAL: the file it would stand in, and why, a whole sentence.
    pub left_out: Vec<(String, String)>,
}

const CATALOG: &str = "oscal/catalog.json";
const COMPONENTS: &str = "oscal/component-definition.json";
const RESULTS: &str = "oscal/assessment-results.json";
const ACTIONS: &str = "oscal/plan-of-action-and-milestones.json";

/// The OSCAL files.
#[must_use]
pub fn files(facts: &Facts<'_>, places: &Places) -> Oscal {
    let frame = Frame::new(facts, places);
    let clauses = Clauses::of(&facts.ws.catalog);
    let mut out = Oscal::default();
    out.files.insert(CATALOG.into(), clauses::catalog(&frame, &clauses));
    out.files.insert(COMPONENTS.into(), components::definition(&frame, &clauses));
    let (audits, unheard) = audits::results(&frame, &clauses);
    let checks = checks::result(&frame, &clauses);
    out.files.insert(RESULTS.into(), audits::assessment(&frame, checks, audits));
    out.left_out.extend(unheard.into_iter().map(|why| (RESULTS.to_owned(), why)));
    match actions::plan(&frame, &clauses) {
        Some(plan) => drop(out.files.insert(ACTIONS.into(), plan)),
        None => out.left_out.push((ACTIONS.into(), NO_ACTIONS.into())),
    }
    out
}

const NO_ACTIONS: &str =
    "The SMS has no nonconformity, and OSCAL allows no plan of action and milestones without an item.";
