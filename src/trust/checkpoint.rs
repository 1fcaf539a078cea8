//! Checkpoints: a signed summary of the whole state that an outsider keeps, so that a rewritten history is noticed.

use jiff::Timestamp;

use super::root::Root;
use super::statement::{NoStatement, PolicyRef, instant, lines, sha256};
use crate::history::Oid;

/// Folder of the checkpoints below the root of the SMS.
pub const FOLDER: &str = "checkpoints";

/// The state of a repository at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the repository.
    pub repository: String,
    /// Trust root.
    pub root: Root,
    /// The commit.
    pub head: Oid,
    /// Digest of the list of all files with their digests.
    pub tree: String,
    /// Trust policy in force.
    pub policy: PolicyRef,
    /// How many approvals count.
    pub approvals: u64,
    /// Digest of their sorted digests.
    pub approvals_digest: String,
    /// Role of the signer.
    pub role: String,
    /// Person's id.
    pub signer: String,
    /// The signer's clock.
    pub signed_at: Timestamp,
}

const KEYS: [&str; 10] =
    ["sms-checkpoint", "repository", "root", "head", "tree", "policy", "approvals", "role", "signer", "signed-at"];

impl Checkpoint {
    /// Reads a checkpoint; strict in every byte, as approval statements.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoStatement> {
        let [head, repository, root, commit, tree, policy, approvals, role, signer, signed_at] = lines(bytes, KEYS)?;
        let no = |what: &str| NoStatement(format!("its `{what}` cannot be read"));
        if head != "v1" {
            return Err(no("sms-checkpoint"));
        }
        let (count, digest) = approvals.split_once(' ').ok_or_else(|| no("approvals"))?;
        let canonical = count == "0" || (!count.starts_with('0') && count.bytes().all(|b| b.is_ascii_digit()));
        Ok(Self {
            repository: repository.to_owned(),
            root: Root::parse(root).filter(|r| r.to_string() == root).ok_or_else(|| no("root"))?,
            head: Oid::from_str(commit).ok().filter(|o| o.to_string() == commit).ok_or_else(|| no("head"))?,
            tree: sha256(tree).ok_or_else(|| no("tree"))?,
            policy: PolicyRef::parse(policy).ok_or_else(|| no("policy"))?,
            approvals: count.parse().ok().filter(|_| canonical).ok_or_else(|| no("approvals"))?,
            approvals_digest: sha256(digest).ok_or_else(|| no("approvals"))?,
            role: role.to_owned(),
            signer: signer.to_owned(),
            signed_at: instant(signed_at).ok_or_else(|| no("signed-at"))?,
        })
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn render(&self) -> String {
        let approvals = format!("{} {}", self.approvals, self.approvals_digest);
        let values = [
            "v1".to_owned(),
            self.repository.clone(),
            self.root.to_string(),
            self.head.to_string(),
            self.tree.clone(),
            self.policy.to_string(),
            approvals,
            self.role.clone(),
            self.signer.clone(),
            self.signed_at.to_string(),
        ];
        KEYS.iter().zip(values).map(|(key, value)| format!("{key}: {value}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::statement::digest;
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let head = Oid::from_str(&"ab".repeat(20)).unwrap();
        let checkpoint = Checkpoint {
            repository: "urn:uuid:1".into(),
            root: Root { commit: head, policy: digest(b"p") },
            head,
            tree: digest(b"t"),
            policy: PolicyRef { serial: 2, digest: digest(b"q") },
            approvals: 60,
            approvals_digest: digest(b"a"),
            role: "trust-admin".into(),
            signer: "carla.ito".into(),
            signed_at: "2026-02-03T10:15:00Z".parse().unwrap(),
        };
        assert_eq!(Checkpoint::parse(checkpoint.render().as_bytes()), Ok(checkpoint.clone()));
        assert!(Checkpoint::parse(checkpoint.render().replace("approvals: 60", "approvals: 060").as_bytes()).is_err());
        assert!(Checkpoint::parse(checkpoint.render().replace("signer", "Signer").as_bytes()).is_err());
    }
}
