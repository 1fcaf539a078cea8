//! Throw-away keys of the sample, made from public labels: whoever reads this file can make them too.

use sha2::{Digest as _, Sha256};
use ssh_key::private::{EcdsaKeypair, Ed25519Keypair, KeypairData};
use ssh_key::rand_core::{self, CryptoRng, RngCore};
use ssh_key::{EcdsaCurve, HashAlg, LineEnding, PrivateKey};

use crate::error::Error;

/// The one person of the sample whose key is ECDSA P-256.
const ECDSA: &str = "p-045";

/// A key pair.
pub(super) struct Key(PrivateKey);

impl Key {
    /// The key of a label, such as `p-008` or `p-008 second`; the same each time.
    pub(super) fn of(label: &str) -> Result<Self, Error> {
        let seed: [u8; 32] = Sha256::digest(format!("smsctl sample key of {label}")).into();
        let data = if label == ECDSA {
            EcdsaKeypair::random(&mut Stream::new(seed), EcdsaCurve::NistP256).map(KeypairData::from).map_err(defect)?
        } else {
            KeypairData::from(Ed25519Keypair::from_seed(&seed))
        };
        PrivateKey::new(data, "").map(Self).map_err(defect)
    }

    /// Kind and base64 of the public part.
    pub(super) fn public(&self) -> Result<String, Error> {
        self.0.public_key().to_openssh().map(|text| text.trim().to_owned()).map_err(defect)
    }

    /// `SHA256:…`
    pub(super) fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// An armored SSH signature. Ed25519 and ECDSA after RFC 6979 give the same bytes each time.
    pub(super) fn sign(&self, namespace: &str, payload: &[u8]) -> Result<String, Error> {
        let signature = self.0.sign(namespace, HashAlg::Sha512, payload).map_err(defect)?;
        signature.to_pem(LineEnding::LF).map_err(defect)
    }
}

#[allow(clippy::needless_pass_by_value)] // so that it fits `map_err`
fn defect(error: ssh_key::Error) -> Error {
    Error::Defect(format!("key of the sample: {error}"))
}

/// Bytes that follow from a seed, in the place of random ones.
struct Stream {
    seed: [u8; 32],
    counter: u64,
}

impl Stream {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut out = [0; 4];
        self.fill_bytes(&mut out);
        u32::from_le_bytes(out)
    }

    fn next_u64(&mut self) -> u64 {
        let mut out = [0; 8];
        self.fill_bytes(&mut out);
        u64::from_le_bytes(out)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.counter += 1;
            let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_le_bytes()).finalize();
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

/// For keys that protect nothing.
impl CryptoRng for Stream {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::key::Verdict;
    use crate::signature::ssh;

    #[test]
    fn keys_and_signatures_are_the_same_each_time() {
        for label in ["p-008", ECDSA] {
            let sign = || Key::of(label).unwrap().sign("git", b"text").unwrap();
            assert_eq!(sign(), sign());
            assert!(matches!(ssh::verify(b"text", sign().as_bytes(), "git"), Verdict::Good { .. }));
        }
        assert!(Key::of(ECDSA).unwrap().public().unwrap().starts_with("ecdsa-sha2-nistp256 "));
    }
}
