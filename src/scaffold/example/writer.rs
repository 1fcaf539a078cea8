//! Commits on a main line and on side branches, in the order of time.

use std::collections::BTreeMap;

use git2::{ObjectType, Odb, Oid};

use super::keys::Key;
use super::objects::{Folder, Stamp, commit};
use super::people::{self, FORGE, FORGE_NAME};
use crate::error::Error;

/// A moment with the offset of the clock in Ghent.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Seconds since the epoch.
    pub(super) time: i64,
    zone: &'static str,
}

impl Moment {
    /// Minutes after midnight of a day, local time.
    pub(super) fn of(day: &str, minutes: i64) -> Self {
        let summer = summer(day);
        let midnight = format!("{day}T00:00:00Z").parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second);
        let hours = if summer { 2 } else { 1 };
        Self { time: midnight + minutes * 60 - hours * 3600, zone: if summer { "+0200" } else { "+0100" } }
    }

    fn not_before(self, time: i64) -> Self {
        Self { time: self.time.max(time), ..self }
    }

    /// As statements write it.
    pub(super) fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.time).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// Summer time in Belgium: from the last Sunday of March to the last Sunday of October.
fn summer(day: &str) -> bool {
    let Ok(date) = day.parse::<jiff::civil::Date>() else { return false };
    match date.month() {
        4..=9 => true,
        month @ (3 | 10) => {
            let past = i32::from(date.day()) + 7 - i32::from(date.weekday().to_sunday_zero_offset()) > 31;
            past == (month == 3)
        }
        _ => false,
    }
}

/// Files that a commit sets.
pub(super) type Changes = Vec<(String, Vec<u8>)>;

/// Who commits, when and why.
pub(super) struct Note<'n> {
    /// Person, or [`FORGE`] for the Git service in the name of `author`.
    pub(super) author: &'n str,
    /// Committed and signed by the Git service.
    pub(super) by_forge: bool,
    /// When.
    pub(super) at: Moment,
    /// The day the key of the person is chosen by.
    pub(super) day: &'n str,
    /// Whole message.
    pub(super) message: String,
}

/// A line of commits.
#[derive(Clone)]
pub(super) struct Line {
    /// Its tip.
    pub(super) tip: Option<Oid>,
    time: i64,
    folder: Folder,
    changed: BTreeMap<String, Oid>,
}

/// Writes objects.
pub(super) struct Writer<'r> {
    odb: Odb<'r>,
    pub(super) keys: BTreeMap<&'static str, Key>,
    /// The main line.
    pub(super) main: Line,
    /// Earlier states of it.
    past: Vec<Line>,
    /// SHA-256 of the blobs.
    digests: BTreeMap<Oid, String>,
    /// Commits written.
    pub(super) commits: usize,
}

impl<'r> Writer<'r> {
    pub(super) fn new(odb: Odb<'r>) -> Result<Self, Error> {
        let main = Line { tip: None, time: 0, folder: Folder::default(), changed: BTreeMap::new() };
        Ok(Self { odb, keys: people::keys()?, main, past: Vec::new(), digests: BTreeMap::new(), commits: 0 })
    }

    /// The key of a person on a day.
    pub(super) fn key(&self, person: &str, day: &str) -> Result<&Key, Error> {
        let label = people::key_label(person, day);
        self.keys.get(label).ok_or_else(|| Error::Defect(format!("the sample has no key {label}")))
    }

    /// A side branch from the main line as it was at a moment, and not before another one.
    pub(super) fn branch(&self, at: Moment, least: Moment) -> Line {
        let time = at.time.max(least.time);
        let states = std::iter::once(&self.main).chain(self.past.iter().rev());
        let mut line = states.into_iter().find(|l| l.time <= time).unwrap_or(&self.main).clone();
        line.changed.clear();
        line
    }

    /// A commit on the main line. Gives its moment.
    pub(super) fn on_main(&mut self, changes: Changes, note: &Note<'_>) -> Result<Moment, Error> {
        let mut main = self.main.clone();
        let at = self.on(&mut main, changes, note)?;
        self.past.push(std::mem::replace(&mut self.main, main));
        Ok(at)
    }

    /// A commit on a line. Dates never go back.
    pub(super) fn on(&mut self, line: &mut Line, changes: Changes, note: &Note<'_>) -> Result<Moment, Error> {
        for (path, bytes) in changes {
            let blob = self.odb.write(ObjectType::Blob, &bytes)?;
            self.digests.entry(blob).or_insert_with(|| crate::trust::statement::digest(&bytes));
            line.folder.set(&path, Some(blob));
            line.changed.insert(path, blob);
        }
        let at = note.at.not_before(line.time + 60);
        let parents: Vec<Oid> = line.tip.into_iter().collect();
        line.tip = Some(self.write(&mut line.folder, &parents, at, note)?);
        line.time = at.time;
        Ok(at)
    }

    /// Merges a branch into the main line.
    pub(super) fn merge(&mut self, branch: &Line, note: &Note<'_>) -> Result<(), Error> {
        let mut main = self.main.clone();
        for (path, blob) in &branch.changed {
            main.folder.set(path, Some(*blob));
        }
        let at = note.at.not_before(main.time.max(branch.time) + 60);
        let parents: Vec<Oid> = main.tip.into_iter().chain(branch.tip).collect();
        main.tip = Some(self.write(&mut main.folder, &parents, at, note)?);
        main.time = at.time;
        self.past.push(std::mem::replace(&mut self.main, main));
        Ok(())
    }

    fn write(&mut self, folder: &mut Folder, parents: &[Oid], at: Moment, note: &Note<'_>) -> Result<Oid, Error> {
        let tree = folder.write(&self.odb)?;
        self.commits += 1;
        let who = people::signature_name(note.author);
        let author = Stamp { who: &who, time: at.time, zone: at.zone };
        let (committer, key) = if note.by_forge {
            let forge = self.keys.get(FORGE).ok_or_else(|| Error::Defect("the sample has no forge".into()))?;
            (Stamp { who: FORGE_NAME, ..author }, forge)
        } else {
            (Stamp { ..author }, self.key(note.author, note.day)?)
        };
        commit(&self.odb, tree, parents, &author, &committer, &note.message, key)
    }

    /// Files of the main line with their SHA-256.
    pub(super) fn digests_on_main(&self) -> BTreeMap<String, &str> {
        let of = |(path, blob)| Some((path, self.digests.get(&blob)?.as_str()));
        self.main.folder.files().into_iter().filter_map(of).collect()
    }

    /// Files of the main line.
    pub(super) fn files_on_main(&self) -> BTreeMap<String, Oid> {
        self.main.folder.files()
    }
}
