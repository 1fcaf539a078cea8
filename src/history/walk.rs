//! One pass over all commits that a commit reaches, oldest first, with what each did to each path.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use git2::{ObjectType, Odb, Oid};

pub use super::commit::Person;
use super::commit::{Facts, facts};
use super::repository::{MAX_DEPTH, Repository, TreeFile, enter};
use super::tree::{Entry, MAX_COMMIT_BYTES, Tree, Trees, Unreadable, object, path_text};
use crate::error::Error;

/// Commits between two calls of the progress function.
const PROGRESS_STEP: usize = 256;
/// Most paths one commit may change: a few objects can name themselves to any number.
const MAX_ROWS: usize = 1_000_000;

/// A file's content with its mode.
pub type Blob = (Oid, u32);

/// All commits reachable from a tip, and what they changed below the folder of the SMS.
///
/// The order is that of the chain: first the root of the first-parent chain; then, before each later commit of the
/// chain, what it merged in, its parents in their order. So parents stand before children, no clock has a say, and the
/// commits of one [`Commit::chain_position`] stand together.
#[derive(Debug, Default)]
pub struct Walk {
    /// Oldest first.
    pub commits: Vec<Commit>,
    /// Changed paths, in the order of the commits and within one in Git's order of paths: exactly what
    /// `git log --full-history -c --no-renames --raw` tells.
    pub rows: Vec<Row>,
    /// Paths relative to the root of the SMS; [`Row::path`] is an index.
    pub paths: Vec<String>,
    /// People as commits write them; [`Commit::author`] is an index.
    pub people: Vec<Person>,
    /// The first-parent chain as indexes of commits, oldest first.
    pub chain: Vec<usize>,
    /// Objects that are needed and cannot be read, by name, with the reason. Empty for a complete history.
    pub incomplete: Vec<(Oid, String)>,
    /// What commits of the chain with more than one parent changed against the first; others are in `rows`.
    chain_rows: Vec<Row>,
    by_oid: HashMap<Oid, u32>,
    /// Indexes of `paths`, sorted by their text.
    path_order: Vec<u32>,
}

/// One commit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its name.
    pub oid: Oid,
    /// The tree of the folder of the SMS; none when the commit has no such folder, or it cannot be read.
    pub folder: Option<Oid>,
    /// Indexes of its parents, in their order; missing ones are left out and told by `incomplete`.
    pub parents: Vec<u32>,
    /// Index of the author in [`Walk::people`].
    pub author: u32,
    /// Index of the committer in [`Walk::people`].
    pub committer: u32,
    /// Seconds since 1970, as the author's machine claims.
    pub author_time: i64,
    /// Seconds since 1970, as the committer's machine claims.
    pub commit_time: i64,
    /// Indexes of those named in `Co-authored-by:` lines.
    pub co_authors: Vec<u32>,
    /// First line of the message, at most 200 characters.
    pub subject: String,
    /// Whether it carries a signature header; it may be worth nothing.
    pub signed: bool,
    /// Whether a line of the message starts with `SMS-Approval:`.
    pub mentions_approval: bool,
    /// What makes it a malformed commit.
    pub malformed: Option<String>,
    /// Whether a parent or a tree of it is missing or damaged: its rows are then not the whole truth.
    pub incomplete: bool,
    /// Position in [`Walk::chain`] of the first commit that reaches this one: where it was introduced.
    pub chain_position: u32,
}

/// A path that a commit holds otherwise than all its parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Index of the commit.
    pub commit: u32,
    /// Index of the path.
    pub path: u32,
    /// What the commit holds; `None` when it removed the path.
    pub new: Option<Blob>,
    /// What each parent holds, in the order of [`Commit::parents`]; empty for a first commit.
    pub old: Vec<Option<Blob>>,
}

/// A path that a commit of the chain holds otherwise than its first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainChange {
    /// Position in [`Walk::chain`].
    pub position: u32,
    /// Index of the path.
    pub path: u32,
    /// Before.
    pub old: Option<Blob>,
    /// After.
    pub new: Option<Blob>,
}

/// A content that history holds for a path and the tip does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Index of the path.
    pub path: u32,
    /// The content.
    pub blob: Oid,
    /// Index of the last commit that brought it.
    pub commit: u32,
}

