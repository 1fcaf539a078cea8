//! The same functions in a build without OpenPGP: nothing can be read, nothing counts.

use crate::signature::key::Verdict;

const REASON: &str = "smsctl was built without OpenPGP";

/// An OpenPGP certificate; none can be read in this build.
#[derive(Debug, Clone)]
pub struct Certificate {
    fingerprint: String,
}

impl Certificate {
    /// Always an error in this build.
    pub fn parse(_armored_or_binary: &[u8]) -> Result<Vec<Self>, String> {
        Err(REASON.into())
    }

    /// Fingerprint of the primary key, upper-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Never in this build.
    pub fn can_sign(&self, _at: i64) -> bool {
        false
    }

    /// User ids as text.
    pub fn user_ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Always unverifiable in this build.
pub fn verify(_payload: &[u8], _armored: &[u8], _certificates: &[Certificate], _at: i64) -> Verdict {
    Verdict::Unverifiable(REASON.into())
}
