//! Verifies a pack from the pack alone: every byte, the signature, the history, every approval.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::container::{Opened, zip};
use super::evidence;
use super::index::{INDEX, Index, Shown};
use super::manifest::{self, MANIFEST, NAMESPACE, OPENPGP_SIGNATURE, SSH_SIGNATURE};
use crate::error::Error;
use crate::finding::Severity;
use crate::history::{Oid, Repository, bundle};
use crate::signature::key::{KeyId, Verdict};
use crate::signature::openpgp::{self, Certificate};
use crate::signature::ssh;
use crate::trust::policy::set_digest;
use crate::trust::statement::digest;
use crate::trust::{Control, Judged, Options, PinSource, Pins, Policy, Record, Root, Subject, located};

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

/// A finished verification.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What the pack says of itself; none when it cannot be read.
    pub index: Option<Index>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
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
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// The root the user was given.
    pub root: Option<Believed>,
    /// Roots the user pinned.
    pub pins: Pins,
    /// Fingerprint of the key that should have signed.
    pub signer: Option<String>,
    /// The clock, seconds since the epoch.
    pub now: i64,
}

/// Verifies a pack.
///
/// # Errors
/// When the history of the pack cannot be unpacked on this machine. What is wrong in the pack is a step that failed.
pub fn verify(pack: &Opened, ground: &Ground, progress: &dyn Fn(usize)) -> Result<Verification, Error> {
    let index = pack.files.get(INDEX).and_then(|bytes| Index::read(bytes));
    let mut steps = vec![files(pack)];
    steps.extend(container(pack, index.as_ref()));
    let Some(index) = index else {
        steps.push(failed("Contents", format!("{INDEX} is missing or cannot be read: nothing more can be looked at")));
        return Ok(Verification { index: None, steps });
    };
    let folder = tempfile::tempdir().map_err(|source| Error::Io {
        action: "write",
        path: "a temporary folder".into(),
        source,
    })?;
    let history = History::open(pack, &index, ground, folder.path(), progress)?;
    let judged = history.as_ref().ok().and_then(|h| h.record.judged());
    steps.push(signature(pack, &index, judged.map(|j| &**j.policy()), ground));
    match &history {
        Ok(history) => {
            steps.push(history.step(&index));
            steps.push(history.root(&index));
            steps.push(history.approvals(&index));
            steps.push(history.documents(pack, &index)?);
        }
        Err(None) => steps.push(no_evidence()),
        Err(Some(why)) => steps.push(failed("History", format!("{} cannot be read: {why}", evidence::BUNDLE))),
    }
    steps.extend(gaps(&index));
    Ok(Verification { index: Some(index), steps })
}

fn failed(title: &'static str, summary: String) -> Step {
    Step { title, outcome: Outcome::Bad, summary, details: Vec::new() }
}

fn no_evidence() -> Step {
    let summary = "the pack brings no history, so no approval in it can be verified".into();
    Step { title: "History", outcome: Outcome::NotDone, summary, details: Vec::new() }
}

/// Every file against the manifest.
fn files(pack: &Opened) -> Step {
    let title = "Files";
    let Some(bytes) = pack.files.get(MANIFEST) else {
        return failed(title, format!("{MANIFEST} is missing"));
    };
    let listed = match manifest::parse(bytes) {
        Ok(listed) => listed,
        Err(why) => return failed(title, format!("{MANIFEST} cannot be read: {why}")),
    };
    let details = manifest::differences(&pack.files, &listed);
    if details.is_empty() {
        let summary = format!("{} files, each with the size and SHA-256 of the manifest", listed.len());
        return Step { title, outcome: Outcome::Good, summary, details };
    }
    let summary = format!("{} of {} files differ from the manifest", details.len(), listed.len());
    Step { title, outcome: Outcome::Bad, summary, details }
}

/// The ZIP around the files holds nothing else. Only the version that wrote it packs the same bytes.
fn container(pack: &Opened, index: Option<&Index>) -> Option<Step> {
    let bytes = pack.zip.as_ref()?;
    let same = zip(&pack.folder, &pack.files).is_ok_and(|again| again == *bytes);
    let own = index.is_some_and(|i| i.tool == env!("CARGO_PKG_VERSION"));
    let (outcome, summary) = match (same, own) {
        (true, _) => (Outcome::Good, "the ZIP file holds these files and nothing else".to_owned()),
        (false, true) => (
            Outcome::Bad,
            "the ZIP file is not the one that was written: bytes around the files were changed, or it was packed again"
                .into(),
        ),
        (false, false) => (
            Outcome::Note,
            "the ZIP file was written by another version of smsctl, so its own bytes were not compared; the files were"
                .into(),
        ),
    };
    Some(Step { title: "ZIP file", outcome, summary, details: Vec::new() })
}