impl Walk {
    /// Walks all commits that `tip` reaches. `progress` is told the number of commits compared so far.
    ///
    /// # Errors
    /// When `tip` is no readable commit. What is missing behind it is no error but told by [`Walk::incomplete`].
    pub fn run(repository: &Repository, tip: Oid, progress: &dyn Fn(usize)) -> Result<Self, Error> {
        let git = repository.git();
        let odb = git.odb()?;
        let mut collected = Collector::new(&odb).run(tip)?;
        let mut comparer = Comparer::new(&odb, std::mem::take(&mut collected.walk.incomplete));
        let mut trees = Vec::with_capacity(collected.walk.commits.len());
        for (index, root) in collected.roots.iter().enumerate() {
            let below = root.map(|root| comparer.trees.below(root, repository.prefix())).transpose();
            let below = below.map(Option::flatten);
            if let (Some(commit), Ok(folder)) = (collected.walk.commits.get_mut(index), &below) {
                commit.folder = *folder;
            }
            trees.push(below);
            collected.walk.compare(index, &trees, &mut comparer);
            if (index + 1).is_multiple_of(PROGRESS_STEP) {
                progress(index + 1);
            }
        }
        let mut walk = collected.walk;
        progress(walk.commits.len());
        walk.paths = comparer.paths.texts;
        walk.path_order = (0..small(walk.paths.len())).collect();
        walk.path_order.sort_by_key(|i| walk.paths.get(*i as usize));
        walk.incomplete = comparer.incomplete.into_iter().collect();
        Ok(walk)
    }

    /// Rows of one commit, and of a merge on the chain also its changes against the first parent.
    fn compare(&mut self, index: usize, trees: &[Result<Option<Oid>, Unreadable>], comparer: &mut Comparer<'_>) {
        let Some(commit) = self.commits.get_mut(index) else { return };
        let sides = commit.parents.iter().map(|p| *p as usize).chain([index]);
        let sides: Result<Vec<Option<Oid>>, &Unreadable> =
            sides.map(|i| trees.get(i).map_or(Ok(None), |t| t.as_ref().map(|t| *t))).collect();
        let (mut sides, new) = match sides {
            Ok(mut sides) => {
                let new = sides.pop().flatten();
                (sides, new)
            }
            Err(unreadable) => {
                comparer.note(unreadable.clone());
                commit.incomplete = true;
                return;
            }
        };
        let number = small(index);
        let mut complete = comparer.rows(number, new, &sides, &mut self.rows);
        let on_chain = self.chain.get(commit.chain_position as usize) == Some(&index);
        if on_chain && sides.len() > 1 {
            sides.truncate(1);
            complete &= comparer.rows(number, new, &sides, &mut self.chain_rows);
        }
        commit.incomplete |= !complete;
    }

    /// The index of a commit, when it was reached.
    #[must_use]
    pub fn index_of(&self, oid: Oid) -> Option<usize> {
        self.by_oid.get(&oid).map(|i| *i as usize)
    }

    /// The index of a path (relative to the SMS), when history ever held it.
    #[must_use]
    pub fn path_index(&self, path: &str) -> Option<u32> {
        let text = |index: &u32| self.paths.get(*index as usize).map_or("", String::as_str);
        let at = self.path_order.binary_search_by(|index| text(index).cmp(path)).ok()?;
        self.path_order.get(at).copied()
    }

    /// Rows of the commit with this index.
    #[must_use]
    pub fn rows_of(&self, commit: usize) -> &[Row] {
        of_commit(&self.rows, small(commit))
    }

    /// Files below `folder` (relative to the SMS; empty for all) that a commit of the chain holds otherwise than its
    /// first parent, oldest first. The first commit of the chain adds all it holds.
    #[must_use]
    pub fn chain_changes(&self, folder: &str) -> Vec<ChainChange> {
        let folder = folder.trim_matches('/');
        let inside: Vec<bool> = self.paths.iter().map(|p| lies_in(p, folder)).collect();
        let mut changes = Vec::new();
        for (position, index) in self.chain.iter().enumerate() {
            let merge = self.commits.get(*index).is_some_and(|c| c.parents.len() > 1);
            let rows = of_commit(if merge { &self.chain_rows } else { &self.rows }, small(*index));
            let rows = rows.iter().filter(|r| inside.get(r.path as usize) == Some(&true));
            changes.extend(rows.map(|row| ChainChange {
                position: small(position),
                path: row.path,
                old: row.old.first().copied().flatten(),
                new: row.new,
            }));
        }
        changes
    }

