//! The history of one document: its versions with who wrote and approved them, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::approval::{self, approval_json, by, signer, standing};
use super::{count, full_sentence, one_line, safe_json};
use crate::history::{Brings, Change, State, Touch, Trail};
use crate::trust::{
    Approval, Authors, CommitSignature, Decision, Judged, PinSource, Record, SignatureState, carrier_in_words, day,
};
use crate::workspace::{ArtifactView, Workspace};

/// One commit that changed the document.
struct Step {
    commit: String,
    on: String,
    author: String,
    subject: String,
    what: &'static str,
    path: String,
    signature: Option<String>,
    merge: bool,
    /// It brought words, rather than another name or what was there before.
    brings: bool,
    /// The text bore the id of the document there.
    readable: bool,
}

/// One version, from the commit that first bore its number to the last.
struct Version {
    number: String,
    status: String,
    steps: Vec<Step>,
    reason: Option<String>,
}

/// The history of a document.
pub struct DocumentHistory<'h> {
    id: String,
    title: String,
    path: String,
    record: &'h Record,
    now: Option<String>,
    versions: Vec<Version>,
    resting: Vec<(String, String)>,
}

impl<'h> DocumentHistory<'h> {
    /// Draws the history of an id together. `trail` holds the commits that touched it, and `signatures` are theirs, empty when
    /// nothing was judged.
    /// `None`: the history never held that id.
    #[must_use]
    pub fn new(
        ws: &Workspace,
        record: &'h Record,
        trail: &Trail,
        signatures: &BTreeMap<usize, CommitSignature>,
        id: &str,
    ) -> Option<Self> {
        let states = record.history.lineages.0.get(id).map_or(&[][..], |l| l.states.as_slice());
        let artifact = ws.artifacts().find(|a| a.id() == id);
        let last = states.iter().rev().find(|s| s.change != Change::Removed);
        if artifact.is_none() && last.is_none() {
            return None;
        }
        let versions = versions(record, trail, signatures, states, artifact);
        let now = artifact.and_then(|a| Some(standing(a, record.judged()?).in_words()));
        let path = artifact.map(|a| a.path().to_owned());
        let last_path =
            || last.and_then(|s| record.history.walk.paths.get(s.path as usize)).cloned().unwrap_or_default();
        Some(Self {
            id: id.to_owned(),
            title: artifact
                .map_or_else(|| last.map_or_else(String::new, |s| s.head.title.clone()), |a| a.title().to_owned()),
            path: path.unwrap_or_else(last_path),
            record,
            now,
            versions,
            resting: artifact.map(resting).unwrap_or_default(),
        })
    }

    /// For people; the newest version first.
    #[must_use]
    pub fn human(&self, colour: bool, verbose: bool) -> String {
        let bold = |text: &str| if colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
        let mut out =
            format!("{}  {}\n", bold(&one_line(&format!("{} {}", self.id, self.title))), one_line(&self.path));
        match (&self.now, self.record.why_not()) {
            (Some(now), _) => out.push_str(&format!("Now: {}\n", full_sentence(&one_line(now)))),
            (None, Some(why)) => out.push_str(&format!("Approvals were not evaluated: {}.\n", why.reason())),
            (None, None) => out.push_str("Now: the document is gone.\n"),
        }
        if self.record.judged().is_some_and(|j| j.pin == PinSource::FirstUse) {
            out.push_str("The trust root is not pinned; `smsctl trust fingerprint` prints it for comparing.\n");
        }
        if self.versions.is_empty() {
            out.push_str("\nIt is in no commit yet.\n");
        }
        for version in self.versions.iter().rev() {
            self.version(version, verbose, &bold, &mut out);
        }
        if !self.resting.is_empty() {
            let _ = writeln!(out, "\n{}", bold("What rests on it"));
            let limit = if verbose { usize::MAX } else { 10 };
            for (id, label) in self.resting.iter().take(limit) {
                let _ = writeln!(out, "  {}", one_line(&format!("{id}  {label}")));
            }
            if self.resting.len() > limit {
                let _ = writeln!(out, "  … and {} more (-v shows all)", self.resting.len() - limit);
            }
        }
        out
    }

    fn version(&self, version: &Version, verbose: bool, bold: &dyn Fn(&str) -> String, out: &mut String) {
        let (first, last) = (version.steps.first(), version.steps.last());
        let span = match (first.map(|s| s.on.as_str()), last.map(|s| s.on.as_str())) {
            (Some(a), Some(b)) if a != b => format!("{a} to {b}"),
            (Some(a), _) => a.to_owned(),
            _ => String::new(),
        };
        let head = format!("Version {}", version.number);
        let _ = writeln!(
            out,
            "\n{}  {}, {}, {}",
            bold(&one_line(&head)),
            one_line(&version.status),
            span,
            count(version.steps.len(), "commit")
        );
        if let Some(reason) = &version.reason {
            let _ = writeln!(out, "  Why        {}", one_line(reason));
        }
        let _ = writeln!(out, "  Written    {}", one_line(&self.written(version)));
        if let Some(judged) = self.record.judged() {
            self.approvals(judged, version, out);
        }
        if verbose {
            for step in version.steps.iter().rev() {
                let signature = step.signature.as_ref().map_or(String::new(), |s| format!(" [{s}]"));
                let merge = if step.merge { " (changed while merging)" } else { "" };
                let unread =
                    if step.readable || step.what == "removed" { "" } else { " (without the id of the document)" };
                let what = format!("{}{merge}{unread}", step.what);
                let line = format!("{} {} {what}: {}{signature}", step.on, step.commit, step.subject);
                let _ = writeln!(out, "    {}", one_line(&line));
            }
        }
    }