/// Who signed the manifest.
fn signature(pack: &Opened, index: &Index, policy: Option<&Policy>, ground: &Ground) -> Step {
    let title = "Signature";
    let manifest = pack.files.get(MANIFEST).map_or(&[][..], Vec::as_slice);
    let verdict = match (pack.files.get(SSH_SIGNATURE), pack.files.get(OPENPGP_SIGNATURE)) {
        (Some(_), Some(_)) => return failed(title, "the manifest has two signatures".into()),
        (Some(signature), None) => ssh::verify(manifest, signature, NAMESPACE),
        (None, Some(signature)) => openpgp::verify(manifest, signature, &certificates(pack, policy), ground.now),
        (None, None) => return unsigned(index, ground),
    };
    let key = match verdict {
        Verdict::Good { key, .. } => key,
        Verdict::Bad(why) => return failed(title, format!("the signature does not fit {MANIFEST}: {why}")),
        Verdict::Unverifiable(why) => {
            return Step { title, outcome: Outcome::NotDone, summary: why, details: Vec::new() };
        }
        Verdict::Weak { key, reason } | Verdict::Expired { key, reason } | Verdict::Revoked { key, reason } => {
            return failed(title, format!("the key {key} does not count: {reason}"));
        }
        Verdict::Unknown { key } => return failed(title, format!("nothing is known of the key {key} that signed")),
    };
    let wanted = ground.signer.as_ref().or(index.signed_with.as_ref());
    if let Some(wanted) = wanted.filter(|w| **w != key.0) {
        return failed(title, format!("made with the key {key}, and {wanted} was to sign"));
    }
    whose(&key, policy, ground)
}

fn unsigned(index: &Index, ground: &Ground) -> Step {
    let title = "Signature";
    if index.signed_with.is_some() || ground.signer.is_some() {
        return failed(title, "the signature of the manifest was taken away".into());
    }
    let summary = "the pack is not signed: whoever changed a file and the manifest with it stays unnoticed, except for what \
                   the approvals cover";
    Step { title, outcome: Outcome::Note, summary: summary.into(), details: Vec::new() }
}

/// Certificates an OpenPGP signature may be by: those of the trust policy, and the exporter's own.
fn certificates(pack: &Opened, policy: Option<&Policy>) -> Vec<Certificate> {
    let own = pack.files.get("keys/exporter.asc").and_then(|b| Certificate::parse(b).ok()).unwrap_or_default();
    policy.iter().flat_map(|p| p.certificates.iter().cloned()).chain(own).collect()
}

fn whose(key: &KeyId, policy: Option<&Policy>, ground: &Ground) -> Step {
    let title = "Signature";
    let revocation = policy.and_then(|p| p.revocation(key));
    if let Some(revocation) = revocation {
        let how = if revocation.compromised { "compromised" } else { "withdrawn" };
        return failed(title, format!("the trust policy says that the key {key} is {how}"));
    }
    let now = Timestamp::from_second(ground.now).unwrap_or(Timestamp::MAX);
    let Some((person, policy)) = policy.and_then(|p| Some((p.holder(key)?, p))) else {
        let named = ground.signer.is_some();
        let outcome = if named { Outcome::Good } else { Outcome::Note };
        let more = if named {
            "as you said it would be".to_owned()
        } else {
            "which the trust policy does not know: ask the organization on another way whether it is theirs, then give it \
             with --signer"
                .into()
        };
        return Step { title, outcome, summary: format!("made with the key {key}, {more}"), details: Vec::new() };
    };
    let roles: Vec<&str> = policy.roles_of(person, now).collect();
    let roles = if roles.is_empty() { "no role then".to_owned() } else { roles.join(", ") };
    Step {
        title,
        outcome: Outcome::Good,
        summary: format!("made by {person} ({roles}) with the key {key}"),
        details: Vec::new(),
    }
}

