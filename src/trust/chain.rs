//! The chain of trust policies along the first-parent history: the parent's policy judges the child.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::issue::{Issue, Reason};
use super::policy::{CHANGES, FOLDER, POLICY_FILE, Policy, Requirement, set_digest};
use super::quorum;
use super::root::Root;
use super::signer::{When, judge};
use super::statement::{Decision, Meaning, NAMESPACE, Statement, TRUST_POLICY};
use crate::error::Error;
use crate::history::{Oid, Repository, Walk};
use crate::source::MAX_CSV_BYTES;

/// Clocks may differ by so much.
pub const SKEW_SECONDS: i64 = 600;

/// A policy in force from a commit of the chain on.
#[derive(Clone, Debug)]
pub struct PolicyState {
    /// Position of the commit in [`Walk::chain`].
    pub position: usize,
    /// The commit.
    pub commit: Oid,
    /// Its date.
    pub time: Timestamp,
    /// The policy.
    pub policy: Arc<Policy>,
    /// Persons who approved the change, by the policy before.
    pub approved_by: Vec<String>,
}

/// The valid policies, oldest first, with everything wrong on the way.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Never empty.
    states: Vec<PolicyState>,
    /// What was wrong.
    pub issues: Vec<Issue>,
}

/// Why there is no chain.
#[derive(Clone, Debug)]
pub enum NoChain {
    /// No commit of the chain holds a usable trust policy.
    NoPolicy(Vec<Issue>),
    /// The pinned root is not on the chain, or holds another policy.
    Root(Issue),
}

impl Chain {
    /// Follows the policy from the root to the tip. Without a pinned root the first valid policy is believed.
    ///
    /// # Errors
    /// When Git cannot be read; the inner error when nothing can be judged.
    pub fn build(repo: &Repository, walk: &Walk, root: Option<&Root>) -> Result<Result<Self, NoChain>, Error> {
        let changed: BTreeSet<usize> = walk.chain_changes(FOLDER).iter().map(|c| c.position as usize).collect();
        let first = match root {
            Some(root) => pinned(repo, walk, root)?,
            None => first_use(repo, walk, &changed)?,
        };
        let first = match first {
            Ok(state) => state,
            Err(why) => return Ok(Err(why)),
        };
        let after = first.position + 1;
        let mut chain = Self { states: vec![first], issues: Vec::new() };
        for position in changed.range(after..) {
            chain.step(repo, walk, *position)?;
        }
        Ok(Ok(chain))
    }

    /// The policy that judges what a commit of the chain brought: the one valid at its first parent. The root judges itself
    /// and what came before it.
    #[must_use]
    pub fn in_force(&self, position: usize) -> &PolicyState {
        let later = self.states.partition_point(|s| s.position < position);
        &self.states[later.saturating_sub(1)]
    }

    /// The newest valid policy.
    #[must_use]
    pub fn last(&self) -> &PolicyState {
        &self.states[self.states.len() - 1]
    }

    /// The policy the chain starts from.
    #[must_use]
    pub fn first(&self) -> &PolicyState {
        &self.states[0]
    }

    /// All valid policies, oldest first.
    #[must_use]
    pub fn states(&self) -> &[PolicyState] {
        &self.states
    }

    /// The root as a fingerprint to pin.
    #[must_use]
    pub fn root(&self) -> Root {
        Root { commit: self.first().commit, policy: self.first().policy.reference.digest.clone() }
    }

    /// The state of a policy that was in force before a position.
    #[must_use]
    pub fn state_of(&self, reference: &super::PolicyRef, position: usize) -> Option<&PolicyState> {
        let before = |s: &&PolicyState| s.position < position || s.position == self.first().position;
        self.states.iter().filter(before).find(|s| s.policy.reference == *reference)
    }

