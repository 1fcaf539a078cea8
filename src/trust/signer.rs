//! Whose signature it is, and whether that person's key and role held.

use jiff::Timestamp;

use super::issue::Reason;
use super::policy::Policy;
use super::statement::NAMESPACE;
use crate::signature::key::{Armor, KeyId, Verdict, armor};
use crate::signature::{openpgp, ssh};

/// Namespace of Git's own SSH signatures.
pub const GIT_NAMESPACE: &str = "git";

/// What was found out about a signature under a policy.
#[derive(Clone, Debug, Default)]
pub struct Signer {
    /// The key, when the signature names one.
    pub key: Option<KeyId>,
    /// The person whose key it is.
    pub person: Option<String>,
    /// Why it does not count.
    pub reasons: Vec<Reason>,
    /// Nothing could be said: the form is not supported.
    pub unverifiable: bool,
}

impl Signer {
    /// Known, valid and unrevoked.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.person.is_some() && self.reasons.is_empty() && !self.unverifiable
    }

    fn refuse(mut self, code: &'static str, message: impl Into<String>) -> Self {
        self.reasons.push(Reason::new(code, message));
        self
    }
}

/// The times a signature is judged by.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// What the signer's clock said.
    pub signed: Timestamp,
    /// Date of the commit that brought the signature onto the chain.
    pub introduced: Timestamp,
}

/// The mathematics of a signature, whoever made it.
#[must_use]
pub fn verify(payload: &[u8], signature: &[u8], namespace: &str, policy: &Policy, at: Timestamp) -> Verdict {
    match armor(signature) {
        Armor::Ssh => ssh::verify(payload, signature, namespace),
        Armor::OpenPgp => openpgp::verify(payload, signature, &policy.certificates, at.as_second()),
        Armor::X509 => Verdict::Unverifiable("X.509 signatures are not supported yet".into()),
        Armor::Unknown => Verdict::Unverifiable("the form of the signature is not known".into()),
    }
}

/// Judges a signature under the policy in force: mathematics, owner, time, revocation.
#[must_use]
pub fn judge(payload: &[u8], signature: &[u8], namespace: &str, policy: &Policy, when: When) -> Signer {
    weigh(verify(payload, signature, namespace, policy, when.introduced), namespace, policy, when)
}

/// Judges what the mathematics gave: owner, time, revocation.
pub(super) fn weigh(verdict: Verdict, namespace: &str, policy: &Policy, when: When) -> Signer {
    let out = Signer::default();
    match verdict {
        Verdict::Good { key, .. } => owner(out, &key, namespace, policy, when),
        Verdict::Unknown { key } if policy.is_forge(&key) => Signer { key: Some(KeyId(key)), ..out }
            .refuse("key-of-service", "it was signed by a Git service, not by a person"),
        Verdict::Unknown { key } => {
            let message = format!("the key {key} belongs to nobody in the trust policy in force then");
            Signer { key: Some(KeyId(key)), ..out }.refuse("key-unknown", message)
        }
        Verdict::Bad(why) => out.refuse("signature-bad", format!("the signature does not fit: {why}")),
        Verdict::Weak { key, reason } => Signer { key: Some(key), ..out }.refuse("key-weak", reason),
        Verdict::Expired { key, reason } => Signer { key: Some(key), ..out }.refuse("key-expired", reason),
        Verdict::Revoked { key, reason } => Signer { key: Some(key), ..out }.refuse("key-revoked", reason),
        Verdict::Unverifiable(why) => Signer { unverifiable: true, ..out }.refuse("signature-unverifiable", why),
    }
}

fn owner(out: Signer, key: &KeyId, namespace: &str, policy: &Policy, when: When) -> Signer {
    let person = policy.holder(key).map(str::to_owned);
    let mut out = Signer { key: Some(key.clone()), person, ..out };
    if policy.is_forge(&key.0) {
        return Signer { person: None, ..out }
            .refuse("key-of-service", "it was signed by a Git service, not by a person");
    }
    if out.person.is_none() {
        let message = format!("the key {} belongs to nobody in the trust policy in force then", key.0);
        return out.refuse("key-unknown", message);
    }
    if let Some(revocation) = policy.revocation(key) {
        let how = if revocation.compromised { "compromised" } else { "withdrawn" };
        out = out.refuse("key-revoked", format!("the key {} had been {how} before", key.0));
    }
    let Some(line) = policy.signers.lines.iter().find(|l| l.key == *key) else {
        return out;
    };
    if let Some(why) = &line.key_trouble {
        out = out.refuse("key-weak", why.clone());
    }
    if !line.allows(namespace) {
        let use_ = if namespace == NAMESPACE { "approvals" } else { "commits" };
        out = out.refuse("key-not-for-this", format!("the policy does not allow the key {} for {use_}", key.0));
    }
    if ![when.signed, when.introduced].iter().all(|t| line.covers(t.as_second(), 0)) {
        out = out.refuse("key-expired", format!("the key {} was outside its time of validity", key.0));
    }
    out
}