/// What the stage asks for and the pack says it lacks.
fn gaps(index: &Index) -> Option<Step> {
    let n = index.gaps.len();
    (n > 0).then(|| Step {
        title: "Contents",
        outcome: Outcome::Note,
        summary: format!("the pack itself says that {n} thing{} of this stage {} missing", plural(n), are(n)),
        details: index.gaps.clone(),
    })
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// The history of the pack, unpacked and judged.
struct History {
    repository: Repository,
    record: Record,
    tip: Oid,
    stubs: usize,
}

impl History {
    /// `Err(None)`: there is none; with a sentence: it cannot be used.
    fn open(
        pack: &Opened,
        index: &Index,
        ground: &Ground,
        folder: &std::path::Path,
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
            None => None,
        };
        let options =
            Options { tip: Some(tip), root, pins: ground.pins.clone(), now: ground.now, ..Options::default() };
        let record = Record::evaluate(&repository, &options, progress)?;
        Ok(Ok(Self { repository, record, tip, stubs: left_out }))
    }

    fn step(&self, index: &Index) -> Step {
        let title = "History";
        if self.tip.to_string() != index.commit {
            return failed(title, format!("it ends at {} and the pack was made of {}", self.tip, index.commit));
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

    fn root(&self, index: &Index) -> Step {
        let title = "Trust root";
        let Some(judged) = self.record.judged() else {
            return Step {
                title,
                outcome: Outcome::NotDone,
                summary: "nothing was judged".into(),
                details: Vec::new(),
            };
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
            return failed(title, format!("{root}, {how}; the pack was made with {}", index.root));
        }
        Step { title, outcome: Outcome::Good, summary: format!("{root}, {how}"), details: Vec::new() }
    }

    /// Every approval the pack shows, judged anew.
    fn approvals(&self, index: &Index) -> Step {
        let title = "Approvals";
        let Some(judged) = self.record.judged() else {
            return Step {
                title,
                outcome: Outcome::NotDone,
                summary: "nothing was judged".into(),
                details: Vec::new(),
            };
        };
        let good = judged.approvals.iter().filter(|a| a.approves()).count();
        let mut details = Vec::new();
        if good != index.approvals {
            details.push(format!("The pack was made of {} approvals that count, and {good} do.", index.approvals));
        }
        let now = match self.verdicts(judged) {
            Ok(now) => now,
            Err(error) => return failed(title, error.to_string()),
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

    /// The documents of the pack against the texts in the history.
    fn documents(&self, pack: &Opened, index: &Index) -> Result<Step, Error> {
        let files = self.repository.files(self.tip, "")?;
        let (mut same, mut redacted, mut wrong) = (0, Vec::new(), Vec::new());
        for shown in index.documents.iter().filter(|d| !d.file.is_empty()) {
            let committed =
                files.get(&shown.path).map(|f| self.repository.blob(f.oid).map(|b| (f.oid, b))).transpose()?;
            let here = pack.files.get(&shown.file);
            match (committed, here) {
                (Some((oid, _)), Some(_)) if self.repository.stub(oid).is_some() => redacted.push(said(shown)),
                (Some((_, committed)), Some(here)) if committed == *here => same += 1,
                (Some(_), Some(_)) => wrong.push(format!("{} is not the text of commit {}.", shown.file, index.commit)),
                (None, _) => wrong.push(format!("{} is not in the commit.", shown.path)),
                (_, None) => wrong.push(format!("{} is missing.", shown.file)),
            }
        }
        let title = "Documents";
        if !wrong.is_empty() {
            let summary = format!("{} documents are not those of the commit", wrong.len());
            return Ok(Step { title, outcome: Outcome::Bad, summary, details: wrong });
        }
        let n = redacted.len();
        if n == 0 {
            let summary = format!("{same} documents, byte for byte those of the commit");
            return Ok(Step { title, outcome: Outcome::Good, summary, details: Vec::new() });
        }
        let summary = format!(
            "{same} documents are byte for byte those of the commit; in {n} more, places are withheld, and the text that was \
             approved is known by its digest alone ({} texts of the history are left out)",
            self.stubs
        );
        Ok(Step { title, outcome: Outcome::Note, summary, details: redacted })
    }
}

fn said(shown: &Shown) -> String {
    let places = shown.withheld;
    format!(
        "{} {}: {places} place{} withheld; text of the commit {}.",
        shown.id,
        shown.version,
        plural(places),
        shown.digest
    )
}

/// The root that a commit gives: it and the digest of its trust policy.
fn root_at(repository: &Repository, commit: Oid) -> Result<Root, Error> {
    let mut files = BTreeMap::new();
    for (path, file) in repository.files(commit, "trust")? {
        files.insert(path, repository.blob(file.oid)?);
    }
    Ok(Root { commit, policy: set_digest(&files) })
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
    })
}