    /// Who wrote a version: as the approvals were judged where there are any, else as its commits say.
    fn written(&self, version: &Version) -> String {
        let of = self.record.judged().and_then(|j| Some((j, j.versions(&self.id)?)));
        let judged = of.and_then(|(judged, of)| {
            let approved = of.approved.iter().rev().find(|v| v.version == version.number).map(|v| &v.authors);
            let pending = || of.pending.iter().rev().find(|p| p.version == version.number).map(|p| &p.authors);
            Some(names(judged, approved.or_else(pending)?))
        });
        let claimed = || {
            let steps = version.steps.iter().filter(|s| s.brings || version.steps.iter().all(|s| !s.brings));
            steps.map(|s| s.author.clone()).collect::<BTreeSet<String>>()
        };
        judged.unwrap_or_else(claimed).into_iter().collect::<Vec<_>>().join(", ")
    }

    fn approvals(&self, judged: &Judged, version: &Version, out: &mut String) {
        let versions = judged.versions(&self.id);
        let approved = versions.and_then(|v| v.approved.iter().rev().find(|a| a.version == version.number));
        match approved {
            Some(approved) => {
                let ended = if approved.ended.is_some() { ", which holds no longer" } else { "" };
                let _ =
                    writeln!(out, "  Approved   {} by {}{ended}", day(approved.on), one_line(&by(judged, approved)));
                let _ = writeln!(out, "  Text       {}", approved.digest);
                let authors = if approved.authors.signed { "signed" } else { "claimed" };
                let level = serde_json::to_value(approved.time_level).ok().and_then(|v| v.as_str().map(str::to_owned));
                let _ = writeln!(
                    out,
                    "  Rests on   time {}, authorship {authors}, trust policy {}",
                    level.unwrap_or_default(),
                    policy_of(judged, approved)
                );
            }
            None => {
                let _ = writeln!(out, "  Approved   no");
            }
        }
        for approval in self.of_version(judged, &version.number) {
            let s = &approval.statement;
            let what = if approval.reasons.is_empty() {
                String::new()
            } else {
                format!(
                    " does not count: {}",
                    approval.reasons.iter().map(|r| r.message.as_str()).collect::<Vec<_>>().join("; ")
                )
            };
            let key = approval.key.as_ref().map_or("no key", |k| k.0.as_str());
            let line = format!(
                "{} {} by {} as {} ({}, {key}){what}",
                day(s.signed_at),
                past(s.decision),
                signer(judged, approval),
                s.role,
                carrier_in_words(&approval.carrier)
            );
            let _ = writeln!(out, "    {}", one_line(&line));
        }
    }

    fn of_version<'j>(&'j self, judged: &'j Judged, version: &'j str) -> impl Iterator<Item = &'j Approval> {
        judged.approvals_of(&self.id).filter(move |a| a.statement.version == version)
    }

    /// JSON (`smsctl-history/1`).
    #[must_use]
    pub fn json(&self) -> String {
        let judged = self.record.judged();
        let versions: Vec<Value> = self
            .versions
            .iter()
            .map(|v| {
                let approved = judged
                    .and_then(|j| {
                        Some((j, j.versions(&self.id)?.approved.iter().rev().find(|a| a.version == v.number)?))
                    })
                    .map(|(j, a)| approval::version_json(j, a));
                let declared: Vec<Value> = judged
                    .map(|j| self.of_version(j, &v.number).map(|a| approval_json(j, a)).collect())
                    .unwrap_or_default();
                let commits: Vec<Value> = v
                    .steps
                    .iter()
                    .map(|s| {
                        json!({
                            "commit": s.commit, "on": s.on, "author": s.author, "subject": s.subject, "change": s.what,
                            "path": s.path, "signature": s.signature, "changed_while_merging": s.merge,
                            "readable": s.readable,
                        })
                    })
                    .collect();
                json!({
                    "version": v.number, "status": v.status, "reason": v.reason, "approved": approved,
                    "approvals": declared, "commits": commits,
                })
            })
            .collect();
        safe_json(&json!({
            "schema": "smsctl-history/1", "id": self.id, "title": self.title, "path": self.path, "now": self.now,
            "not_judged": self.record.why_not().map(crate::trust::NotJudged::reason),
            "root": judged.map(|j| json!({"fingerprint": j.chain.root().to_string(), "source": j.pin})),
            "versions": versions,
            "referred_to_by": self.resting.iter().map(|(id, label)| json!({"id": id, "label": label})).collect::<Vec<_>>(),
        }))
    }
}

