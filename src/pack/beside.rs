//! What lies beside the documents of a commit and its verdict rests on: schemas, catalogue, entries in CSV files. The evidence holds it
//! as far as it may leave, so that a reader can compute anew what the pack says.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Ground;
use super::disclosure::Disclosure;
use super::reads::Reads;
use crate::error::Error;
use crate::history::{Oid, TreeFile};
use crate::rules::CodeOwners;
use crate::source::is_markdown;
use crate::workspace;

/// Contents by name, with a path for each. `shared` are the documents that are in the pack with their text.
pub(super) fn files(
    ground: &Ground<'_>,
    disclosure: &Disclosure,
    shared: &BTreeSet<String>,
) -> Result<BTreeMap<Oid, String>, Error> {
    let reads = Reads::of(ground.source);
    workspace::load(&reads, &|_, _| {})?;
    let mut asked = reads.asked();
    // A pack that leaves nothing out can be made again from its own evidence, pages of people and CODEOWNERS included.
    let whole = disclosure.withheld.is_empty() && ground.ws.artifacts().all(|a| in_it(a.path(), disclosure, shared));
    if whole {
        asked.extend(CodeOwners::PLACES.map(str::to_owned));
    }
    let entries: BTreeMap<String, &str> =
        ground.ws.artifacts().filter_map(|a| Some((a.entries_path()?, a.path()))).collect();
    let leaves = |path: &String| match entries.get(path) {
        Some(document) => in_it(document, disclosure, shared) && disclosure.is_untouched(path),
        None => whole || !is_markdown(path),
    };
    let files = ground.repository.files(ground.commit.oid, "")?;
    let found = asked.iter().filter(|path| leaves(path)).filter_map(|path| Some((path, files.get(path)?)));
    let mut out = BTreeMap::new();
    for (path, TreeFile { oid, .. }) in found.filter(|(_, file)| file.is_regular()) {
        let may = entries.contains_key(path) || ground.repository.blob(*oid).is_ok_and(|b| disclosure.names_nobody(&b));
        if may && ground.repository.stub(*oid).is_none() {
            out.insert(*oid, path.clone());
        }
    }
    Ok(out)
}

fn in_it(path: &str, disclosure: &Disclosure, shared: &BTreeSet<String>) -> bool {
    disclosure.all_leaves() || shared.contains(path)
}
