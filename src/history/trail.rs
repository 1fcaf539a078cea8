//! Every commit that touched the text of an artifact: its file, whatever the file was called and whether it could be read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use git2::Oid;

use super::lineage::{Change, Lineages, State};
use super::walk::{Row, Walk, small};

/// What a commit brought to the text of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// Bytes that were not there before.
    New,
    /// Bytes that were there before: the file was renamed, given another mode, or brought back.
    Known,
    /// Nothing: it took the text away.
    Nothing,
}

/// A commit that touched the text of an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Index of the commit in [`Walk::commits`].
    pub commit: u32,
    /// Index of the path in [`Walk::paths`].
    pub path: u32,
    /// The content it left there; none when it took it away.
    pub blob: Option<Oid>,
    /// What it brought.
    pub brings: Brings,
    /// The commit at which the text came in new after it had left the files that are followed, when the content rests on
    /// that: who wrote it meanwhile is not known.
    pub untraced: Option<u32>,
}

/// What touched an artifact, oldest first in the order of [`Walk::commits`].
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// Oldest first.
    pub touches: Vec<Touch>,
    /// The first touch that brought each content.
    first: HashMap<Oid, usize>,
}

impl Trail {
    /// The touch that brought a content first.
    #[must_use]
    pub fn first(&self, blob: Oid) -> Option<&Touch> {
        self.touches.get(*self.first.get(&blob)?)
    }
}

/// Finds trails.
pub struct Trails<'w> {
    walk: &'w Walk,
    lineages: &'w Lineages,
    /// Indexes of rows by path.
    by_path: Vec<Vec<u32>>,
}

impl<'w> Trails<'w> {
    /// Sorts the rows by path; one pass.
    #[must_use]
    pub fn of(walk: &'w Walk, lineages: &'w Lineages) -> Self {
        let mut by_path = vec![Vec::new(); walk.paths.len()];
        for (index, row) in walk.rows.iter().enumerate() {
            if let Some(rows) = by_path.get_mut(row.path as usize) {
                rows.push(small(index));
            }
        }
        Self { walk, lineages, by_path }
    }

    /// The trail of an id.
    #[must_use]
    pub fn trail(&self, id: &str) -> Trail {
        let mut known = Known { ids: BTreeMap::from([(id.to_owned(), u32::MAX)]), rows: BTreeSet::new() };
        loop {
            let mut search = Search::of(self, &known);
            search.run();
            let (before, trail) = (search.before, search.trail);
            if !known.extend(before) {
                return trail;
            }
        }
    }

    fn rows_at(&self, path: u32) -> &[u32] {
        self.by_path.get(path as usize).map_or(&[], Vec::as_slice)
    }

    fn row(&self, index: u32) -> Option<&'w Row> {
        self.walk.rows.get(index as usize)
    }

    fn id_of(&self, blob: Oid) -> Option<&'w str> {
        self.lineages.head_of(blob).flatten().map(|head| head.id.as_str())
    }

    fn states(&self, id: &str) -> &'w [State] {
        self.lineages.0.get(id).map_or(&[], |l| l.states.as_slice())
    }

    /// Whether a document came to another place as it was: what stood there before has nothing to do with it.
    fn moved_in(&self, blob: Oid, commit: u32) -> bool {
        let states = self.id_of(blob).map_or(&[][..], |id| self.states(id));
        states.iter().take_while(|s| s.commit < commit).any(|s| s.blob == blob)
    }
}

/// What is known to be the text of an artifact: ids, each up to a commit, and rows of contents without any.
struct Known {
    ids: BTreeMap<String, u32>,
    rows: BTreeSet<u32>,
}

impl Known {
    /// Adds what stood at a path before the artifact did; false when all was known.
    fn extend(&mut self, more: Self) -> bool {
        let mut grown = false;
        for (id, until) in more.ids {
            let known = self.ids.entry(id).or_default();
            grown |= until > *known;
            *known = until.max(*known);
        }
        let before = self.rows.len();
        self.rows.extend(more.rows);
        grown || self.rows.len() > before
    }
}

/// One pass over the rows that may be about an artifact.
struct Search<'t, 'w> {
    trails: &'t Trails<'w>,
    known: &'t Known,
    /// Contents at paths that are its text.
    held: HashSet<(u32, Oid)>,
    /// Contents whose past is not known, with the commit that brought it in.
    untraced: HashMap<Oid, u32>,
    /// Rows to look at, by their index.
    open: BTreeSet<u32>,
    /// Rows that bring its text under another name.
    renamed: BTreeSet<u32>,
    /// What stood where the artifact came in.
    before: Known,
    trail: Trail,
}

impl<'t, 'w> Search<'t, 'w> {
    fn of(trails: &'t Trails<'w>, known: &'t Known) -> Self {
        let states = known.ids.keys().flat_map(|id| trails.states(id));
        let paths: BTreeSet<u32> = states.map(|s| s.path).collect();
        let mut open: BTreeSet<u32> = paths.iter().flat_map(|p| trails.rows_at(*p)).copied().collect();
        open.extend(&known.rows);
        let before = Known { ids: BTreeMap::new(), rows: BTreeSet::new() };
        let (held, untraced, renamed) = (HashSet::new(), HashMap::new(), BTreeSet::new());
        Self { trails, known, held, untraced, open, renamed, before, trail: Trail::default() }
    }

    fn run(&mut self) {
        while let Some(index) = self.open.pop_first() {
            if let Some(row) = self.trails.row(index) {
                self.look(index, row);
            }
        }
    }

