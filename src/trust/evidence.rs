//! Approvals found in the history, each judged by the policy in force where it came in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::chain::{Chain, SKEW_SECONDS, at};
use super::commits::Verdicts;
use super::issue::{Issue, Reason};
use super::policy::TimeLevel;
use super::signer::{When, judge};
use super::statement::{
    Decision, MAX_STATEMENT, Meaning, NAMESPACE, PolicyRef, Statement, TRUST_POLICY, digest, sha256,
};
use super::trees::{Located, Trees};
use crate::error::Error;
use crate::history::{Oid, Repository, Walk};
use crate::signature::commit::RawCommit;
use crate::signature::key::KeyId;
use crate::signature::trailer;
use crate::source::MAX_TEXT_BYTES;

/// Folder of the statements below the root of the SMS.
pub const FOLDER: &str = "approvals";

/// What carries an approval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// A statement file with its detached signature.
    File {
        /// The statement.
        path: String,
        /// The signature; empty when it is missing.
        signature: String,
    },
    /// A signed commit with the trailers.
    Commit {
        /// The commit.
        commit: Oid,
    },
}

/// One declaration by one person, judged.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Where it stands.
    pub carrier: Carrier,
    /// What is declared.
    pub statement: Statement,
    /// Digest of the signed bytes.
    pub digest: String,
    /// Position on the chain where it came in.
    pub position: usize,
    /// That commit.
    pub commit: Oid,
    /// That commit's date.
    pub introduced: Timestamp,
    /// The policy that judged it.
    pub judged_by: PolicyRef,
    /// The key that signed.
    pub key: Option<KeyId>,
    /// The person whose key it is.
    pub person: Option<String>,
    /// The blob it approves, as found where it came in.
    pub blob: Option<Oid>,
    /// Why it does not count; empty when it does.
    pub reasons: Vec<Reason>,
    /// Nothing could be said of the signature.
    pub unverifiable: bool,
    /// How well its time is known.
    pub time_level: TimeLevel,
    /// Still there at the tip.
    pub present: bool,
    /// The statement file, when that carries it.
    pub(super) record: Option<Oid>,
    /// Index of the commit whose files were compared with it.
    pub(super) judged_at: usize,
}

impl Approval {
    /// It counts as what it says.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.reasons.is_empty() && self.present
    }

    /// It counts as an approval.
    #[must_use]
    pub fn approves(&self) -> bool {
        self.counts() && (self.statement.decision, self.statement.meaning) == (Decision::Approve, Meaning::Approval)
    }

    fn refuse(&mut self, code: &'static str, message: impl Into<String>) {
        self.reasons.push(Reason::new(code, message));
    }
}

/// A statement file as it stood somewhere in the history.
struct Found {
    path: String,
    blob: Oid,
    /// Commit that brought it first, wherever it stands.
    commit: Oid,
    position: usize,
    present: bool,
}

/// Endings of detached signatures.
const SIGNATURES: [&str; 2] = [".sig", ".asc"];

/// Of each signature the state that is there, else the one that came first.
fn signatures(records: &[Found]) -> HashMap<&str, &Found> {
    let mut out: HashMap<&str, &Found> = HashMap::new();
    for record in records.iter().filter(|r| SIGNATURES.iter().any(|ending| r.path.ends_with(ending))) {
        let best = out.entry(&record.path).or_insert(record);
        if (!record.present, record.position) < (!best.present, best.position) {
            *best = record;
        }
    }
    out
}

/// Collects and judges.
pub(super) struct Collector<'c> {
    pub repo: &'c Repository,
    pub walk: &'c Walk,
    pub chain: &'c Chain,
    pub trees: &'c Trees<'c>,
    pub now: Timestamp,
    /// The one document to look at; none for all.
    pub only: Option<&'c str>,
    pub issues: Vec<Issue>,
    pub verdicts: Verdicts,
}

