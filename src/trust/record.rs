//! The whole evaluation: what the history of a repository proves about the SMS in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::authors::Authorship;
use super::chain::{Chain, NoChain};
use super::checkpoint::Checkpoint;
use super::commits::Verdicts;
use super::evidence::{Approval, Collector, path_of};
use super::issue::Issue;
use super::kept::{KeptCheckpoint, held_against, kept_checkpoints};
use super::policy::TimeLevel;
use super::root::{PinSource, Pins, Root};
use super::statement::digest;
use super::trees::{Control, Located, Trees};
use super::versions::{ApprovedVersion, Counter, Ended, Prospect, Versions, altered_merges, parts};
use crate::error::Error;
use crate::history::{Lineages, Oid, RepoOddity, Repository, Unread, Walk};

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
    /// Judge only what is declared of this document: issues of others are then not found.
    pub only: Option<String>,
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
    /// Signatures of commits that were verified on the way.
    pub verdicts: Verdicts,
    /// Indexes of the approvals of each artifact.
    pub(super) by_artifact: BTreeMap<String, Vec<usize>>,
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
        if cut || !out.history.walk.incomplete.is_empty() || !out.history.lineages.unread().is_empty() {
            if !cut {
                out.issues.push(missing_objects(&out.history));
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
        let (chain, verdicts, withdrawals) = (&judged.chain, judged.verdicts.clone(), Vec::new());
        let authorship = Authorship::of(walk, lineages);
        let mut counter = Counter { repo, walk, chain, trees: &trees, lapsed, authorship, verdicts, withdrawals };
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

fn missing_objects(history: &History) -> Issue {
    let walk = &history.walk;
    if walk.incomplete.is_empty() {
        return missing_texts(history);
    }
    let (oid, why) = walk.incomplete.first().map_or((String::new(), ""), |(o, w)| (o.to_string(), w.as_str()));
    let n = walk.incomplete.len();
    let message =
        format!("{n} object{} of the history cannot be read, first {oid}: {why}", if n == 1 { "" } else { "s" });
    Issue::error("repo-incomplete", message, "Clone the repository afresh from where it is kept.")
}

/// A text that is missing may be an approved version, or the work of somebody who must not approve.
fn missing_texts(history: &History) -> Issue {
    let (walk, unread) = (&history.walk, history.lineages.unread());
    let Some(first) = unread.iter().find(|u| is_at_tip(walk, u)).or(unread.first()) else {
        return Issue::error("repo-incomplete", "the history cannot be read", "Clone the repository afresh.");
    };
    let (commit, time) =
        walk.commits.get(first.commit as usize).map_or((Oid::ZERO_SHA1, 0), |c| (c.oid, c.commit_time));
    let on = day(Timestamp::from_second(time).unwrap_or_default());
    let of = if is_at_tip(walk, first) { "the text of the last commit" } else { "a text of an earlier commit" };
    let more = match unread.len() - 1 {
        0 => String::new(),
        1 => ", and one more text".into(),
        n => format!(", and {n} more texts"),
    };
    let path = path_of(walk, first.path);
    let message = format!(
        "{of} cannot be read: `{path}` as {} of {on} left it ({}); {}{more}",
        short(commit),
        short(first.blob),
        first.reason
    );
    let help = "Nothing is said of approvals, because the missing text may matter for them. Clone the repository afresh and in \
                full from where it is kept, without `--filter`.";
    Issue::error("repo-incomplete", message, help).path(path).commit(commit)
}

/// Whether the last commit holds it.
fn is_at_tip(walk: &Walk, unread: &Unread) -> bool {
    let last = walk.chain_changes("").into_iter().rfind(|c| c.path == unread.path);
    last.and_then(|c| c.new).is_some_and(|(blob, _)| blob == unread.blob)
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

pub(super) const ANCHOR_HELP: &str = "The history may have been rewritten since. Do not rely on this copy before you know why; ask who keeps the repository.";

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
    let (verdicts, only) = (Verdicts::default(), options.only.as_deref());
    let mut collector = Collector { repo, walk, chain: &chain, trees: &trees, now, only, issues: Vec::new(), verdicts };
    let mut approvals = collector.collect()?;
    issues.append(&mut collector.issues);
    let verdicts = collector.verdicts;
    let checkpoints = kept_checkpoints(repo, walk, &chain, issues)?;
    let anchored = options.anchor.as_ref().and_then(|(b, _)| Checkpoint::parse(b).ok());
    let anchored = anchored.and_then(|anchor| walk.index_of(anchor.head));
    let anchored = anchored.and_then(|ix| walk.chain.iter().position(|c| *c == ix));
    for approval in &mut approvals {
        approval.time_level = time_level(approval, &chain, &checkpoints, anchored);
    }
    let lapsed = lapsed(&approvals, &chain, &checkpoints, issues);
    let (authorship, withdrawals) = (Authorship::of(walk, lineages), Vec::new());
    let mut counter = Counter { repo, walk, chain: &chain, trees: &trees, lapsed, authorship, verdicts, withdrawals };
    let versions = counter.count(&mut approvals)?;
    let verdicts = counter.verdicts;
    let folder = history.walk.commits.last().and_then(|tip| tip.folder);
    let documents = |folder| match &options.only {
        Some(id) => Ok(BTreeMap::from([(id.clone(), trees.places(folder, id)?)])),
        None => trees.all(folder),
    };
    let tip = folder.map(documents).transpose()?.unwrap_or_default();
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
    issues.extend(executable(&tip));
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
    let mut by_artifact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, approval) in approvals.iter().enumerate() {
        by_artifact.entry(approval.statement.artifact.clone()).or_default().push(index);
    }
    Ok(Judged { chain, pin, approvals, versions, checkpoints, at_tip, verdicts, by_artifact })
}

/// Documents that are no ordinary files.
fn executable(tip: &BTreeMap<String, Vec<Located>>) -> impl Iterator<Item = Issue> {
    let places = tip.iter().flat_map(|(id, places)| places.iter().map(move |place| (id, place)));
    places.filter(|(_, place)| place.mode == 0o100_755).map(|(id, place)| {
        let message = format!("the document `{}` is an executable file", place.path);
        let help = format!("Documents are ordinary files: `git update-index --chmod=-x {}`, then commit.", place.path);
        Issue::error("path-not-regular", message, help).artifact(id.clone()).path(place.path.clone())
    })
}

pub(super) fn short(oid: Oid) -> String {
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
    anchored: Option<usize>,
) -> TimeLevel {
    if anchored.is_some_and(|head| head >= approval.position) {
        return TimeLevel::Witnessed;
    }
    let policy_after = chain.states().iter().any(|s| s.position > approval.position);
    let checkpoint_after = checkpoints
        .iter()
        .any(|c| c.reasons.is_empty() && c.head_position.is_some_and(|head| head >= approval.position));
    if policy_after || checkpoint_after { TimeLevel::Ordered } else { TimeLevel::Claimed }
}
