//! The whole evaluation: what the history of a repository proves about the SMS in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::chain::{Chain, NoChain, at};
use super::checkpoint::{self, Checkpoint};
use super::evidence::{Approval, Carrier, Collector};
use super::issue::{Issue, Reason};
use super::policy::{ApprovalRule, Policy, Requirement, TimeLevel};
use super::quorum;
use super::root::{PinSource, Pins, Root};
use super::signer::{GIT_NAMESPACE, When, judge};
use super::statement::{NAMESPACE, digest};
use super::trees::{Control, Located, Trees};
use super::versions::{ApprovedVersion, Counter, Ended, Pending, Prospect, Versions, altered_merges, parts};
use crate::error::Error;
use crate::history::{Lineages, Oid, RepoOddity, Repository, Walk};
use crate::signature::key::KeyId;
use crate::signature::tag::RawTag;

/// What the evaluation is asked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The commit to assess; HEAD when none.
    pub tip: Option<Oid>,
    /// A root given by the user.
    pub root: Option<Root>,
    /// The user's own roots.
    pub pins: Pins,
    /// A checkpoint kept outside: its bytes and, when at hand, its signature.
    pub anchor: Option<(Vec<u8>, Option<Vec<u8>>)>,
    /// The clock, seconds since the epoch.
    pub now: i64,
}

/// A checkpoint in the repository, judged.
#[derive(Clone, Debug)]
pub struct KeptCheckpoint {
    /// Its file.
    pub path: String,
    /// What it says.
    pub checkpoint: Checkpoint,
    /// Position of its commit on the chain; none when it is not on the chain.
    pub head_position: Option<usize>,
    /// Position where it came in; of a tag that of the commit it names.
    pub position: usize,
    /// The key that signed it.
    pub key: Option<KeyId>,
    /// Why it does not count.
    pub reasons: Vec<Reason>,
}

/// Why nothing is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotJudged {
    /// There is no Git repository.
    NoRepository,
    /// smsctl.toml says that the SMS has no history of its own.
    HistoryNone,
    /// The repository has no commit.
    NoCommit,
    /// The history is cut off or damaged: nothing can be said.
    Incomplete,
    /// There is no trust policy in the history.
    NoPolicy,
    /// The trust policy or its root cannot be used.
    Broken,
}

impl NotJudged {
    /// The reason as reports give it.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoRepository => "not a Git repository",
            Self::HistoryNone => "smsctl.toml says this SMS has no history of its own ([trust] history = \"none\")",
            Self::NoCommit => "the repository has no commit yet",
            Self::Incomplete => "the history is incomplete",
            Self::NoPolicy => "there is no trust policy (trust/policy.toml) in the history",
            Self::Broken => "the trust policy cannot be used",
        }
    }
}

/// What the trust policy makes of the history.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The policies.
    pub chain: Chain,
    /// Where the root came from.
    pub pin: PinSource,
    /// Everything declared, oldest first.
    pub approvals: Vec<Approval>,
    /// Versions by artifact.
    pub versions: BTreeMap<String, Versions>,
    /// Checkpoints, oldest first.
    pub checkpoints: Vec<KeptCheckpoint>,
    /// Digests of the documents of the commit assessed, by id.
    pub at_tip: BTreeMap<String, String>,
}

/// The facts of the history.
#[derive(Debug, Default)]
pub struct History {
    /// The commit assessed.
    pub tip: Option<Oid>,
    /// All commits and rows.
    pub walk: Walk,
    /// The states of each artifact.
    pub lineages: Lineages,
}

/// The whole evaluation.
#[derive(Debug)]
pub struct Record {
    /// Facts; empty without a repository.
    pub history: History,
    /// What is odd about the repository itself.
    pub oddities: Vec<RepoOddity>,
    /// Verdicts, or why there are none.
    pub judged: Result<Judged, NotJudged>,
    /// Everything wrong.
    pub issues: Vec<Issue>,
}

impl Record {
    /// A record that judges nothing.
    #[must_use]
    pub fn not_judged(why: NotJudged) -> Self {
        Self { history: History::default(), oddities: Vec::new(), judged: Err(why), issues: Vec::new() }
    }

