//! Who may approve what, proved from the pinned root: policy chain, approvals, verdicts.
//!
//! [`Record::evaluate`] reads a repository once and judges everything in it: [`chain`] follows the trust policies along the
//! first-parent history (the parent's policy judges the child), [`evidence`] collects statement files and signed commits
//! and judges each by the policy in force where it came in, [`versions`] counts persons. Verdicts rest on positions in the
//! history; clocks are only ever compared with them. No subprocess, no configuration of Git, nothing read from the
//! repository decides which root is believed.

mod able;
pub mod as_of;
mod authors;
pub mod chain;
pub mod checkpoint;
pub mod commits;
pub mod evidence;
pub mod issue;
mod kept;
pub mod policy;
pub mod quorum;
mod record;
pub mod root;
pub mod signer;
pub mod statement;
mod trees;
mod verdict;
pub mod versions;

pub use authors::Authors;
pub use chain::{Chain, PolicyState};
pub use checkpoint::Checkpoint;
pub use commits::{CommitSignature, SignatureState, Verdicts, commit_signatures};
pub use evidence::{Approval, Carrier};
pub use issue::{Issue, Reason};
pub use kept::{KeptCheckpoint, approval_digests, approvals_digest, tree_digest};
pub use policy::{Policy, PolicyFault, Requirement, TimeLevel};
pub use record::{History, Judged, NotJudged, Options, Record, day};
pub use root::{PinSource, Pins, Root};
pub use statement::{Decision, Meaning, PolicyRef, Statement};
pub use trees::{Control, Located, located};
pub use verdict::{Subject, Verdict, carrier_in_words};
pub use versions::{ApprovalClass, ApprovedVersion, Ended, Pending, Prospect, Versions};
