//! What the main line held for an artifact, and since when each part of it reads as it does.

use std::collections::{BTreeMap, BTreeSet};

use git2::Oid;

use super::lineage::{Change, Lineages};
use super::repository::Repository;
use super::walk::{ChainChange, Walk};
use crate::error::Error;

/// Most contents of one artifact that are read; what is older is not looked at.
const MAX_READ: usize = 256;

/// A content that a commit of the main line brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Position of the commit in [`Walk::chain`].
    pub position: u32,
    /// Its date, seconds since 1970 as the committer's machine claims.
    pub time: i64,
    /// The content.
    pub blob: Oid,
}

/// Since when a part of an artifact reads as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// It is not committed yet.
    NotCommitted,
    /// It was another before this stage.
    Changed(Stage),
    /// It was not there before this stage; the artifact was.
    Added(Stage),
    /// It came with the artifact.
    FromTheStart(Stage),
}

/// The main line, by path.
pub struct MainLine<'w> {
    walk: &'w Walk,
    lineages: &'w Lineages,
    by_path: BTreeMap<u32, Vec<ChainChange>>,
}

impl<'w> MainLine<'w> {
    /// Sorts the changes of the main line by path; one pass.
    #[must_use]
    pub fn of(walk: &'w Walk, lineages: &'w Lineages) -> Self {
        let mut by_path: BTreeMap<u32, Vec<ChainChange>> = BTreeMap::new();
        for change in walk.chain_changes("") {
            by_path.entry(change.path).or_default().push(change);
        }
        Self { walk, lineages, by_path }
    }

    /// The contents the main line held for an id, newest first; a renamed file keeps its past.
    #[must_use]
    pub fn stages(&self, id: &str) -> Vec<Stage> {
        let states = self.lineages.0.get(id).map_or(&[][..], |l| l.states.as_slice());
        let alive = states.iter().filter(|s| s.change != Change::Removed);
        let blobs: BTreeSet<Oid> = alive.clone().map(|s| s.blob).collect();
        let paths: BTreeSet<u32> = alive.map(|s| s.path).collect();
        let changes = paths.iter().filter_map(|path| self.by_path.get(path)).flatten();
        let mut brought: BTreeMap<u32, Stage> = BTreeMap::new();
        for change in changes {
            if let Some((blob, _)) = change.new.filter(|(blob, _)| blobs.contains(blob)) {
                let commit = self.walk.chain.get(change.position as usize).and_then(|ix| self.walk.commits.get(*ix));
                let time = commit.map_or(0, |c| c.commit_time);
                brought.insert(change.position, Stage { position: change.position, time, blob });
            }
        }
        brought.into_values().rev().collect()
    }
}

/// Since when each part reads as it does now. `parts` takes a content apart, `now` are the parts as they are. Contents are
/// read from the newest on, only until every part is known, and at most 256; parts that are older are left out.
///
/// # Errors
/// When a content cannot be read.
pub fn since(
    repository: &Repository,
    stages: &[Stage],
    now: &BTreeMap<String, String>,
    parts: &dyn Fn(&[u8]) -> BTreeMap<String, String>,
) -> Result<BTreeMap<String, Since>, Error> {
    let mut open: BTreeMap<&str, &str> = now.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mut out = BTreeMap::new();
    let mut later: Option<Stage> = None;
    for stage in stages.iter().take(MAX_READ) {
        if open.is_empty() {
            break;
        }
        let then = parts(&repository.blob(stage.blob)?);
        open.retain(|key, value| {
            let before = then.get(*key);
            let found = match (before, later) {
                (Some(before), _) if before == value => return true,
                (_, None) => Since::NotCommitted,
                (Some(_), Some(later)) => Since::Changed(later),
                (None, Some(later)) => Since::Added(later),
            };
            out.insert((*key).to_owned(), found);
            false
        });
        later = Some(*stage);
    }
    if stages.len() <= MAX_READ {
        let oldest = later.map_or(Since::NotCommitted, Since::FromTheStart);
        out.extend(open.into_keys().map(|key| (key.to_owned(), oldest)));
    }
    Ok(out)
}