    /// Evaluates the history of a repository.
    ///
    /// # Errors
    /// When Git cannot be read at all. What is wrong *in* the history is an issue.
    pub fn evaluate(repo: &Repository, options: &Options, progress: &dyn Fn(usize)) -> Result<Self, Error> {
        let mut out = Self::not_judged(NotJudged::NoCommit);
        out.oddities = repo.preflight();
        out.issues = out.oddities.iter().map(odd).collect();
        let Some(tip) = options.tip.map_or_else(|| repo.head(), |tip| Ok(Some(tip)))? else {
            return Ok(out);
        };
        let walk = Walk::run(repo, tip, progress)?;
        let lineages = Lineages::of(repo, &walk)?;
        out.history = History { tip: Some(tip), walk, lineages };
        let cut = out.oddities.iter().any(|o| matches!(o.code, "repo-incomplete" | "repo-grafts" | "repo-unsupported"));
        if cut || !out.history.walk.incomplete.is_empty() {
            if !cut {
                out.issues.push(missing_objects(&out.history.walk));
            }
            out.judged = Err(NotJudged::Incomplete);
            return Ok(out);
        }
        let mut issues = std::mem::take(&mut out.issues);
        out.judged = match judge_all(repo, &out.history, options, &mut issues) {
            Err(Error::Object { oid, reason }) => {
                let message = format!("the object {oid} cannot be read: {reason}");
                issues.push(Issue::error("repo-incomplete", message, "Clone the repository afresh and in full."));
                Err(NotJudged::Incomplete)
            }
            other => other?,
        };
        issues.sort();
        issues.dedup();
        out.issues = issues;
        Ok(out)
    }

    /// What approvals of a text would do under the newest policy; none when nothing is judged.
    ///
    /// # Errors
    /// When Git cannot be read.
    pub fn prospect(&self, repo: &Repository, located: &Located, control: &Control) -> Result<Option<Prospect>, Error> {
        let Ok(judged) = &self.judged else { return Ok(None) };
        let (walk, lineages, trees) =
            (&self.history.walk, &self.history.lineages, Trees::new(repo, &self.history.lineages));
        let compromised = |a: &&Approval| {
            let key = a.key.as_ref().and_then(|key| judged.policy().revocation(key));
            key.is_some_and(|r| r.compromised && !r.reaffirmed.contains(&a.digest))
        };
        let lapsed = judged.approvals.iter().filter(compromised).map(|a| a.digest.clone()).collect();
        let chain = &judged.chain;
        let mut counter = Counter { repo, walk, lineages, chain, trees: &trees, lapsed, signers: HashMap::new() };
        let of = digest(&repo.blob(located.blob)?);
        counter.prospect(control, located.blob, &of, &judged.approvals, judged.versions(&control.id)).map(Some)
    }

    /// What was judged.
    #[must_use]
    pub fn judged(&self) -> Option<&Judged> {
        self.judged.as_ref().ok()
    }

    /// Why nothing was judged.
    #[must_use]
    pub fn why_not(&self) -> Option<&NotJudged> {
        self.judged.as_ref().err()
    }
}

fn odd(oddity: &RepoOddity) -> Issue {
    let grave = matches!(oddity.code, "repo-incomplete" | "repo-grafts" | "repo-replace" | "repo-unsupported");
    let make = if grave { Issue::error } else { Issue::warning };
    make(oddity.code, oddity.message.clone(), oddity.help)
}

fn missing_objects(walk: &Walk) -> Issue {
    let (oid, why) = walk.incomplete.first().map_or((String::new(), ""), |(o, w)| (o.to_string(), w.as_str()));
    let n = walk.incomplete.len();
    let message =
        format!("{n} object{} of the history cannot be read, first {oid}: {why}", if n == 1 { "" } else { "s" });
    Issue::error("repo-incomplete", message, "Clone the repository afresh from where it is kept.")
}

