//! Signatures as bytes: a strict reader of raw commits, SSH and OpenPGP signatures, `allowed_signers`. Knows no repository.
