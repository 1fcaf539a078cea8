//! A checkpoint of the newest commit.

use std::path::Path;

use super::draft::Ground;
use super::signer::Signer;
use crate::error::Error;
use crate::trust::checkpoint::FOLDER;
use crate::trust::{Checkpoint, approval_digests, approvals_digest, tree_digest};

/// The checkpoint of the newest commit, to be signed.
///
/// # Errors
/// When Git cannot be read.
pub fn of(ground: &Ground<'_>, signer: &Signer, role: &str) -> Result<Checkpoint, Error> {
    let policy = ground.policy();
    let digests = approval_digests(ground.repo, ground.head)?;
    Ok(Checkpoint {
        repository: policy.repo_id.clone(),
        root: ground.judged.chain.root(),
        head: ground.head,
        tree: tree_digest(ground.repo, ground.head)?,
        policy: policy.reference.clone(),
        approvals: digests.len() as u64,
        approvals_digest: approvals_digest(&digests),
        role: role.to_owned(),
        signer: signer.person.clone(),
        signed_at: ground.now,
    })
}

/// A free place for it: `checkpoints/DAY.checkpoint`, with a number when there is one of that day.
#[must_use]
pub fn place(root: &Path, checkpoint: &Checkpoint) -> String {
    let day = crate::trust::day(checkpoint.signed_at);
    let path = |n: usize| match n {
        1 => format!("{FOLDER}/{day}.checkpoint"),
        n => format!("{FOLDER}/{day}.{n}.checkpoint"),
    };
    let free = |n: &usize| root.join(path(*n)).symlink_metadata().is_err();
    path((1..1000).find(free).unwrap_or(1000))
}