impl Collector<'_> {
    /// All approvals of artifacts, oldest first.
    pub(super) fn collect(&mut self) -> Result<Vec<Approval>, Error> {
        let mut out = Vec::new();
        let records = self.records()?;
        let signatures = signatures(&records);
        for found in records.iter().filter(|f| f.path.ends_with(".approval")) {
            self.file(found, &signatures, &mut out)?;
        }
        for index in 0..self.walk.commits.len() {
            if self.walk.commits.get(index).is_some_and(|c| c.mentions_approval) {
                self.commit(index, &mut out)?;
            }
        }
        out.sort_by(|a, b| {
            (a.position, a.statement.signed_at, &a.carrier).cmp(&(b.position, b.statement.signed_at, &b.carrier))
        });
        disagreements(&mut out, self.walk);
        drop_echoes(&mut out);
        Ok(out)
    }

    /// Every state of every file below `approvals/`, and what was altered or deleted.
    fn records(&mut self) -> Result<Vec<Found>, Error> {
        let tip = self.walk.chain.last().and_then(|ix| self.walk.commits.get(*ix)).map(|c| c.oid);
        let present = match tip {
            Some(tip) => self.repo.files(tip, FOLDER)?,
            None => BTreeMap::new(),
        };
        let mut states: BTreeMap<String, BTreeMap<Oid, (usize, Oid)>> = BTreeMap::new();
        let mut altered: BTreeSet<u32> = BTreeSet::new();
        let prefix = format!("{FOLDER}/");
        for row in &self.walk.rows {
            let path = path_of(self.walk, row.path);
            if !path.starts_with(&prefix) {
                continue;
            }
            let Some((blob, _)) = row.new else { continue };
            let Some(commit) = self.walk.commits.get(row.commit as usize) else { continue };
            // A merge that keeps the record of one side is no row, and branches that add one each change none.
            if row.old.iter().flatten().any(|(old, _)| *old != blob) {
                altered.insert(row.path);
            }
            // Rows are told in the order of the chain: the first is the introduction.
            let first = (commit.chain_position as usize, commit.oid);
            states.entry(path.to_owned()).or_default().entry(blob).or_insert(first);
        }
        let mut out = Vec::new();
        for (path, blobs) in states {
            let now = present.get(&path);
            if let Some(file) = now.filter(|f| f.mode != 0o100_644) {
                self.issues.push(irregular(&path, file.mode));
            }
            let changed = self.walk.path_index(&path).is_some_and(|path| altered.contains(&path));
            if now.is_some() && !changed && blobs.len() > 1 && path.ends_with(".approval") {
                self.issues.push(not_taken(&path));
            }
            if now.is_none() || changed {
                let what = if now.is_none() { "deleted" } else { "changed" };
                let issue = Issue::error(
                    "record-altered",
                    format!("the record `{path}` was {what} after it was made"),
                    "Records of approvals are only ever added. Bring it back as it was first committed.",
                );
                self.issues.push(issue.path(path.clone()));
            }
            for (blob, (position, commit)) in blobs {
                let present = now.is_some_and(|f| f.oid == blob && f.mode == 0o100_644);
                out.push(Found { path: path.clone(), blob, commit, position, present });
            }
        }
        Ok(out)
    }

    fn file(
        &mut self,
        found: &Found,
        signatures: &HashMap<&str, &Found>,
        out: &mut Vec<Approval>,
    ) -> Result<(), Error> {
        let bytes = statement_bytes(self.repo, found.blob)?;
        let statement = match Statement::parse(&bytes) {
            Ok(statement) => statement,
            Err(why) => {
                if found.present {
                    let message = format!("`{}` is no approval statement: {why}", found.path);
                    let help = "It counts for nothing. Make approvals with `smsctl approve`.";
                    self.issues.push(Issue::error("record-malformed", message, help).path(found.path.clone()));
                }
                return Ok(());
            }
        };
        if self.passes_over(&statement) {
            return Ok(());
        }
        let belongs = statement.folder();
        if !found.path.starts_with(&format!("{belongs}/")) && statement.artifact != TRUST_POLICY {
            self.misplaced(found, &statement);
            return Ok(());
        }
        let signature = SIGNATURES.iter().find_map(|ending| {
            let best = signatures.get(format!("{}{ending}", found.path).as_str());
            best.map(|r| (r.path.clone(), r.blob, r.position))
        });
        let position = signature.as_ref().map_or(found.position, |(_, _, p)| found.position.max(*p));
        let (commit, introduced) = at(self.walk, position);
        let policy = self.chain.in_force(position);
        let path = signature.as_ref().map_or(String::new(), |(p, _, _)| p.clone());
        let carrier = Carrier::File { path: found.path.clone(), signature: path };
        let mut approval = self.unjudged(carrier, statement, &bytes, position);
        approval.present = found.present;
        approval.record = Some(found.blob);
        if !policy.policy.file_carrier {
            approval.refuse("carrier-not-accepted", "the trust policy does not accept statement files");
        }
        if !found.path.starts_with(&format!("{}/{}.", approval.statement.folder(), approval.statement.signer)) {
            approval.refuse("approval-elsewhere", "the file does not lie where its statement belongs");
        }
        match signature {
            None => approval.refuse("signature-missing", "its signature is missing"),
            Some((_, blob, _)) => {
                let when = When { signed: approval.statement.signed_at, introduced };
                let judged = judge(&bytes, &signature_bytes(self.repo, blob)?, NAMESPACE, &policy.policy, when);
                (approval.key, approval.person, approval.unverifiable) =
                    (judged.key, judged.person, judged.unverifiable);
                approval.reasons.extend(judged.reasons);
            }
        }
        // A record that a merge dropped is looked at where it was made, so that the loss can be told.
        self.content(&mut approval, if found.present { commit } else { found.commit })?;
        self.rights(&mut approval);
        out.push(approval);
        Ok(())
    }

    /// A copy of an approval below another document or version counts for nothing there.
    fn misplaced(&mut self, found: &Found, statement: &Statement) {
        if !found.present {
            return;
        }
        let message = format!(
            "`{}` is about {} version {}, and does not count where it lies",
            found.path, statement.artifact, statement.version
        );
        let help =
            format!("It belongs into `{}/`. Look at who put it here, and why; then remove it.", statement.folder());
        self.issues.push(Issue::error("approval-elsewhere", message, help).path(found.path.clone()));
    }

    fn commit(&mut self, index: usize, out: &mut Vec<Approval>) -> Result<(), Error> {
        let Some(fact) = self.walk.commits.get(index) else { return Ok(()) };
        let raw = self.repo.raw(fact.oid)?;
        let short: String = fact.oid.to_string().chars().take(10).collect();
        let suspect = |why: &str| {
            let message = format!("commit {short} mentions an approval and is none: {why}");
            let help = "Nothing to do if it was squashed or quoted; approvals are made with `smsctl approve`.";
            Issue::note("trailer-suspect", message, help).commit(fact.oid)
        };
        let Ok(parsed) = RawCommit::parse(&raw) else {
            self.issues.push(suspect("it is malformed"));
            return Ok(());
        };
        let Some(statement) = trailer::last_block(parsed.message).and_then(|t| trailers(&t)) else {
            self.issues.push(suspect("its last paragraph is not exactly the trailers of one approval"));
            return Ok(());
        };
        if self.passes_over(&statement) {
            return Ok(());
        }
        let position = fact.chain_position as usize;
        let policy = self.chain.in_force(position);
        let (_, introduced) = at(self.walk, position);
        let signed_at = Timestamp::from_second(fact.commit_time).unwrap_or(Timestamp::UNIX_EPOCH);
        let payload = RawCommit::payload(&raw);
        let statement = Statement { signed_at, repository: policy.policy.repo_id.clone(), ..statement };
        let mut approval = self.unjudged(Carrier::Commit { commit: fact.oid }, statement, &payload, position);
        if !policy.policy.commit_carrier {
            approval.refuse("carrier-not-accepted", "the trust policy does not accept signed commits");
        }
        if !parsed.strict() {
            let odd = parsed.oddities.first().map_or(String::new(), |o| format!(": {o}"));
            approval.refuse("object-malformed", format!("the commit is not plain in every header{odd}"));
        }
        if parsed.parents.len() != 1 {
            approval.refuse("object-malformed", "an approval is a commit with exactly one parent");
        }
        match &parsed.signature {
            None => approval.refuse("signature-missing", "the commit is not signed"),
            Some(signature) => {
                let when = When { signed: signed_at, introduced };
                let judged = self.verdicts.judge(index, &raw, signature, &policy.policy, when);
                (approval.key, approval.person, approval.unverifiable) =
                    (judged.key, judged.person, judged.unverifiable);
                approval.reasons.extend(judged.reasons);
            }
        }
        if let Some(person) = &approval.person {
            approval.statement.signer.clone_from(person);
            person_name(policy, person).clone_into(&mut approval.statement.name);
        }
        self.content(&mut approval, fact.oid)?;
        if let (Some(parent), Some(blob)) = (parsed.parents.first().and_then(|p| Oid::from_str(p).ok()), approval.blob)
        {
            let before = self.places(parent, &approval.statement.artifact)?;
            if !before.iter().any(|place| place.blob == blob) {
                approval.refuse("approval-changes-document", "the commit changes the document it approves");
            }
        }
        self.rights(&mut approval);
        out.push(approval);
        Ok(())
    }

    fn passes_over(&self, statement: &Statement) -> bool {
        self.only.is_some_and(|only| statement.artifact != only)
    }

    /// A declaration as it came in at a position of the main line, before anything is known of its signature.
    fn unjudged(&self, carrier: Carrier, statement: Statement, signed: &[u8], position: usize) -> Approval {
        let (commit, introduced) = at(self.walk, position);
        Approval {
            carrier,
            statement,
            digest: digest(signed),
            position,
            commit,
            introduced,
            judged_by: self.chain.in_force(position).policy.reference.clone(),
            key: None,
            person: None,
            blob: None,
            reasons: Vec::new(),
            unverifiable: false,
            time_level: TimeLevel::Claimed,
            present: true,
            record: None,
            judged_at: 0,
        }
    }

    /// The bytes approved are those in the tree: same id, same version, same digest, one ordinary file.
    fn content(&self, approval: &mut Approval, commit: Oid) -> Result<(), Error> {
        let id = approval.statement.artifact.clone();
        if id == TRUST_POLICY {
            approval.refuse("approval-elsewhere", "changes of the trust policy are approved below trust/changes");
            return Ok(());
        }
        approval.judged_at = self.walk.index_of(commit).unwrap_or_default();
        let located = self.places(commit, &id)?;
        let [one] = located.as_slice() else {
            match located.len() {
                0 => approval.refuse("approval-stale", format!("there was no document {id} when the approval came in")),
                _ => {
                    approval.refuse("duplicate-id", format!("two documents had the id {id} when the approval came in"));
                }
            }
            return Ok(());
        };
        if one.mode != 0o100_644 {
            approval.refuse("path-not-regular", format!("`{}` is no ordinary file", one.path));
            return Ok(());
        }
        let now = self.trees.digest(one.blob);
        if now.as_deref() != Some(approval.statement.digest.as_str()) {
            let version = self.trees.control(one.blob).map(|c| c.version.clone()).unwrap_or_default();
            let what = if version == approval.statement.version { "other bytes" } else { "another version" };
            approval.refuse("approval-stale", format!("{id} had {what} when the approval came in"));
            return Ok(());
        }
        let control = self.trees.control(one.blob);
        if control.is_none_or(|c| c.version != approval.statement.version) {
            approval.refuse("approval-elsewhere", "the document does not bear the version that was approved");
            return Ok(());
        }
        approval.blob = Some(one.blob);
        Ok(())
    }

    /// Where a document stood in a commit of the history.
    fn places(&self, commit: Oid, id: &str) -> Result<Vec<Located>, Error> {
        let folder = self.walk.index_of(commit).and_then(|ix| self.walk.commits.get(ix)).and_then(|c| c.folder);
        folder.map_or_else(|| Ok(Vec::new()), |folder| self.trees.places(folder, id))
    }

    /// Repository, policy seen, role held, plausible time.
    fn rights(&self, approval: &mut Approval) {
        let state = self.chain.in_force(approval.position);
        let statement = approval.statement.clone();
        if statement.repository != state.policy.repo_id {
            approval.refuse("approval-elsewhere", "it was made for another repository");
        }
        let Some(seen) = self.chain.state_of(&statement.policy, approval.position).map(|s| s.time) else {
            let message = format!("trust policy {} that it names was not in force before", statement.policy.serial);
            approval.refuse("policy-not-known", message);
            return;
        };
        if let Some(person) = approval.person.clone() {
            if person != statement.signer {
                approval.refuse("signer-differs", format!("the key belongs to {person}, not to {}", statement.signer));
            }
            // Signed under an older policy: the role must still be held under the one that judges.
            let moments = [statement.signed_at, statement.signed_at.max(state.time)];
            let held = moments.iter().all(|at| state.policy.holds(&person, &statement.role, *at));
            if !held {
                let name = state.policy.name(&person);
                approval.refuse("role-not-held", format!("{name} did not hold the role {} then", statement.role));
            }
        }
        let skew = jiff::SignedDuration::from_secs(SKEW_SECONDS);
        let late = |limit: Timestamp| limit.checked_add(skew).is_ok_and(|t| statement.signed_at > t);
        if seen.checked_sub(skew).is_ok_and(|t| statement.signed_at < t) {
            let message = format!("it claims {}, before the trust policy it names was there", statement.signed_at);
            approval.refuse("time-implausible", message);
        } else if late(approval.introduced) || late(self.now) {
            let message = format!("it claims {}, later than the commit that brought it", statement.signed_at);
            approval.refuse("time-implausible", message);
        }
    }
}