fn judge_all(
    repo: &Repository,
    history: &History,
    options: &Options,
    issues: &mut Vec<Issue>,
) -> Result<Result<Judged, NotJudged>, Error> {
    let walk = &history.walk;
    let anchor = match &options.anchor {
        None => None,
        Some((bytes, _)) => match Checkpoint::parse(bytes) {
            Ok(checkpoint) => Some(checkpoint),
            Err(why) => {
                issues.push(Issue::error(
                    "anchor-mismatch",
                    format!("the anchor is no checkpoint: {why}"),
                    ANCHOR_HELP,
                ));
                return Ok(Err(NotJudged::Broken));
            }
        },
    };
    let (root, pin) = match (&options.root, &anchor) {
        (Some(root), _) => (Some(root.clone()), PinSource::Argument),
        (None, Some(anchor)) => (Some(anchor.root.clone()), PinSource::Anchor),
        (None, None) => (None, PinSource::FirstUse),
    };
    let built = Chain::build(repo, walk, root.as_ref())?;
    let (chain, pin) = match built {
        Ok(chain) if pin == PinSource::FirstUse => match stored(repo, walk, &chain, &options.pins)? {
            Some(Ok(pinned)) => (pinned, PinSource::Stored),
            Some(Err(issue)) => {
                issues.push(issue);
                return Ok(Err(NotJudged::Broken));
            }
            None => (chain, pin),
        },
        Ok(chain) => (chain, pin),
        Err(NoChain::NoPolicy(found)) => {
            let why = if found.is_empty() { NotJudged::NoPolicy } else { NotJudged::Broken };
            issues.extend(found);
            return Ok(Err(why));
        }
        Err(NoChain::Root(issue)) => {
            issues.push(issue);
            return Ok(Err(NotJudged::Broken));
        }
    };
    issues.extend(chain.issues.iter().cloned());
    let judged = weigh(repo, history, chain, pin, options, issues)?;
    if let Some(anchor) = &anchor {
        issues.extend(held_against(repo, walk, &judged, anchor)?);
    }
    Ok(Ok(judged))
}

/// The chain from the user's own root for this repository. A known repository never changes its root in silence.
fn stored(repo: &Repository, walk: &Walk, chain: &Chain, pins: &Pins) -> Result<Option<Result<Chain, Issue>>, Error> {
    let Some(root) = pins.get(&chain.first().policy.repo_id) else { return Ok(None) };
    if root == chain.root() {
        return Ok(Some(Ok(chain.clone())));
    }
    Ok(Some(match Chain::build(repo, walk, Some(&root))? {
        Ok(chain) => Ok(chain),
        Err(NoChain::Root(issue)) => Err(Issue {
            message: format!("the trust root you pinned for this repository does not fit: {}", issue.message),
            ..issue
        }),
        Err(NoChain::NoPolicy(_)) => {
            Err(Issue::error("trust-root-unreachable", "the trust root you pinned holds no policy", ANCHOR_HELP))
        }
    }))
}

const ANCHOR_HELP: &str = "The history may have been rewritten since. Do not rely on this copy before you know why; ask who keeps the repository.";

fn weigh(
    repo: &Repository,
    history: &History,
    chain: Chain,
    pin: PinSource,
    options: &Options,
    issues: &mut Vec<Issue>,
) -> Result<Judged, Error> {
    let (walk, lineages) = (&history.walk, &history.lineages);
    let now = Timestamp::from_second(options.now).unwrap_or(Timestamp::MAX);
    let trees = Trees::new(repo, lineages);
    let mut collector = Collector { repo, walk, chain: &chain, trees: &trees, now, issues: Vec::new() };
    let mut approvals = collector.collect()?;
    issues.append(&mut collector.issues);
    let checkpoints = kept_checkpoints(repo, walk, &chain, issues)?;
    let anchored = options.anchor.as_ref().and_then(|(b, _)| Checkpoint::parse(b).ok());
    for approval in &mut approvals {
        approval.time_level = time_level(approval, &chain, &checkpoints, walk, anchored.as_ref());
    }
    let lapsed = lapsed(&approvals, &chain, &checkpoints, issues);
    let mut counter = Counter { repo, walk, lineages, chain: &chain, trees: &trees, lapsed, signers: HashMap::new() };
    let versions = counter.count(&mut approvals)?;
    let tip = trees.artifacts(history.tip.unwrap_or(Oid::ZERO_SHA1))?;
    for (id, of) in &versions {
        let present: BTreeSet<String> =
            tip.get(id).into_iter().flatten().filter_map(|l| trees.digest(l.blob)).collect();
        issues.extend(lost(id, of, &present, &trees, tip.get(id).and_then(|l| l.first()).map(|l| l.blob)));
        for (commit, blob, path) in altered_merges(walk, lineages, id) {
            let digest = trees.digest(blob).unwrap_or_default();
            let still = present.contains(&digest);
            if still && !of.approved.iter().any(|v| v.digest == digest) {
                let message = format!("the merge {} gave {id} a text that neither side had", short(commit));
                let help = "Somebody changed the document while merging. Look at it, and have this version approved.";
                issues.push(
                    Issue::warning("merge-altered", message, help).artifact(id.clone()).path(path).commit(commit),
                );
            }
        }
    }
    for (id, places) in tip.iter().filter(|(_, places)| places.len() > 1) {
        let paths: Vec<&str> = places.iter().map(|p| p.path.as_str()).collect();
        let message = format!("{id} stands in two files: {}", paths.join(" and "));
        issues.push(
            Issue::error("duplicate-id", message, "Neither counts as approved. Keep one.")
                .artifact(id.clone())
                .path(paths[0]),
        );
    }
    let digests = tip.iter().filter_map(|(id, places)| Some((id.clone(), trees.digest(places.first()?.blob)?)));
    let at_tip = digests.collect();
    Ok(Judged { chain, pin, approvals, versions, checkpoints, at_tip })
}