    /// Each content that any commit of history held for any path, with the index of the last commit that brought it.
    ///
    /// A content that a commit holds and no parent of it does is a row, so the rows tell them all, also those a merge
    /// dropped later without a trace in `git log`.
    #[must_use]
    pub fn contents(&self) -> BTreeMap<(u32, Oid), u32> {
        let brought = self.rows.iter().filter_map(|row| Some(((row.path, row.new?.0), row.commit)));
        brought.collect()
    }

    /// Whether any commit of history held this content at this path. Looks through all rows; who asks often takes
    /// [`Walk::contents`].
    #[must_use]
    pub fn held(&self, path: &str, blob: Oid) -> bool {
        let Some(path) = self.path_index(path) else { return false };
        self.rows.iter().any(|row| row.path == path && row.new.is_some_and(|(oid, _)| oid == blob))
    }

    /// Contents that `files` (those of the tip) do not hold and that no commit ever changed into something else: a merge
    /// dropped them by keeping another parent's file. Empty for a history without merges.
    #[must_use]
    pub fn losses(&self, files: &BTreeMap<String, TreeFile>) -> Vec<Loss> {
        let olds = self.rows.iter().flat_map(|row| row.old.iter().flatten().map(|(oid, _)| (row.path, *oid)));
        let replaced: BTreeSet<(u32, Oid)> = olds.collect();
        let kept = |path: u32| self.paths.get(path as usize).and_then(|p| files.get(p)).map(|f| f.oid);
        let contents = self.contents().into_iter();
        let lost = contents.filter(|(held, _)| !replaced.contains(held) && kept(held.0) != Some(held.1));
        lost.map(|((path, blob), commit)| Loss { path, blob, commit }).collect()
    }

    /// Whether the commit with index `ancestor` is `descendant` or reached from it. Reads every commit between.
    #[must_use]
    pub fn reaches(&self, descendant: usize, ancestor: usize) -> bool {
        let mut seen = BTreeSet::from([descendant]);
        // Parents have smaller indexes than children: the largest open index is looked at first.
        while let Some(index) = seen.pop_last() {
            if index == ancestor {
                return true;
            }
            if index < ancestor {
                return false;
            }
            let parents = self.commits.get(index).map_or(&[][..], |c| &c.parents);
            seen.extend(parents.iter().map(|p| *p as usize));
        }
        false
    }
}

fn of_commit(rows: &[Row], commit: u32) -> &[Row] {
    let from = rows.partition_point(|r| r.commit < commit);
    let to = rows.partition_point(|r| r.commit <= commit);
    rows.get(from..to).unwrap_or_default()
}

fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// An index; histories of four thousand million commits do not occur.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What the search for commits gives: the walk without rows, and the root tree of each commit.
struct Collected {
    walk: Walk,
    roots: Vec<Option<Oid>>,
}

/// Depth first, first parents first, each commit after all its parents.
struct Collector<'o> {
    odb: &'o Odb<'o>,
    walk: Walk,
    roots: Vec<Option<Oid>>,
    people: HashMap<Person, u32>,
    open: Vec<Frame>,
    /// Commits whose first parent is missing.
    cut: BTreeSet<usize>,
}

struct Frame {
    oid: Oid,
    facts: Facts,
    next: usize,
}

impl<'o> Collector<'o> {
    fn new(odb: &'o Odb<'o>) -> Self {
        let (walk, people) = (Walk::default(), HashMap::new());
        Self { odb, walk, roots: Vec::new(), people, open: Vec::new(), cut: BTreeSet::new() }
    }

