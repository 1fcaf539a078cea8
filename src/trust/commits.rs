//! The signature of every commit, judged by the policy in force where the commit came in. No approval follows from it;
//! it tells who wrote what, and it can be compared with `git verify-commit`.

use jiff::Timestamp;
use rayon::prelude::*;

use super::issue::Reason;
use super::record::{History, Judged};
use super::signer::{GIT_NAMESPACE, Signer, When, judge};
use crate::error::Error;
use crate::history::Repository;
use crate::signature::commit::RawCommit;

/// What the signature of a commit is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureState {
    /// By a key of a person of the policy.
    Good,
    /// By the key of a Git service.
    Service,
    /// By a key nobody of the policy holds.
    Unknown,
    /// By a known key that did not count then: expired, revoked, weak, not for commits.
    Refused,
    /// It does not fit the commit.
    Bad,
    /// Nothing can be said: a form that is not supported.
    Unverifiable,
    /// There is none.
    Unsigned,
}

/// A commit's signature.
#[derive(Clone, Debug)]
pub struct CommitSignature {
    /// What it is worth.
    pub state: SignatureState,
    /// The key.
    pub key: Option<String>,
    /// The person.
    pub person: Option<String>,
    /// Why it is not good.
    pub reasons: Vec<Reason>,
}

/// Commits read at once; bounds the memory.
const CHUNK: usize = 2048;

/// Judges every commit, in the order of the walk; in parallel.
///
/// # Errors
/// When a commit cannot be read.
pub fn commit_signatures(repo: &Repository, history: &History, judged: &Judged) -> Result<Vec<CommitSignature>, Error> {
    let mut out = Vec::with_capacity(history.walk.commits.len());
    for chunk in history.walk.commits.chunks(CHUNK) {
        let raws = chunk.iter().map(|c| if c.signed { repo.raw(c.oid).map(Some) } else { Ok(None) });
        let raws = raws.collect::<Result<Vec<_>, _>>()?;
        let one = |(commit, raw): (&crate::history::Commit, &Option<Vec<u8>>)| {
            let policy = &judged.chain.in_force(commit.chain_position as usize).policy;
            match raw {
                None => unsigned(),
                Some(raw) => of(raw, policy, commit.commit_time),
            }
        };
        out.par_extend(chunk.par_iter().zip(raws.par_iter()).map(one));
    }
    Ok(out)
}

fn unsigned() -> CommitSignature {
    CommitSignature { state: SignatureState::Unsigned, key: None, person: None, reasons: Vec::new() }
}

/// Judges the signature of a raw commit under a policy, at the committer's own date.
#[must_use]
pub fn of(raw: &[u8], policy: &super::Policy, commit_time: i64) -> CommitSignature {
    let parsed = match RawCommit::parse(raw) {
        Ok(parsed) => parsed,
        Err(why) => {
            let reasons = vec![Reason { code: "object-malformed", message: why.0 }];
            return CommitSignature { state: SignatureState::Bad, key: None, person: None, reasons };
        }
    };
    let Some(signature) = &parsed.signature else {
        let odd = parsed.oddities.iter().map(|o| Reason { code: "object-malformed", message: o.to_string() }).collect();
        return CommitSignature { state: SignatureState::Bad, reasons: odd, ..unsigned() };
    };
    let at = Timestamp::from_second(commit_time).unwrap_or(Timestamp::UNIX_EPOCH);
    let signer = judge(&RawCommit::payload(raw), signature, GIT_NAMESPACE, policy, When { signed: at, introduced: at });
    let state = state(&signer);
    CommitSignature { state, key: signer.key.map(|k| k.0), person: signer.person, reasons: signer.reasons }
}

fn state(signer: &Signer) -> SignatureState {
    let first = signer.reasons.first().map(|r| r.code);
    match first {
        None if signer.person.is_some() => SignatureState::Good,
        Some("key-of-service") => SignatureState::Service,
        None | Some("key-unknown") => SignatureState::Unknown,
        Some("signature-bad") => SignatureState::Bad,
        Some("signature-unverifiable") => SignatureState::Unverifiable,
        Some(_) => SignatureState::Refused,
    }
}