fn short(oid: Oid) -> String {
    oid.to_string().chars().take(10).collect()
}

/// An approved version newer than what stands at the tip: a merge or a force push dropped it.
fn lost(
    id: &str,
    versions: &Versions,
    present: &BTreeSet<String>,
    trees: &Trees<'_>,
    now: Option<Oid>,
) -> Option<Issue> {
    let gone = |v: &&ApprovedVersion| matches!(v.ended, None | Some(Ended::RecordGone));
    let newest = versions.approved.iter().filter(gone).max_by_key(|v| (parts(&v.version), v.position))?;
    if present.contains(&newest.digest) {
        return None;
    }
    let at_tip = now.and_then(|blob| trees.control(blob)).map(|c| c.version.clone());
    // Raised since, or edited under the same number: rules of their own speak of that.
    if at_tip.as_deref().is_some_and(|v| parts(v) >= parts(&newest.version)) {
        return None;
    }
    let stands = at_tip.map_or("the document is gone".into(), |v| format!("version {v} stands there now"));
    let message =
        format!("version {} of {id} was approved on {} and is lost: {stands}", newest.version, day(newest.on));
    let help = "A merge may have kept the older side. Bring the approved text back, or retire the document with a new version.";
    let place = newest.control.id.clone();
    Some(Issue::error("approved-version-lost", message, help).artifact(place))
}

/// The day of a moment, in UTC.
#[must_use]
pub fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Approvals of compromised keys that nothing proves to be older.
fn lapsed(
    approvals: &[Approval],
    chain: &Chain,
    checkpoints: &[KeptCheckpoint],
    issues: &mut Vec<Issue>,
) -> BTreeSet<String> {
    let policy = &chain.last().policy;
    let mut out = BTreeSet::new();
    for approval in approvals.iter().filter(|a| a.approves()) {
        let Some(key) = &approval.key else { continue };
        let Some(revocation) = policy.revocation(key).filter(|r| r.compromised) else { continue };
        if revocation.reaffirmed.contains(&approval.digest) {
            continue;
        }
        let covered = checkpoints.iter().any(|c| {
            // A checkpoint by a stolen key proves nothing about what that key signed.
            let stolen = c.key.as_ref().and_then(|k| policy.revocation(k)).is_some_and(|r| r.compromised);
            c.reasons.is_empty()
                && !stolen
                && c.head_position.is_some_and(|head| head >= approval.position)
                && revocation.since.is_some_and(|since| c.checkpoint.signed_at < since)
        });
        if covered {
            continue;
        }
        let s = &approval.statement;
        let message = format!(
            "the approval of {} {} by {} lapsed: the key was compromised and nothing proves the approval older",
            s.artifact,
            s.version,
            policy.name(&s.signer)
        );
        let help = "Approve again with a new key, or let the administrators reaffirm it in trust/policy.toml.";
        // A later approval with another key makes it a matter of the past.
        let later = |o: &&Approval| o.approves() && o.position > approval.position && o.key != approval.key;
        let past = approvals.iter().filter(later).any(|o| o.statement.artifact == s.artifact);
        let make = if past { Issue::note } else { Issue::error };
        issues.push(make("key-compromised", message, help).artifact(s.artifact.clone()));
        out.insert(approval.digest.clone());
    }
    out
}