    fn run(mut self, tip: Oid) -> Result<Collected, Error> {
        let mut missing = BTreeMap::new();
        // Those open or done; a commit cannot reach itself, its name being a digest of its parents' names.
        let mut met = BTreeSet::from([tip]);
        let first = self.read(tip)?;
        self.open.push(first);
        while let Some(frame) = self.open.last_mut() {
            let Some(parent) = frame.facts.parents.get(frame.next).copied() else {
                self.close();
                continue;
            };
            frame.next += 1;
            if met.insert(parent) {
                match self.read(parent) {
                    Ok(frame) => self.open.push(frame),
                    Err(unreadable) => {
                        missing.insert(parent, unreadable.reason);
                    }
                }
            }
        }
        self.walk.incomplete = missing.into_iter().collect();
        self.chain();
        Ok(Collected { walk: self.walk, roots: self.roots })
    }

    fn read(&self, oid: Oid) -> Result<Frame, Unreadable> {
        let raw = object(self.odb, oid, &[ObjectType::Commit], MAX_COMMIT_BYTES)?;
        Ok(Frame { oid, facts: facts(&raw), next: 0 })
    }

    /// All parents of the last open commit are done: it gets its index.
    fn close(&mut self) {
        let Some(Frame { oid, facts, .. }) = self.open.pop() else { return };
        let index = self.walk.commits.len();
        let known = |p: &Oid| self.walk.by_oid.get(p).copied();
        let parents: Vec<u32> = facts.parents.iter().filter_map(known).collect();
        if facts.parents.first().is_some_and(|p| known(p).is_none()) {
            self.cut.insert(index);
        }
        let commit = Commit {
            oid,
            folder: None,
            incomplete: parents.len() < facts.parents.len(),
            parents,
            author_time: facts.author.1,
            commit_time: facts.committer.1,
            author: self.person(facts.author.0),
            committer: self.person(facts.committer.0),
            co_authors: facts.co_authors.into_iter().map(|p| self.person(p)).collect(),
            subject: facts.subject,
            signed: facts.signed,
            mentions_approval: facts.mentions_approval,
            malformed: facts.malformed,
            chain_position: 0,
        };
        self.walk.by_oid.insert(oid, small(index));
        self.walk.commits.push(commit);
        self.roots.push(facts.tree);
    }

    fn person(&mut self, person: Person) -> u32 {
        if let Some(index) = self.people.get(&person) {
            return *index;
        }
        let index = small(self.walk.people.len());
        self.walk.people.push(person.clone());
        self.people.insert(person, index);
        index
    }

    /// The first-parent chain. A commit's place in the order tells the first commit of the chain that reaches it: the
    /// next one at or after it, because all that a commit of the chain reaches is closed before it, and before the rest.
    fn chain(&mut self) {
        let mut at = self.walk.commits.len().checked_sub(1);
        while let Some(index) = at {
            self.walk.chain.push(index);
            let first = self.walk.commits.get(index).and_then(|c| c.parents.first());
            at = first.filter(|_| !self.cut.contains(&index)).map(|p| *p as usize);
        }
        self.walk.chain.reverse();
        let mut position = 0;
        for (index, commit) in self.walk.commits.iter_mut().enumerate() {
            while self.walk.chain.get(position).is_some_and(|c| *c < index) {
                position += 1;
            }
            commit.chain_position = small(position);
        }
    }
}

#[derive(Default)]
struct Paths {
    texts: Vec<String>,
    known: HashMap<Vec<u8>, u32>,
}

impl Paths {
    fn index(&mut self, path: &[u8]) -> u32 {
        if let Some(index) = self.known.get(path) {
            return *index;
        }
        let index = small(self.texts.len());
        self.texts.push(path_text(path));
        self.known.insert(path.to_vec(), index);
        index
    }
}

/// Compares the trees of a commit with those of its parents.
struct Comparer<'o> {
    trees: Trees<'o>,
    paths: Paths,
    incomplete: BTreeMap<Oid, String>,
}

/// One comparison: the row's commit, and where the rows go.
struct Target<'w> {
    commit: u32,
    path: Vec<u8>,
    rows: &'w mut Vec<Row>,
    from: usize,
}