/// The bytes of a statement or checkpoint; of a larger file so many zeros, which are refused for their number like the file.
pub(super) fn statement_bytes(repo: &Repository, blob: Oid) -> Result<Vec<u8>, Error> {
    Ok(repo.blob_within(blob, MAX_STATEMENT as u64)?.unwrap_or_else(|| vec![0; MAX_STATEMENT + 1]))
}

/// The bytes of a signature; none of one that is larger than any form that is known.
pub(super) fn signature_bytes(repo: &Repository, blob: Oid) -> Result<Vec<u8>, Error> {
    Ok(repo.blob_within(blob, MAX_TEXT_BYTES)?.unwrap_or_default())
}

/// A path of the walk.
pub(super) fn path_of(walk: &Walk, path: u32) -> &str {
    walk.paths.get(path as usize).map_or("", String::as_str)
}

fn person_name<'p>(state: &'p super::chain::PolicyState, person: &'p str) -> &'p str {
    state.policy.name(person)
}

fn irregular(path: &str, mode: u32) -> Issue {
    let what = match mode {
        0o120_000 => "a symbolic link",
        0o160_000 => "a submodule",
        _ => "an executable file",
    };
    Issue::error("path-not-regular", format!("`{path}` is {what}"), "Records are plain files; it counts for nothing.")
        .path(path)
}

