//! OpenPGP certificates and detached signatures.

use super::key::Verdict;

/// An OpenPGP certificate: a primary key with its user ids, subkeys and their signatures.
#[derive(Debug, Clone)]
pub struct Certificate {
    fingerprint: String,
}

impl Certificate {
    /// Reads one or more certificates, armored or binary.
    pub fn parse(_armored_or_binary: &[u8]) -> Result<Vec<Self>, String> {
        Ok(Vec::new())
    }

    /// Fingerprint of the primary key, upper-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// User ids as text, in their order.
    pub fn user_ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Verifies a detached signature over the payload at a time of reference (seconds since the epoch).
pub fn verify(_payload: &[u8], _armored: &[u8], _certificates: &[Certificate], _at: i64) -> Verdict {
    Verdict::Unverifiable("OpenPGP is not supported yet".into())
}