impl<'o> Comparer<'o> {
    fn new(odb: &'o Odb<'o>, incomplete: Vec<(Oid, String)>) -> Self {
        Self { trees: Trees::new(odb), paths: Paths::default(), incomplete: incomplete.into_iter().collect() }
    }

    fn note(&mut self, unreadable: Unreadable) {
        self.incomplete.insert(unreadable.oid, unreadable.reason);
    }

    /// Adds the rows of a commit; false when a tree could not be read.
    fn rows(&mut self, commit: u32, new: Option<Oid>, olds: &[Option<Oid>], rows: &mut Vec<Row>) -> bool {
        let from = rows.len();
        let mut target = Target { commit, path: Vec::new(), rows, from };
        self.folder(new, olds, &mut target, 0)
    }

    fn folder(&mut self, new: Option<Oid>, olds: &[Option<Oid>], target: &mut Target<'_>, depth: usize) -> bool {
        if olds.contains(&new) {
            return true;
        }
        let trees: Result<Vec<Rc<Tree>>, Unreadable> =
            [new].iter().chain(olds).map(|oid| self.trees.get(*oid)).collect();
        let trees = match trees {
            Ok(trees) => trees,
            Err(unreadable) => {
                self.note(unreadable);
                return false;
            }
        };
        if depth > MAX_DEPTH || target.rows.len() - target.from > MAX_ROWS {
            let oid = new.or(olds.iter().copied().flatten().next()).unwrap_or(Oid::ZERO_SHA1);
            self.note(Unreadable { oid, reason: "it holds too many files or folders".into() });
            return false;
        }
        let mut complete = true;
        let mut cursors = Cursors::new(&trees);
        while let Some(found) = cursors.next() {
            complete &= self.entry(&found, target, depth);
        }
        complete
    }

    /// One name: the entry of the commit and those of its parents.
    fn entry(&mut self, found: &[Option<Entry<'_>>], target: &mut Target<'_>, depth: usize) -> bool {
        let Some((new, olds)) = found.split_first() else { return true };
        let same = |old: &Option<Entry<'_>>| match (old, new) {
            (Some(old), Some(new)) => old.same(new),
            (None, None) => true,
            _ => false,
        };
        let Some(any) = found.iter().flatten().next().filter(|_| !olds.iter().any(same)) else { return true };
        let length = enter(&mut target.path, any.name);
        let mut complete = true;
        if any.is_tree() {
            let olds: Vec<_> = olds.iter().map(|e| e.map(|e| e.oid())).collect();
            complete = self.folder(new.map(|e| e.oid()), &olds, target, depth + 1);
        } else {
            let blob = |e: &Option<Entry<'_>>| e.map(|e| (e.oid(), e.mode));
            let path = self.paths.index(&target.path);
            let row = Row { commit: target.commit, path, new: blob(new), old: olds.iter().map(blob).collect() };
            target.rows.push(row);
        }
        target.path.truncate(length);
        complete
    }
}

/// Goes through sorted trees side by side.
struct Cursors<'t> {
    trees: &'t [Rc<Tree>],
    at: Vec<usize>,
}

impl<'t> Cursors<'t> {
    fn new(trees: &'t [Rc<Tree>]) -> Self {
        Self { trees, at: vec![0; trees.len()] }
    }

    /// The entries of the next name, one for each tree.
    fn next(&mut self) -> Option<Vec<Option<Entry<'t>>>> {
        self.skip_same();
        let heads: Vec<_> = self.trees.iter().zip(&self.at).map(|(tree, at)| tree.get(*at)).collect();
        let least = heads.iter().flatten().min_by(|a, b| a.order(b)).copied()?;
        let found: Vec<_> = heads.into_iter().map(|e| e.filter(|e| e.order(&least).is_eq())).collect();
        for (at, entry) in self.at.iter_mut().zip(&found) {
            *at += usize::from(entry.is_some());
        }
        Some(found)
    }

    /// Most entries of two trees are the same; they need no room.
    fn skip_same(&mut self) {
        let ([left, right], [a, b]) = (self.trees, self.at.as_mut_slice()) else { return };
        while let (Some(one), Some(two)) = (left.get(*a), right.get(*b))
            && one.same(&two)
        {
            *a += 1;
            *b += 1;
        }
    }
}