fn not_taken(path: &str) -> Issue {
    let message = format!("a merge brought two records `{path}`, and one of them was not taken");
    let help = "Two branches approved different texts under one version. Nothing was altered: the record that is here counts. Look at the \
                other with `git log --all -- ` and the path; what it approved needs a version of its own.";
    Issue::note("record-not-taken", message, help).path(path)
}

/// Leaves out approval commits that a rebase robbed of their signatures, where the statement file with the same words counts.
fn drop_echoes(approvals: &mut Vec<Approval>) {
    let of = |s: &Statement| (s.artifact.clone(), s.version.clone(), s.digest.clone(), s.role.clone(), s.meaning);
    let files = approvals.iter().filter(|a| a.counts() && matches!(a.carrier, Carrier::File { .. }));
    let said: Vec<_> = files.map(|a| of(&a.statement)).collect();
    approvals.retain(|a| {
        let unsigned = a.reasons.iter().any(|r| r.code == "signature-missing");
        let commit = matches!(a.carrier, Carrier::Commit { .. });
        !(commit && unsigned && said.contains(&of(&a.statement)))
    });
}

/// The declaration of an approval commit: exactly these keys, among other trailers.
fn trailers(block: &[(String, String)]) -> Option<Statement> {
    let get = |key: &str| block.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    let known = [
        "SMS-Approval",
        "SMS-Artifact",
        "SMS-Version",
        "SMS-Digest",
        "SMS-Role",
        "SMS-Meaning",
        "SMS-Policy",
        "SMS-Previous",
    ];
    if block.iter().any(|(k, _)| k.to_ascii_lowercase().starts_with("sms-") && !known.contains(&k.as_str())) {
        return None;
    }
    (get("SMS-Approval")? == "v1").then_some(())?;
    Some(Statement {
        repository: String::new(),
        artifact: get("SMS-Artifact")?.to_owned(),
        version: get("SMS-Version")?.to_owned(),
        digest: sha256(get("SMS-Digest")?)?,
        previous: match get("SMS-Previous") {
            None | Some("none") => None,
            Some(text) => Some(sha256(text)?),
        },
        policy: PolicyRef::parse(get("SMS-Policy")?)?,
        decision: Decision::Approve,
        meaning: Meaning::parse(get("SMS-Meaning")?)?,
        role: get("SMS-Role")?.to_owned(),
        signer: String::new(),
        name: String::new(),
        signed_at: Timestamp::UNIX_EPOCH,
        statement: String::new(),
    })
}

