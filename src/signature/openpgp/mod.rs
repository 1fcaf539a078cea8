//! OpenPGP certificates and detached signatures.
//!
//! The library underneath verifies mathematics only. Which key may sign, how strong it must be, what expiry and revocation
//! mean: all of that is decided here, once per certificate when it is read, the rest per signature.

#[cfg(feature = "openpgp")]
mod armored;
#[cfg(feature = "openpgp")]
mod certificate;
#[cfg(feature = "openpgp")]
mod signature;

#[cfg(feature = "openpgp")]
pub use certificate::Certificate;
#[cfg(feature = "openpgp")]
pub use signature::verify;

#[cfg(not(feature = "openpgp"))]
mod without;
#[cfg(not(feature = "openpgp"))]
pub use without::{Certificate, verify};
