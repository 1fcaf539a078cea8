//! The history of a pack, unpacked and judged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Believed, Ground, Outcome, Step};
use crate::error::Error;
use crate::finding::Severity;
use crate::history::{Oid, Repository, bundle};
use crate::pack::container::Opened;
use crate::pack::evidence;
use crate::pack::index::Index;
use crate::pack::period::end_of;
use crate::signature::commit::RawCommit;
use crate::trust::policy::set_digest;
use crate::trust::statement::digest;
use crate::trust::{Checkpoint, Control, Judged, Options, PinSource, Record, Root, Subject, located};

/// The history of the pack, unpacked and judged.
pub(super) struct History {
    pub repository: Repository,
    /// What it proves now.
    pub record: Record,
    /// What it proved at the end of the day of the pack.
    pub then: Record,
    pub tip: Oid,
    /// When the commit was made.
    pub at: Timestamp,
    /// Texts that are left out.
    pub stubs: usize,
    /// Where it was unpacked.
    pub folder: PathBuf,
}

impl History {
    /// `Err(None)`: there is none; with a sentence: it cannot be used.
    pub fn open(
        pack: &Opened,
        index: &Index,
        ground: &Ground,
        folder: &Path,
        progress: &dyn Fn(usize),
    ) -> Result<Result<Self, Option<String>>, Error> {
        let Some(bytes) = pack.files.get(evidence::BUNDLE) else { return Ok(Err(None)) };
        let stubs = match pack.files.get(evidence::WITHHELD).map(|b| evidence::read_stubs(b)).transpose() {
            Ok(stubs) => stubs.unwrap_or_default(),
            Err(why) => return Ok(Err(Some(why))),
        };
        let repository = match bundle::unpack(bytes, folder)? {
            Ok(repository) => repository.with_prefix(&index.prefix),
            Err(why) => return Ok(Err(Some(why))),
        };
        let left_out = stubs.len();
        let repository = repository.with_stubs(stubs);
        let Some(tip) = repository.head()? else { return Ok(Err(Some("it names no commit".into()))) };
        let root = match &ground.root {
            Some(Believed::Root(root)) => Some(root.clone()),
            Some(Believed::Commit(commit)) => match root_at(&repository, *commit) {
                Ok(root) => Some(root),
                Err(_) => return Ok(Err(Some(format!("it does not hold the commit {commit} you gave as root")))),
            },
            // Whoever kept a checkpoint kept the trust root with it.
            None => ground.checkpoint.as_ref().and_then(|bytes| Checkpoint::parse(bytes).ok()).map(|kept| kept.root),
        };
        let evaluate = |now: i64, root: Option<Root>| {
            let options = Options { tip: Some(tip), root, pins: ground.pins.clone(), now, ..Options::default() };
            Record::evaluate(&repository, &options, progress)
        };
        let at = match usable(committed_at(&repository, tip))? {
            Ok(at) => at,
            Err(why) => return Ok(Err(Some(why))),
        };
        let day = index.today.parse().map_or(0, end_of);
        let both = evaluate(ground.now, root).and_then(|now| {
            let root = now.judged().map(|j| j.chain.root());
            let then = evaluate(day.max(at.as_second()), root)?;
            Ok((now, then))
        });
        let (record, then) = match usable(both)? {
            Ok(both) => both,
            Err(why) => return Ok(Err(Some(why))),
        };
        Ok(Ok(Self { repository, record, then, tip, at, stubs: left_out, folder: folder.to_owned() }))
    }

    /// Whether a content itself is in the history, not only what is said of it.
    pub fn has(&self, blob: Oid) -> bool {
        self.repository.stub(blob).is_none() && self.knows(blob)
    }

    /// Whether a content is in the history, or something is said of it.
    pub fn knows(&self, blob: Oid) -> bool {
        self.repository.blob_within(blob, u64::MAX).is_ok_and(|found| found.is_some())
    }

    /// Whether a commit is in it.
    pub fn holds(&self, commit: Oid) -> bool {
        self.record.history.walk.index_of(commit).is_some()
    }

    /// Whether a commit is on its main line.
    pub fn on_chain(&self, commit: Oid) -> bool {
        let walk = &self.record.history.walk;
        walk.index_of(commit).is_some_and(|index| walk.chain.contains(&index))
    }

    /// When a commit was made.
    pub fn time(&self, commit: Oid) -> Option<Timestamp> {
        committed_at(&self.repository, commit).ok()
    }