/// A commit that carries trailers and brings a statement of the same person about the same version must say one thing.
fn disagreements(approvals: &mut [Approval], walk: &Walk) {
    let mut files: HashMap<(&str, Oid), Vec<usize>> = HashMap::new();
    let mut commits: HashMap<Oid, Vec<usize>> = HashMap::new();
    for (index, approval) in approvals.iter().enumerate() {
        match &approval.carrier {
            Carrier::File { path, .. } => {
                let record = approval.record.unwrap_or(Oid::ZERO_SHA1);
                files.entry((path, record)).or_default().push(index);
            }
            Carrier::Commit { commit } => commits.entry(*commit).or_default().push(index),
        }
    }
    let mut bad = BTreeSet::new();
    for row in walk.rows.iter().filter(|r| r.new.is_some()) {
        let commit = walk.commits.get(row.commit as usize).and_then(|commit| commits.get(&commit.oid));
        let record = row.new.map_or(Oid::ZERO_SHA1, |(blob, _)| blob);
        let brought = commit.and_then(|commit| Some((commit, files.get(&(path_of(walk, row.path), record))?)));
        for (a, b) in
            brought.iter().flat_map(|(commit, file)| commit.iter().flat_map(|a| file.iter().map(|b| (*a, *b))))
        {
            if approvals.get(a).zip(approvals.get(b)).is_some_and(|(commit, file)| disagree(commit, file)) {
                bad.extend([a, b]);
            }
        }
    }
    for index in bad {
        if let Some(approval) = approvals.get_mut(index) {
            approval.refuse("carriers-disagree", "the signed commit and the statement file in it say different things");
        }
    }
}

fn disagree(commit: &Approval, file: &Approval) -> bool {
    let of = |s: &Statement| (s.version.clone(), s.digest.clone(), s.role.clone(), s.decision, s.meaning);
    let same_person = commit.person.is_none() || file.person.is_none() || commit.person == file.person;
    commit.statement.artifact == file.statement.artifact && same_person && of(&commit.statement) != of(&file.statement)
}
