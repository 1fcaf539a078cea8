//! What a signature turned out to be: the key, the verdict, the armor.

use std::fmt;

/// The name of a key by its digest: `SHA256:…` of an SSH key as `ssh-keygen -l` prints it, or the upper-case hexadecimal
/// fingerprint of an OpenPGP primary key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the bytes of a signature prove. Only [`Verdict::Good`] may ever count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The key made this signature over these bytes, with algorithms that are strong enough.
    Good {
        /// The SSH key, or the OpenPGP primary key.
        key: KeyId,
        /// Fingerprint of the OpenPGP subkey that signed, when it was not the primary key.
        signed_with: Option<String>,
        /// Creation time the signature claims (seconds since the epoch); SSH signatures carry none.
        claimed_time: Option<i64>,
    },
    /// OpenPGP only: no certificate is at hand for the key that claims to have signed.
    Unknown {
        /// Fingerprint or key id the signature names, upper-case hexadecimal; empty when it names none.
        key: String,
    },
    /// The signature does not fit the bytes, the purpose or its own format; the sentence says which.
    Bad(String),
    /// The mathematics hold, yet the key or the digest is too weak to rely on.
    Weak {
        /// The key.
        key: KeyId,
        /// What is too weak.
        reason: String,
    },
    /// The key or the signature had expired at the time of reference.
    Expired {
        /// The key.
        key: KeyId,
        /// What expired when.
        reason: String,
    },
    /// The key is revoked.
    Revoked {
        /// The key.
        key: KeyId,
        /// What was revoked, and why as far as its owner said.
        reason: String,
    },
    /// A kind of signature that this program cannot judge; never a pass.
    Unverifiable(String),
}

impl Verdict {
    /// The key, when the signature is good.
    pub fn good(&self) -> Option<&KeyId> {
        match self {
            Self::Good { key, .. } => Some(key),
            _ => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good { key, .. } => write!(f, "good signature by {key}"),
            Self::Unknown { key } if key.is_empty() => write!(f, "signature by a key it does not name"),
            Self::Unknown { key } => write!(f, "signature by the unknown key {key}"),
            Self::Bad(reason) => write!(f, "bad signature: {reason}"),
            Self::Weak { key, reason } => write!(f, "signature by {key} is too weak: {reason}"),
            Self::Expired { key, reason } => write!(f, "signature by {key} came too late: {reason}"),
            Self::Revoked { key, reason } => write!(f, "signature by {key} does not count: {reason}"),
            Self::Unverifiable(reason) => write!(f, "signature cannot be verified: {reason}"),
        }
    }
}

/// The kind of a signature, by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Armor {
    /// `-----BEGIN SSH SIGNATURE-----`.
    Ssh,
    /// `-----BEGIN PGP SIGNATURE-----`, and the older `PGP MESSAGE`.
    OpenPgp,
    /// `-----BEGIN SIGNED MESSAGE-----`: X.509, S/MIME.
    X509,
    /// Anything else.
    Unknown,
}

/// The signature without text that stands behind it, as timestamps of the Bitcoin chain do: Git and `gpg` pass over it. A second
/// signature is no such text.
pub fn first_block(signature: &[u8]) -> &[u8] {
    const END: &[u8] = b"\n-----END PGP SIGNATURE-----\n";
    let end = memchr::memmem::find(signature, END).map_or(signature.len(), |at| at + END.len());
    let (block, behind) = signature.split_at_checked(end).unwrap_or((signature, b""));
    let second = memchr::memmem::find(behind, b"-----BEGIN PGP").is_some();
    if armor(signature) == Armor::OpenPgp && !second { block } else { signature }
}

/// What kind of signature this is.
pub fn armor(signature: &[u8]) -> Armor {
    const KINDS: [(&[u8], Armor); 4] = [
        (b"-----BEGIN SSH SIGNATURE-----", Armor::Ssh),
        (b"-----BEGIN PGP SIGNATURE-----", Armor::OpenPgp),
        (b"-----BEGIN PGP MESSAGE-----", Armor::OpenPgp),
        (b"-----BEGIN SIGNED MESSAGE-----", Armor::X509),
    ];
    KINDS.iter().find(|(mark, _)| signature.starts_with(mark)).map_or(Armor::Unknown, |(_, armor)| *armor)
}