    fn look(&mut self, index: u32, row: &Row) {
        let new = row.new.filter(|(_, mode)| mode & 0o170_000 == 0o100_000).map(|(blob, _)| blob);
        let (named, follows) = (new.is_some_and(|blob| self.is_named(blob, row.commit)), self.follows(row));
        let Some(blob) = new else {
            if follows {
                self.touch(row, None, Brings::Nothing, None);
                self.follow_renamed(row);
            }
            return;
        };
        if !(named || follows || self.known.rows.contains(&index) || self.renamed.contains(&index)) {
            return;
        }
        let another = !named && self.stays_elsewhere(row) && self.trails.moved_in(blob, row.commit);
        if !another {
            self.text(index, row, blob, named && !follows);
        }
    }

    /// The content bears the id, or one that its text bore before.
    fn is_named(&self, blob: Oid, commit: u32) -> bool {
        self.trails.id_of(blob).and_then(|id| self.known.ids.get(id)).is_some_and(|until| commit < *until)
    }

    /// A parent holds its text at that path.
    fn follows(&self, row: &Row) -> bool {
        row.old.iter().flatten().any(|(blob, _)| self.held.contains(&(row.path, *blob)))
    }

    /// The commit holds the artifact in another file.
    fn stays_elsewhere(&self, row: &Row) -> bool {
        let others = self.trails.walk.rows_of(row.commit as usize).iter().filter(|r| r.path != row.path);
        others.filter_map(|r| r.new).any(|(blob, _)| self.is_named(blob, row.commit))
    }

    fn text(&mut self, index: u32, row: &Row, blob: Oid, came_in: bool) {
        let brings = if self.trail.first.contains_key(&blob) { Brings::Known } else { Brings::New };
        if came_in && brings == Brings::New {
            self.look_back(index, row);
        }
        let untraced = match brings {
            Brings::New => self.untraced_by(row, came_in),
            _ => self.untraced.get(&blob).copied(),
        };
        self.held.insert((row.path, blob));
        if let Some(since) = untraced {
            self.untraced.entry(blob).or_insert(since);
        }
        self.touch(row, Some(blob), brings, untraced);
    }

    fn touch(&mut self, row: &Row, blob: Option<Oid>, brings: Brings, untraced: Option<u32>) {
        if let Some(blob) = blob {
            self.trail.first.entry(blob).or_insert(self.trail.touches.len());
        }
        self.trail.touches.push(Touch { commit: row.commit, path: row.path, blob, brings, untraced });
    }

    /// Contents that the text of a row was made of: of the file, else of files of it that the commit takes away.
    fn made_of(&self, row: &Row) -> Vec<Oid> {
        let held = |rows: &[Row]| -> Vec<Oid> {
            let olds = rows.iter().flat_map(|r| r.old.iter().flatten().map(|(blob, _)| (r.path, *blob)));
            olds.filter(|held| self.held.contains(held)).map(|(_, blob)| blob).collect()
        };
        let here = held(std::slice::from_ref(row));
        if here.is_empty() { held(self.trails.walk.rows_of(row.commit as usize)) } else { here }
    }

    /// The commit since which the past of a new content is not known.
    fn untraced_by(&self, row: &Row, came_in: bool) -> Option<u32> {
        let made_of = self.made_of(row);
        let inherited = made_of.iter().filter_map(|blob| self.untraced.get(blob)).min().copied();
        inherited.or_else(|| (came_in && made_of.is_empty() && self.was_gone(row.commit)).then_some(row.commit))
    }

    /// The artifact was there before a commit, and was not there any more.
    fn was_gone(&self, commit: u32) -> bool {
        let states = self.known.ids.keys().flat_map(|id| self.trails.states(id));
        let before = states.filter(|s| s.commit < commit).map(|s| (s.path, s.change != Change::Removed));
        let there: BTreeMap<u32, bool> = before.collect();
        !there.is_empty() && !there.values().any(|there| *there)
    }

    /// Files that a commit adds with the very text it takes away here.
    fn follow_renamed(&mut self, row: &Row) {
        let held: HashSet<Oid> =
            row.old.iter().flatten().map(|(b, _)| *b).filter(|b| self.held.contains(&(row.path, *b))).collect();
        let added = self.trails.walk.rows_of(row.commit as usize).iter();
        let added = added.filter(|r| r.new.is_some_and(|(blob, _)| held.contains(&blob)));
        let paths: Vec<u32> = added.map(|r| r.path).collect();
        for path in paths {
            let rows = self.trails.rows_at(path);
            let from = rows.partition_point(|ix| self.trails.row(*ix).is_some_and(|r| r.commit < row.commit));
            let later = rows.get(from..).unwrap_or_default();
            self.renamed.extend(later.first());
            self.open.extend(later);
        }
    }

    /// What stood at the path of a row since the file was there: it may be where the text was begun.
    fn look_back(&mut self, index: u32, row: &Row) {
        if row.old.iter().all(Option::is_none) {
            return;
        }
        let mut rows = Vec::new();
        for earlier in self.trails.rows_at(row.path).iter().take_while(|ix| **ix < index) {
            match self.trails.row(*earlier).and_then(|r| r.new) {
                None => rows.clear(),
                Some((blob, _)) => rows.push((*earlier, blob)),
            }
        }
        for (earlier, blob) in rows {
            match self.trails.id_of(blob) {
                Some(id) => {
                    self.before.ids.insert(id.to_owned(), row.commit);
                }
                None => {
                    self.before.rows.insert(earlier);
                }
            }
        }
    }
}