    pub fn step(&self, index: &Index) -> Step {
        let title = "History";
        if self.tip.to_string() != index.commit {
            return Step::failed(title, format!("it ends at {} and the pack was made of {}", self.tip, index.commit));
        }
        let errors = self.record.issues.iter().filter(|i| i.severity == Severity::Error);
        let details: Vec<String> = errors.map(|i| format!("{}. [{}]", i.message, i.code)).collect();
        if let Some(why) = self.record.why_not() {
            return Step {
                title,
                outcome: Outcome::Bad,
                summary: format!("nothing can be judged: {}", why.reason()),
                details,
            };
        }
        let commits = self.record.history.walk.commits.len();
        let summary = format!("{commits} commits up to {}, every object named by what it holds", index.commit);
        let outcome = if details.is_empty() { Outcome::Good } else { Outcome::Bad };
        Step { title, outcome, summary, details }
    }

    pub fn root(&self, index: &Index) -> Step {
        let title = "Trust root";
        let Some(judged) = self.record.judged() else {
            return Step::new(title, Outcome::NotDone, "nothing was judged");
        };
        let root = judged.chain.root();
        let how = match judged.pin {
            PinSource::Argument => "as you gave it",
            PinSource::Stored => "as you pinned it",
            PinSource::Anchor => "from your checkpoint",
            PinSource::FirstUse => {
                let summary = format!("{root} is what the pack itself says; nobody outside vouched for it");
                let help = format!(
                    "Compare it, letter by letter, with the trust root the organization gave you on another way (on paper, \
                     by telephone). When it is the same: smsctl audit-pack verify FILE --root {root}"
                );
                return Step { title, outcome: Outcome::NotDone, summary, details: vec![help] };
            }
        };
        if root.to_string() != index.root {
            return Step::failed(title, format!("{root}, {how}; the pack was made with {}", index.root));
        }
        Step::new(title, Outcome::Good, format!("{root}, {how}"))
    }

    /// Every approval the pack shows, judged anew.
    pub fn approvals(&self, index: &Index) -> Step {
        let title = "Approvals";
        let Some(judged) = self.record.judged() else {
            return Step::new(title, Outcome::NotDone, "nothing was judged");
        };
        let good = judged.approvals.iter().filter(|a| a.approves()).count();
        let mut details = Vec::new();
        if good != index.approvals {
            details.push(format!("The pack was made of {} approvals that count, and {good} do.", index.approvals));
        }
        let now = match self.verdicts(judged) {
            Ok(now) => now,
            Err(error) => return Step::failed(title, error.to_string()),
        };
        for shown in &index.documents {
            match now.get(shown.id.as_str()) {
                None => details.push(format!("{} is not in the history of the pack.", shown.id)),
                Some(found) if (&found.0, &found.1) != (&shown.verdict, &shown.digest) => details.push(format!(
                    "{} {}: the pack says {}, the history says {}.",
                    shown.id, shown.version, shown.verdict, found.0
                )),
                Some(_) => {}
            }
        }
        let approved = index.documents.iter().filter(|d| d.verdict == "approved").count();
        let summary = format!(
            "{good} approvals count; {approved} of {} documents are approved as they are",
            index.documents.len()
        );
        let outcome = if details.is_empty() { Outcome::Good } else { Outcome::Bad };
        Step { title, outcome, summary, details }
    }

    /// Verdict and digest of each document at the tip.
    fn verdicts(&self, judged: &Judged) -> Result<BTreeMap<String, (String, String)>, Error> {
        let mut out = BTreeMap::new();
        for (id, places) in located(&self.repository, self.tip)? {
            let Some(place) = places.first() else { continue };
            let Some(control) = Control::read(&self.repository.blob(place.blob)?) else { continue };
            let digest = self.digest(place.blob)?;
            let verdict = judged.verdict(&Subject { control: &control, digest: &digest });
            out.insert(id, (verdict.word().to_owned(), digest.clone()));
        }
        Ok(out)
    }

    fn digest(&self, blob: Oid) -> Result<String, Error> {
        match self.repository.stub(blob) {
            Some(stub) => Ok(stub.digest.clone()),
            None => Ok(digest(&self.repository.blob(blob)?)),
        }
    }
}

/// What is wrong with the objects of a pack is said of the pack; only trouble of this machine is an error.
fn usable<T>(result: Result<T, Error>) -> Result<Result<T, String>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error @ Error::Io { .. }) => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn committed_at(repository: &Repository, tip: Oid) -> Result<Timestamp, Error> {
    let raw = repository.raw(tip)?;
    let commit = RawCommit::parse(&raw).map_err(|why| Error::Object { oid: tip, reason: why.0 })?;
    Timestamp::from_second(commit.committer.time)
        .map_err(|_| Error::Object { oid: tip, reason: "its date cannot be read".into() })
}

/// The root that a commit gives: it and the digest of its trust policy.
fn root_at(repository: &Repository, commit: Oid) -> Result<Root, Error> {
    let mut files = BTreeMap::new();
    for (path, file) in repository.files(commit, "trust")? {
        files.insert(path, repository.blob(file.oid)?);
    }
    Ok(Root { commit, policy: set_digest(&files) })
}