/// The commits by the version they stand for. One whose text could not be read as that of the document goes with the
/// version before it, or with the first.
fn versions(
    record: &Record,
    trail: &Trail,
    signatures: &BTreeMap<usize, CommitSignature>,
    states: &[State],
    artifact: Option<ArtifactView<'_>>,
) -> Vec<Version> {
    let by_place: BTreeMap<(u32, u32), &State> = states.iter().map(|s| ((s.commit, s.path), s)).collect();
    let mut out: Vec<Version> = Vec::new();
    let mut lead = Vec::new();
    for touch in &trail.touches {
        let state = by_place.get(&(touch.commit, touch.path)).copied();
        let step = step(record, signatures, touch, state);
        match (state, out.last_mut()) {
            (None, None) => lead.push(step),
            (None, Some(version)) => version.steps.push(step),
            (Some(state), Some(version)) if version.number == state.head.version => {
                version.steps.push(step);
                version.status.clone_from(&state.head.status);
            }
            (Some(state), _) => out.push(Version {
                number: state.head.version.clone(),
                status: state.head.status.clone(),
                steps: lead.drain(..).chain([step]).collect(),
                reason: artifact.and_then(|a| reason(a, &state.head.version)),
            }),
        }
    }
    out
}

fn past(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approved",
        Decision::Reject => "rejected",
        Decision::Withdraw => "withdrawn",
    }
}

fn policy_of(judged: &Judged, version: &crate::trust::ApprovedVersion) -> u64 {
    judged.chain.in_force(version.position).policy.reference.serial
}

/// Authors in words.
fn names(judged: &Judged, authors: &Authors) -> BTreeSet<String> {
    let known = authors.persons.iter().map(|person| judged.policy().name(person).to_owned());
    let untraced = authors.untraced.then(|| "others, who are not known".to_owned());
    known.chain(authors.unknown.iter().cloned()).chain(untraced).collect()
}

fn step(record: &Record, signatures: &BTreeMap<usize, CommitSignature>, touch: &Touch, state: Option<&State>) -> Step {
    let walk = &record.history.walk;
    let commit = walk.commits.get(touch.commit as usize);
    let person = |ix: u32| walk.people.get(ix as usize).map_or("", |p| p.name.as_str());
    let mut author = commit.map_or("", |c| person(c.author)).to_owned();
    for other in commit.map_or(&[][..], |c| &c.co_authors) {
        author.push_str(&format!(" with {}", person(*other)));
    }
    Step {
        commit: commit.map_or_else(String::new, |c| c.oid.to_string().chars().take(10).collect()),
        on: commit.map_or_else(String::new, |c| {
            jiff::Timestamp::from_second(c.author_time).map_or_else(|_| String::new(), day)
        }),
        author,
        subject: commit.map_or_else(String::new, |c| c.subject.clone()),
        what: match (state.map(|s| s.change), touch.blob) {
            (Some(Change::Added), _) => "added",
            (Some(Change::Moved), _) => "moved",
            (Some(Change::Changed), _) | (None, Some(_)) => "changed",
            (Some(Change::Removed), _) | (None, None) => "removed",
        },
        path: walk.paths.get(touch.path as usize).cloned().unwrap_or_default(),
        signature: signatures.get(&(touch.commit as usize)).map(|s| signature(record, s)),
        merge: state.is_some_and(|s| s.differs_from_all_parents),
        brings: touch.brings == Brings::New,
        readable: state.is_some_and(|s| s.change != Change::Removed),
    }
}

fn signature(record: &Record, signature: &CommitSignature) -> String {
    let name = |id: &str| record.judged().map_or_else(|| id.to_owned(), |j| j.policy().name(id).to_owned());
    match (signature.state, &signature.person) {
        (SignatureState::Good, Some(person)) => format!("signed by {}", name(person)),
        (SignatureState::Unsigned, _) => "unsigned".into(),
        (SignatureState::Service, _) => "signed by a Git service".into(),
        (SignatureState::Unknown | SignatureState::Good, _) => "signed by an unknown key".into(),
        (SignatureState::Refused | SignatureState::Bad | SignatureState::Unverifiable, _) => {
            signature.reasons.first().map_or_else(|| "bad signature".into(), |r| r.message.clone())
        }
    }
}

/// Why a version was made, from the document's own list of changes.
fn reason(artifact: ArtifactView<'_>, version: &str) -> Option<String> {
    let change = artifact.front().list("changes").iter().find(|c| c.str("version") == Some(version))?;
    change.str("why").map(str::to_owned)
}

/// What refers to the document or to anything in it.
fn resting(artifact: ArtifactView<'_>) -> Vec<(String, String)> {
    let inside = artifact.entity().into_iter().chain(artifact.children());
    let mut out: Vec<(String, String)> = inside
        .flat_map(crate::workspace::EntityView::referrers)
        .map(|(from, _)| from)
        .filter(|from| from.artifact().ix != artifact.ix)
        .map(|from| (from.id().to_owned(), from.label().to_owned()))
        .collect();
    out.sort();
    out.dedup();
    out
}
