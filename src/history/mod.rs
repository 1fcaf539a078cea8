//! Facts of Git history: one pass over the commits, what each did to each path, when it reached the chain.
//!
//! Everything is read from objects by their names: no configured program, hook, filter, replacement ref, graft or
//! commit-graph decides what is seen here. Verdicts stay with the caller; this module only tells what is there, and
//! what is missing ([`Walk::incomplete`], [`Repository::preflight`]).

pub mod bundle;
mod commit;
mod head;
mod kept;
mod lineage;
mod oddity;
mod plain;
mod repository;
mod stages;
mod trail;
mod tree;
mod walk;

pub use git2::Oid;
pub use head::{Head, head};
pub use lineage::{Change, Lineage, Lineages, State, Unread};
pub use oddity::RepoOddity;
pub use repository::{Repository, Stub, TreeFile};
pub use stages::{MainLine, Since, Stage, since};
pub use trail::{Brings, Touch, Trail, Trails};
pub use walk::{Blob, ChainChange, Commit, Loss, Person, Row, Walk};