fn time_level(
    approval: &Approval,
    chain: &Chain,
    checkpoints: &[KeptCheckpoint],
    walk: &Walk,
    anchor: Option<&Checkpoint>,
) -> TimeLevel {
    let position = |oid: Oid| walk.index_of(oid).and_then(|ix| walk.chain.iter().position(|c| *c == ix));
    if anchor.and_then(|a| position(a.head)).is_some_and(|head| head >= approval.position) {
        return TimeLevel::Witnessed;
    }
    let policy_after = chain.states().iter().any(|s| s.position > approval.position);
    let checkpoint_after = checkpoints
        .iter()
        .any(|c| c.reasons.is_empty() && c.head_position.is_some_and(|head| head >= approval.position));
    if policy_after || checkpoint_after { TimeLevel::Ordered } else { TimeLevel::Claimed }
}

fn kept_checkpoints(
    repo: &Repository,
    walk: &Walk,
    chain: &Chain,
    issues: &mut Vec<Issue>,
) -> Result<Vec<KeptCheckpoint>, Error> {
    let Some(tip) = walk.chain.last().and_then(|ix| walk.commits.get(*ix)).map(|c| c.oid) else {
        return Ok(Vec::new());
    };
    let files = repo.files(tip, checkpoint::FOLDER)?;
    let contents = walk.contents();
    let altered = |path: &str| {
        let of = walk.path_index(path);
        contents.keys().filter(|(p, _)| Some(*p) == of).count() > 1
    };
    let mut out = Vec::new();
    for (path, file) in files.iter().filter(|(p, f)| p.ends_with(".checkpoint") && f.mode == 0o100_644) {
        let bytes = repo.blob(file.oid)?;
        let checkpoint = match Checkpoint::parse(&bytes) {
            Ok(checkpoint) => checkpoint,
            Err(why) => {
                let message = format!("`{path}` is no checkpoint: {why}");
                issues.push(
                    Issue::error("record-malformed", message, "Make it with `smsctl checkpoint`.").path(path.clone()),
                );
                continue;
            }
        };
        if altered(path) {
            let message = format!("the record `{path}` was changed after it was made");
            issues.push(
                Issue::error("record-altered", message, "Bring it back as it was first committed.").path(path.clone()),
            );
        }
        let position = introduced(walk, path, file.oid);
        let signature = [".sig", ".asc"].iter().find_map(|e| files.get(&format!("{path}{e}")));
        let (key, mut reasons) = match signature {
            None => (None, vec![Reason::new("signature-missing", "its signature is missing")]),
            Some(file) => checkpoint_faults(&bytes, &repo.blob(file.oid)?, &checkpoint, chain, position, walk),
        };
        let head_position = walk
            .index_of(checkpoint.head)
            .and_then(|ix| walk.chain.iter().position(|c| *c == ix))
            .filter(|p| *p <= position);
        if head_position.is_none() {
            reasons.push(Reason::new("anchor-mismatch", "the commit it names is not on the chain before it"));
        }
        out.push(KeptCheckpoint { path: path.clone(), checkpoint, head_position, position, key, reasons });
    }
    for (name, oid) in repo.tags()? {
        if name.starts_with(CHECKPOINT_TAGS)
            && let Ok(raw) = repo.raw(oid)
            && let Some(kept) = tagged(&name, &raw, chain, walk)
        {
            out.push(kept);
        }
    }
    for kept in &out {
        for reason in &kept.reasons {
            let message = format!("the checkpoint `{}` does not count: {}", kept.path, reason.message);
            let help = "Make a new one with `smsctl checkpoint`.";
            issues.push(Issue::warning("checkpoint-invalid", message, help).path(kept.path.clone()));
        }
    }
    out.sort_by_key(|c| c.position);
    Ok(out)
}

/// Signed tags of these names are checkpoints of the commits they name. A tag never approves anything.
const CHECKPOINT_TAGS: &str = "checkpoint/";

