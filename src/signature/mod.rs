//! Signatures as bytes: a strict reader of raw commits, SSH and OpenPGP signatures, `allowed_signers`. Knows no repository.
//!
//! Everything here is a function of bytes: which key made a signature, over what, and whether its mathematics and
//! algorithms hold. Whose key it is, and whether that person may approve, is decided elsewhere.

pub mod allowed_signers;
pub mod commit;
mod encoding;
pub mod key;
pub mod openpgp;
pub mod ssh;
pub mod tag;
pub mod trailer;

pub use allowed_signers::AllowedSigners;
pub use commit::{Identity, Malformed, Oddity, RawCommit};
pub use key::{Armor, KeyId, Verdict, armor};
pub use tag::RawTag;