    fn step(&mut self, repo: &Repository, walk: &Walk, position: usize) -> Result<(), Error> {
        let (commit, time) = at(walk, position);
        let files = policy_files(repo, commit)?;
        let old = self.last().clone();
        // One open fault is enough: a later commit that mends the policy clears it.
        self.issues.retain(|i| i.path.as_deref() != Some(POLICY_FILE));
        let judged = match files {
            Ok(files) => transition(&old.policy, &files, time),
            Err(issue) => Err(vec![issue]),
        };
        match judged {
            Ok(None) => {}
            Ok(Some((policy, approved_by))) => {
                self.states.push(PolicyState { position, commit, time, policy: Arc::new(policy), approved_by });
            }
            Err(issues) => self.issues.extend(issues.into_iter().map(|i| i.path(POLICY_FILE).commit(commit))),
        }
        Ok(())
    }
}

/// The commit at a position of the chain, and its date.
pub(super) fn at(walk: &Walk, position: usize) -> (Oid, Timestamp) {
    let commit = walk.chain.get(position).and_then(|ix| walk.commits.get(*ix));
    let time = commit.map_or(0, |c| c.commit_time);
    (commit.map_or(Oid::ZERO_SHA1, |c| c.oid), Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn irregular(path: &str) -> Issue {
    Issue::error(
        "path-not-regular",
        format!("`{path}` is no ordinary file"),
        "The trust policy and its keys are plain files; the policy before stays in force.",
    )
}

fn too_large(path: &str) -> Issue {
    Issue::error(
        "trust-chain-broken",
        format!(
            "the files of the trust policy are larger than {} MiB in all, `{path}` among them",
            MAX_CSV_BYTES >> 20
        ),
        "The policy before stays in force. Keep only the policy, its keys and approvals below `trust/`.",
    )
}

/// Files of a trust policy by path.
type PolicyFiles = BTreeMap<String, Vec<u8>>;

/// Files below `trust/`, or what is wrong: the first that is a link, a submodule or executable, or makes them too large.
pub(super) fn policy_files(repo: &Repository, commit: Oid) -> Result<Result<PolicyFiles, Issue>, Error> {
    let mut out = BTreeMap::new();
    let mut left = MAX_CSV_BYTES;
    for (path, file) in repo.files(commit, FOLDER)? {
        if file.mode != 0o100_644 {
            return Ok(Err(irregular(&path)));
        }
        let Some(bytes) = repo.blob_within(file.oid, left)? else { return Ok(Err(too_large(&path))) };
        left -= bytes.len() as u64;
        out.insert(path, bytes);
    }
    Ok(Ok(out))
}

fn pinned(repo: &Repository, walk: &Walk, root: &Root) -> Result<Result<PolicyState, NoChain>, Error> {
    let fail = |issue: Issue| Ok(Err(NoChain::Root(issue.commit(root.commit))));
    let Some(position) = walk.chain.iter().position(|ix| walk.commits.get(*ix).is_some_and(|c| c.oid == root.commit))
    else {
        let reachable = walk.commits.iter().any(|c| c.oid == root.commit);
        let help = "Compare the fingerprint with the one you were given. If it is right, this is not the history it was given for.";
        return fail(if reachable {
            Issue::error(
                "chain-foxtrot",
                "the pinned trust root is in the history, but no longer on its main line",
                help,
            )
        } else {
            Issue::error("trust-root-unreachable", "the pinned trust root is not in the history of this commit", help)
        });
    };
    let (commit, time) = at(walk, position);
    match policy_files(repo, commit)?.map(|files| Policy::read(&files)) {
        Ok(Ok(policy)) if policy.reference.digest == root.policy => {
            Ok(Ok(PolicyState { position, commit, time, policy: Arc::new(policy), approved_by: Vec::new() }))
        }
        Ok(Err(faults)) => fail(Issue::error(
            "trust-root-unreachable",
            format!(
                "the trust policy at the pinned root cannot be used: {}",
                faults.first().map_or("", |f| f.message.as_str())
            ),
            "Pin a root with a valid policy; `smsctl trust fingerprint COMMIT` prints it.",
        )),
        _ => fail(Issue::error(
            "trust-root-unreachable",
            "the trust policy at the pinned root is not the one of the fingerprint",
            "Compare the fingerprint with the one you were given.",
        )),
    }
}

fn first_use(repo: &Repository, walk: &Walk, changed: &BTreeSet<usize>) -> Result<Result<PolicyState, NoChain>, Error> {
    let mut issues = Vec::new();
    for position in changed {
        let (commit, time) = at(walk, *position);
        match policy_files(repo, commit)? {
            Ok(files) if !files.contains_key(POLICY_FILE) => issues.clear(),
            Ok(files) => match Policy::read(&files) {
                Ok(policy) => {
                    let policy = Arc::new(policy);
                    return Ok(Ok(PolicyState { position: *position, commit, time, policy, approved_by: Vec::new() }));
                }
                Err(faults) => issues = faults.iter().map(|f| broken(f).commit(commit)).collect(),
            },
            Err(issue) => issues = vec![issue.commit(commit)],
        }
    }
    Ok(Err(NoChain::NoPolicy(issues)))
}

fn broken(fault: &super::policy::PolicyFault) -> Issue {
    let message = format!("the trust policy cannot be used: {}", fault.message);
    Issue::error("trust-chain-broken", message, fault.help.clone()).path(fault.path.clone()).range(&fault.range)
}

/// A signer, and why the approval does not count.
type NotCounted = (String, Reason);

type Judged = Result<Option<(Policy, Vec<String>)>, Vec<Issue>>;

/// Whether the old policy accepts the files of a commit as the new one. `None`: nothing changed.
pub(super) fn transition(old: &Policy, files: &BTreeMap<String, Vec<u8>>, introduced: Timestamp) -> Judged {
    let digest = set_digest(files);
    if digest == old.reference.digest {
        return Ok(None);
    }
    if !files.contains_key(POLICY_FILE) {
        let help = "The policy before stays in force. Bring trust/policy.toml back.";
        return Err(vec![Issue::error("trust-chain-broken", "the trust policy was deleted", help)]);
    }
    let new = Policy::read(files).map_err(|faults| faults.iter().map(broken).collect::<Vec<_>>())?;
    linked(old, &new).map_err(|issue| vec![*issue])?;
    let (approved_by, refused) = change_approvals(old, &new, files, introduced);
    let persons: Vec<&str> = approved_by.iter().map(|(p, _)| p.as_str()).collect();
    if quorum::met(&old.admin, &approved_by, "", &[]) {
        return Ok(Some((new, persons.into_iter().map(str::to_owned).collect())));
    }
    Err(vec![unapproved(old, &new, &persons, &refused)])
}

/// The serial goes up by one and the digest of the policy before fits.
fn linked(old: &Policy, new: &Policy) -> Result<(), Box<Issue>> {
    let (was, is) = (old.reference.serial, new.reference.serial);
    let help = "The policy before stays in force. Make the change with `smsctl trust`, which keeps the numbers.";
    if is <= was {
        let message = format!("the trust policy goes back: serial {is} after {was}");
        return Err(Box::new(Issue::error("trust-rollback", message, help)));
    }
    if is != was + 1 {
        return Err(Box::new(Issue::error("trust-chain-broken", format!("serial {is} does not follow {was}"), help)));
    }
    if new.previous.as_deref() != Some(old.reference.digest.as_str()) {
        return Err(Box::new(Issue::error(
            "trust-chain-broken",
            "`previous` is not the digest of the policy before",
            help,
        )));
    }
    if new.repo_id != old.repo_id {
        return Err(Box::new(Issue::error("trust-chain-broken", "the repository's id was changed", help)));
    }
    Ok(())
}

fn unapproved(old: &Policy, new: &Policy, persons: &[&str], refused: &[NotCounted]) -> Issue {
    let serial = new.reference.serial;
    let wanted: Vec<String> = old.admin.iter().map(|r| format!("{} × {}", r.min, r.role)).collect();
    let have = if persons.is_empty() { "nobody who counts".to_owned() } else { persons.join(", ") };
    // Someone the old policy does not know, or not in that role, signed for a policy that makes them count.
    let grants = |(signer, reason): &&NotCounted| {
        matches!(reason.code, "key-unknown" | "role-not-held")
            && (!old.people.contains_key(signer)
                || new.assignments.len() > old.assignments.len()
                || new.signers.lines.len() > old.signers.lines.len())
    };
    if let Some((signer, _)) = refused.iter().find(grants) {
        return Issue::error(
            "trust-self-grant",
            format!("{signer} approved the very trust policy (serial {serial}) that gives {signer} the right to"),
            "The policy before stays in force. Let those approve the change whom it names as administrators.",
        );
    }
    let why = refused.first().map_or(String::new(), |(signer, reason)| format!(" ({signer}: {})", reason.message));
    Issue::error(
        "trust-change-unapproved",
        format!("trust policy {serial} is not approved: needs {}, has {have}{why}", wanted.join(" and ")),
        "Until then the policy before stays in force. An administrator runs `smsctl trust sign`, and the approval is merged too.",
    )
}

/// Who approved a change so that it counts, with the role; and who did not, with the reason.
fn change_approvals(
    old: &Policy,
    new: &Policy,
    files: &BTreeMap<String, Vec<u8>>,
    introduced: Timestamp,
) -> (Vec<(String, String)>, Vec<NotCounted>) {
    let folder = format!("{CHANGES}{}/", new.reference.serial);
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for (path, bytes) in files.iter().filter(|(p, _)| p.starts_with(&folder) && p.ends_with(".approval")) {
        let file = path.trim_start_matches(&folder).trim_end_matches(".approval");
        match change_approval(old, new, files, path, bytes, introduced) {
            Ok((person, role)) => good.push((person, role)),
            Err((signer, reason)) => refused.push((signer.unwrap_or_else(|| file.to_owned()), reason)),
        }
    }
    (good, refused)
}

type Refused = (Option<String>, Reason);

fn change_approval(
    old: &Policy,
    new: &Policy,
    files: &BTreeMap<String, Vec<u8>>,
    path: &str,
    bytes: &[u8],
    introduced: Timestamp,
) -> Result<(String, String), Refused> {
    let statement = Statement::parse(bytes).map_err(|e| (None, Reason::new("record-malformed", e.to_string())))?;
    let signer = || Some(statement.signer.clone());
    let refuse = |code, message: &str| Err((signer(), Reason::new(code, message)));
    if statement.artifact != TRUST_POLICY || statement.version != new.reference.serial.to_string() {
        return refuse("approval-elsewhere", "the statement is about something else");
    }
    if statement.repository != old.repo_id {
        return refuse("approval-elsewhere", "the statement is about another repository");
    }
    if statement.digest != new.reference.digest {
        return refuse("approval-stale", "the policy changed after it was signed");
    }
    if statement.policy != old.reference
        || (statement.decision, statement.meaning) != (Decision::Approve, Meaning::Approval)
    {
        return refuse("approval-elsewhere", "the statement does not approve this step");
    }
    let signature = files.get(&format!("{path}.sig")).or_else(|| files.get(&format!("{path}.asc")));
    let Some(signature) = signature else {
        return refuse("signature-missing", "the signature is missing");
    };
    let judged = judge(bytes, signature, NAMESPACE, old, When { signed: statement.signed_at, introduced });
    if let Some(reason) = judged.reasons.into_iter().next() {
        return Err((signer(), reason));
    }
    if judged.person.as_deref() != Some(statement.signer.as_str()) {
        return refuse("signer-differs", "the key belongs to somebody else than the signer named");
    }
    if !old.holds(&statement.signer, &statement.role, statement.signed_at) {
        return refuse("role-not-held", "the signer did not hold the role in the policy before");
    }
    Ok((statement.signer.clone(), statement.role))
}

/// Requirements of the administrators in words: `2 × trust-admin`.
#[must_use]
pub fn in_words(requirements: &[Requirement]) -> String {
    let one = |r: &Requirement| if r.min == 1 { r.role.clone() } else { format!("{} × {}", r.min, r.role) };
    requirements.iter().map(one).collect::<Vec<_>>().join(" and ")
}