/// A signed annotated tag as checkpoint: its name is part of what was signed, the name of its ref is not, so both must be
/// the same. `None`: a tag that is not annotated says nothing.
fn tagged(name: &str, raw: &[u8], chain: &Chain, walk: &Walk) -> Option<KeptCheckpoint> {
    let tag = RawTag::parse(raw).ok()?;
    let head = Oid::from_str(tag.object).ok()?;
    let head_position = walk.index_of(head).and_then(|ix| walk.chain.iter().position(|c| *c == ix));
    let position = head_position.unwrap_or(0);
    let state = chain.in_force(position + 1);
    let time = tag.tagger.as_ref().and_then(|t| Timestamp::from_second(t.time).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let signature = tag.signature.clone().unwrap_or_default();
    let when = When { signed: time, introduced: time };
    let judged = judge(&RawTag::payload(raw), &signature, GIT_NAMESPACE, &state.policy, when);
    let mut reasons = judged.reasons;
    if !tag.strict() {
        reasons.push(Reason::new("object-malformed", "the tag is not plain and signed"));
    }
    if tag.name != name {
        reasons.push(Reason::new("anchor-mismatch", format!("the tag was made as `{}`", tag.name)));
    }
    if tag.kind != "commit" || head_position.is_none() {
        reasons.push(Reason::new("anchor-mismatch", "it names no commit of the main line"));
    }
    let signer = judged.person.unwrap_or_default();
    let role = state.policy.roles_of(&signer, time).next().unwrap_or_default().to_owned();
    let checkpoint = Checkpoint {
        repository: state.policy.repo_id.clone(),
        root: chain.root(),
        head,
        tree: String::new(),
        policy: state.policy.reference.clone(),
        approvals: 0,
        approvals_digest: String::new(),
        role,
        signer,
        signed_at: time,
    };
    Some(KeptCheckpoint {
        path: format!("refs/tags/{name}"),
        checkpoint,
        head_position,
        position,
        key: judged.key,
        reasons,
    })
}

fn introduced(walk: &Walk, path: &str, blob: Oid) -> usize {
    let of = walk.path_index(path);
    let rows = walk.rows.iter().filter(|r| Some(r.path) == of && r.new.is_some_and(|(oid, _)| oid == blob));
    let positions = rows.filter_map(|r| walk.commits.get(r.commit as usize)).map(|c| c.chain_position as usize);
    positions.min().unwrap_or(0)
}

fn checkpoint_faults(
    bytes: &[u8],
    signature: &[u8],
    checkpoint: &Checkpoint,
    chain: &Chain,
    position: usize,
    walk: &Walk,
) -> (Option<KeyId>, Vec<Reason>) {
    let state = chain.in_force(position);
    let (_, introduced) = at(walk, position);
    let judged = judge(bytes, signature, NAMESPACE, &state.policy, When { signed: checkpoint.signed_at, introduced });
    let mut reasons = judged.reasons;
    if judged.person.as_deref() != Some(checkpoint.signer.as_str()) {
        reasons.push(Reason::new("signer-differs", "the key belongs to somebody else than the signer named"));
    } else if !state.policy.holds(&checkpoint.signer, &checkpoint.role, checkpoint.signed_at) {
        reasons.push(Reason::new("role-not-held", "the signer did not hold the role"));
    }
    if checkpoint.repository != state.policy.repo_id {
        reasons.push(Reason::new("approval-elsewhere", "it was made for another repository"));
    }
    (judged.key, reasons)
}

/// The digest a checkpoint holds of the approvals that count: of their sorted digests, one a line.
#[must_use]
pub fn approvals_digest(digests: &BTreeSet<String>) -> String {
    digest(digests.iter().map(|d| format!("{d}\n")).collect::<String>().as_bytes())
}

/// Digests of the approval files at a commit: what a checkpoint counts.
///
/// # Errors
/// When Git cannot be read.
pub fn approval_digests(repo: &Repository, commit: Oid) -> Result<BTreeSet<String>, Error> {
    let mut out = BTreeSet::new();
    for (_, file) in repo.files(commit, super::evidence::FOLDER)?.iter().filter(|(p, _)| p.ends_with(".approval")) {
        out.insert(digest(&repo.blob(file.oid)?));
    }
    Ok(out)
}

/// The digest a checkpoint holds of a commit's files: of lines `SHA256  PATH`, sorted by path.
///
/// # Errors
/// When Git cannot be read.
pub fn tree_digest(repo: &Repository, commit: Oid) -> Result<String, Error> {
    let mut list = String::new();
    for (path, file) in repo.files(commit, "")? {
        if file.mode != 0o160_000 {
            let of = digest(&repo.blob(file.oid)?);
            list.push_str(&format!("{}  {path}\n", of.trim_start_matches("sha256:")));
        }
    }
    Ok(digest(list.as_bytes()))
}

/// Whether the history still holds what a checkpoint kept outside says.
fn held_against(repo: &Repository, walk: &Walk, judged: &Judged, anchor: &Checkpoint) -> Result<Vec<Issue>, Error> {
    let mut out = Vec::new();
    let mut fail =
        |message: String| out.push(Issue::error("anchor-mismatch", message, ANCHOR_HELP).commit(anchor.head));
    if anchor.repository != judged.chain.first().policy.repo_id {
        fail("the anchor belongs to another repository".into());
    }
    let Some(index) = walk.index_of(anchor.head) else {
        fail(format!(
            "the history no longer contains commit {}, which the anchor of {} names",
            short(anchor.head),
            day(anchor.signed_at)
        ));
        return Ok(out);
    };
    if !walk.chain.contains(&index) {
        let message =
            format!("commit {} of the anchor is in the history, but no longer on its main line", short(anchor.head));
        out.push(Issue::error("chain-foxtrot", message, ANCHOR_HELP).commit(anchor.head));
        return Ok(out);
    }
    if judged.chain.last().policy.reference.serial < anchor.policy.serial {
        fail(format!("the trust policy went back from serial {}", anchor.policy.serial));
    }
    if tree_digest(repo, anchor.head)? != anchor.tree {
        fail("the files of the anchor's commit are not those it was made from".into());
    }
    let then = approval_digests(repo, anchor.head)?;
    if then.len() as u64 != anchor.approvals || approvals_digest(&then) != anchor.approvals_digest {
        fail("the approvals of the anchor's commit are not those it was made from".into());
    }
    let now =
        walk.chain.last().and_then(|ix| walk.commits.get(*ix)).map(|c| approval_digests(repo, c.oid)).transpose()?;
    let gone = then.difference(&now.unwrap_or_default()).count();
    if gone > 0 {
        fail(format!("{gone} approval{} that the anchor counts are gone", if gone == 1 { "" } else { "s" }));
    }
    Ok(out)
}

/// A document as it is now: what a verdict is about.
#[derive(Clone, Debug)]
pub struct Subject<'s> {
    /// Its document control.
    pub control: &'s Control,
    /// Its digest.
    pub digest: &'s str,
}

