//! Builds and signs approvals, checkpoints and trust policies, and commits them with the signer's own Git.
//!
//! [`draft`] refuses what would not count before anybody signs; [`keys`] finds and uses the signer's keys by running
//! `ssh-keygen` or `gpg`; [`commit`] records exactly the files written. Nothing else in the library runs a program.

pub mod change;
pub mod checkpoint;
mod commit;
pub mod draft;
pub mod import;
pub mod keys;
pub mod policy;
pub mod propose;
pub mod review;
pub mod signer;
mod tools;

pub use commit::{Write, commit};
pub use tools::Tools;
