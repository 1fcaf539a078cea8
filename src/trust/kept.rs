//! Checkpoints of the repository, judged; and the history held against one that was kept outside.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::chain::{Chain, at};
use super::checkpoint::{self, Checkpoint};
use super::evidence::{signature_bytes, statement_bytes};
use super::issue::{Issue, Reason};
use super::record::{ANCHOR_HELP, Judged, day, short};
use super::signer::{GIT_NAMESPACE, When, judge};
use super::statement::{NAMESPACE, digest};
use crate::error::Error;
use crate::history::{Oid, Repository, Walk};
use crate::signature::key::KeyId;
use crate::signature::tag::RawTag;

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

/// Checkpoints at the tip and signed tags, oldest first; what is wrong with them becomes an issue.
pub(super) fn kept_checkpoints(
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
        let bytes = statement_bytes(repo, file.oid)?;
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
            Some(file) => {
                let signature = signature_bytes(repo, file.oid)?;
                checkpoint_faults(&bytes, &signature, &checkpoint, chain, position, walk)
            }
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
        out.insert(repo.with_blob(file.oid, digest)?);
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
            let of = repo.with_blob(file.oid, digest)?;
            list.push_str(&format!("{}  {path}\n", of.trim_start_matches("sha256:")));
        }
    }
    Ok(digest(list.as_bytes()))
}

/// Whether the history still holds what a checkpoint kept outside says.
pub(super) fn held_against(
    repo: &Repository,
    walk: &Walk,
    judged: &Judged,
    anchor: &Checkpoint,
) -> Result<Vec<Issue>, Error> {
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