/// Whether a document is approved.
#[derive(Clone, Debug)]
pub enum Verdict<'r> {
    /// By everyone who must, in exactly this text.
    Approved(&'r ApprovedVersion),
    /// The policy asks for no approval.
    NotRequired,
    /// The policy has no rule for it.
    NoRule,
    /// Some approvals of this text are there, others are missing.
    Pending(&'r Pending),
    /// This version number was approved with another text.
    Changed(&'r ApprovedVersion),
    /// Another version was approved; this one has no approval.
    Newer(&'r ApprovedVersion),
    /// It was approved and is not any more.
    Ended(&'r ApprovedVersion),
    /// There are approvals of this text and none counts.
    Invalid(Vec<&'r Approval>),
    /// There are approvals of this text and nothing can be said of their signatures.
    Unverifiable(Vec<&'r Approval>),
    /// Nobody ever approved it.
    Missing,
}

impl Verdict<'_> {
    /// The word for it in reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approved(_) => "approved",
            Self::NotRequired => "not-required",
            Self::NoRule => "no-rule",
            Self::Pending(_) => "pending",
            Self::Changed(_) => "changed",
            Self::Newer(_) => "newer",
            Self::Ended(v) => match v.ended {
                Some(Ended::Withdrawn { .. }) => "withdrawn",
                _ => "lapsed",
            },
            Self::Invalid(_) => "invalid",
            Self::Unverifiable(_) => "unverifiable",
            Self::Missing => "missing",
        }
    }

    /// It may be relied upon.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::NotRequired)
    }
}

impl Judged {
    /// The newest policy.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.chain.last().policy
    }

    /// The rule for a document under the newest policy.
    #[must_use]
    pub fn rule(&self, control: &Control) -> Option<&ApprovalRule> {
        self.policy().rule(&control.id, &control.kind)
    }

    /// The versions of an artifact.
    #[must_use]
    pub fn versions(&self, id: &str) -> Option<&Versions> {
        self.versions.get(id)
    }

    /// The newest approved version that still holds.
    #[must_use]
    pub fn newest(&self, id: &str) -> Option<&ApprovedVersion> {
        self.versions(id)?.approved.iter().rev().find(|v| v.ended.is_none())
    }

    /// The newest approved version as of a moment (by the date of the commit that completed its approval).
    #[must_use]
    pub fn in_force_on(&self, id: &str, at: Timestamp) -> Option<&ApprovedVersion> {
        self.versions(id)?.approved.iter().rev().find(|v| v.ended.is_none() && v.introduced <= at && v.on <= at)
    }

    /// Whether a document is approved.
    #[must_use]
    pub fn verdict(&self, subject: &Subject<'_>) -> Verdict<'_> {
        let id = subject.control.id.as_str();
        let empty = Versions::default;
        let Some(rule) = self.rule(subject.control) else { return Verdict::NoRule };
        let approvers = &subject.control.approvers;
        if quorum::met(&rule.require, &[], &subject.control.owner, approvers) || voids(rule, approvers) {
            return Verdict::NotRequired;
        }
        let none = empty();
        let Some(versions) = self.versions(id) else {
            drop(none);
            return self.refused(subject);
        };
        if let Some(version) = versions.approved.iter().find(|v| v.digest == subject.digest) {
            return if version.ended.is_some() { Verdict::Ended(version) } else { Verdict::Approved(version) };
        }
        if let Some(pending) = versions.pending.iter().find(|p| p.digest == subject.digest) {
            return Verdict::Pending(pending);
        }
        match self.refused(subject) {
            Verdict::Missing => {}
            other => return other,
        }
        let same = versions.approved.iter().rev().find(|v| v.version == subject.control.version);
        match (same, self.newest(id).or(versions.approved.last())) {
            (Some(version), _) => Verdict::Changed(version),
            (None, Some(version)) => Verdict::Newer(version),
            (None, None) => Verdict::Missing,
        }
    }

    /// Approvals of exactly this text that do not count.
    fn refused(&self, subject: &Subject<'_>) -> Verdict<'_> {
        let about = |a: &&Approval| {
            a.statement.digest == subject.digest && a.statement.artifact == subject.control.id && a.present
        };
        let all: Vec<&Approval> = self.approvals.iter().filter(about).filter(|a| !a.reasons.is_empty()).collect();
        match () {
            () if all.is_empty() => Verdict::Missing,
            () if all.iter().all(|a| a.unverifiable) => Verdict::Unverifiable(all),
            () => Verdict::Invalid(all),
        }
    }

    /// Approvals about an artifact, of any version.
    pub fn approvals_of<'j>(&'j self, id: &'j str) -> impl Iterator<Item = &'j Approval> {
        self.approvals.iter().filter(move |a| a.statement.artifact == id)
    }

    /// What is still needed for a text that has these approvals, in places.
    #[must_use]
    pub fn needs(&self, control: &Control) -> Vec<Requirement> {
        let rule = self.rule(control);
        rule.map(|r| quorum::missing(&r.require, &[], &control.owner, &control.approvers)).unwrap_or_default()
    }
}

/// Only approvers are asked for and the document (a record, a form) names none.
fn voids(rule: &ApprovalRule, approvers: &[String]) -> bool {
    approvers.is_empty() && rule.require.iter().all(|r| r.role == super::policy::APPROVERS)
}

/// Whether an approval stands in a statement file or a commit, in words.
#[must_use]
pub fn carrier_in_words(carrier: &Carrier) -> String {
    match carrier {
        Carrier::File { path, .. } => format!("signed statement {path}"),
        Carrier::Commit { commit } => format!("signed commit {}", short(*commit)),
    }
}
