//! Verifies a pack from the pack alone: every byte, the signature, the history, every approval; and computes anew what can be.

mod again;
mod evidence;
mod history;
mod seal;
mod seen;
mod told;
mod wanted;

use serde_json::Value;

use super::container::Opened;
use super::index::{INDEX, Index};
use crate::error::Error;
use crate::history::Oid;
use crate::trust::{Pins, Root};
use history::History;
use seen::Seen;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything holds.
    Good,
    /// It holds, and there is something to know.
    Note,
    /// Something is wrong.
    Bad,
    /// It could not be looked at.
    NotDone,
}

impl Outcome {
    /// `ok`, `note`, `FAILED`, `not done`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Bad => "FAILED",
            Self::NotDone => "not done",
        }
    }
}

/// A step of the verification.
#[derive(Clone, Debug)]
pub struct Step {
    /// Short name.
    pub title: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found, one sentence.
    pub summary: String,
    /// Each thing that is wrong or to know, a sentence.
    pub details: Vec<String>,
}

impl Step {
    fn new(title: &'static str, outcome: Outcome, summary: impl Into<String>) -> Self {
        Self { title, outcome, summary: summary.into(), details: Vec::new() }
    }

    fn failed(title: &'static str, summary: impl Into<String>) -> Self {
        Self::new(title, Outcome::Bad, summary)
    }

    fn with(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

/// A finished verification.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What the pack says of itself; none when it cannot be read.
    pub index: Option<Index>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// What the signature of the manifest alone vouches for.
    pub rests: Vec<String>,
}

impl Verification {
    /// Nothing is wrong and nothing was left undone.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.steps.iter().all(|s| matches!(s.outcome, Outcome::Good | Outcome::Note))
    }
}

/// The root to believe: a fingerprint, or a commit whose trust policy is believed.
#[derive(Clone, Debug)]
pub enum Believed {
    /// `smsroot1:…`.
    Root(Root),
    /// A commit in full.
    Commit(Oid),
}

impl Believed {
    /// Reads what a user gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let commit = || Some(text).filter(|t| t.len() == 40).and_then(|t| Oid::from_str(t).ok()).map(Self::Commit);
        Root::parse(text).map(Self::Root).or_else(commit)
    }
}

/// What the verification may rest on besides the pack.
#[derive(Debug, Default)]
pub struct Ground {
    /// The root the user was given.
    pub root: Option<Believed>,
    /// Roots the user pinned.
    pub pins: Pins,
    /// Fingerprint of the key that should have signed.
    pub signer: Option<String>,
    /// Commits that must be in the history.
    pub contains: Vec<Oid>,
    /// A checkpoint that was kept.
    pub checkpoint: Option<Vec<u8>>,
    /// A pack that was received before.
    pub older: Option<Opened>,
    /// The clock, seconds since the epoch.
    pub now: i64,
}

/// Verifies a pack.
///
/// # Errors
/// When the history of the pack cannot be unpacked on this machine. What is wrong in the pack is a step that failed.
pub fn verify(pack: &Opened, ground: &Ground, progress: &dyn Fn(usize)) -> Result<Verification, Error> {
    let index = pack.files.get(INDEX).and_then(|bytes| Index::read(bytes));
    let mut steps = vec![seal::files(pack)];
    steps.extend(seal::container(pack, index.as_ref()));
    let Some(index) = index else {
        steps.push(Step::failed(
            "Contents",
            format!("{INDEX} is missing or cannot be read: nothing more can be looked at"),
        ));
        return Ok(Verification { index: None, steps, rests: Vec::new() });
    };
    let folder = tempfile::tempdir().map_err(|source| Error::Io {
        action: "write",
        path: "a temporary folder".into(),
        source,
    })?;
    let history = History::open(pack, &index, ground, folder.path(), progress)?;
    let judged = history.as_ref().ok().and_then(|h| h.record.judged());
    steps.push(seal::signature(pack, &index, judged.map(|j| &**j.policy()), ground));
    let mut rests = again::made_pages(pack);
    match &history {
        Ok(history) => rests = of_history(pack, &index, history, ground, &mut steps)?,
        Err(None) => steps.push(Step::new(
            "History",
            Outcome::NotDone,
            "the pack brings no history, so nothing in it can be verified",
        )),
        Err(Some(why)) => {
            steps.push(Step::failed("History", format!("{} cannot be used: {why}", super::evidence::BUNDLE)));
        }
    }
    Ok(Verification { index: Some(index), steps, rests })
}

/// Everything that is looked at in the light of the history; gives what rests on the signature alone.
fn of_history(
    pack: &Opened,
    index: &Index,
    history: &History,
    ground: &Ground,
    steps: &mut Vec<Step>,
) -> Result<Vec<String>, Error> {
    steps.extend([history.step(index), history.root(index), history.approvals(index)]);
    steps.extend(wanted::steps(pack, index, history, ground));
    if history.tip.to_string() != index.commit {
        return Ok(again::made_pages(pack));
    }
    let seen = match Seen::of(pack, index, history) {
        Ok(seen) => seen,
        Err(why) => {
            steps.push(Step::failed("Contents", why));
            return Ok(again::made_pages(pack));
        }
    };
    let (documents, redacted) = seen.documents(pack, history);
    steps.push(documents);
    steps.push(told::step(pack, index, history, &seen));
    steps.push(evidence::step(pack, index, history));
    let sound = steps.iter().all(|s| s.outcome != Outcome::Bad);
    let (pages, mut rests) = again::step(pack, index, history, sound)?;
    steps.push(pages);
    rests.extend(redacted);
    Ok(rests)
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// The verification as JSON.
#[must_use]
pub fn json(verification: &Verification) -> Value {
    let step = |s: &Step| serde_json::json!({"step": s.title, "outcome": s.outcome.word(), "summary": s.summary, "details": s.details});
    serde_json::json!({
        "schema": "smsctl-pack-verify/1",
        "verified": verification.holds(),
        "pack": verification.index.as_ref().map(Index::about),
        "steps": verification.steps.iter().map(step).collect::<Vec<_>>(),
        "rests_on_signature": verification.rests,
    })
}
