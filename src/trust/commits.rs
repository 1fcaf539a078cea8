//! The signature of every commit, judged by the policy in force where the commit came in. No approval follows from it;
//! it tells who wrote what, and it can be compared with `git verify-commit`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use rayon::prelude::*;

use super::issue::Reason;
use super::policy::Policy;
use super::record::{History, Judged};
use super::signer::{GIT_NAMESPACE, Signer, When, judge, verify, weigh};
use crate::error::Error;
use crate::history::{Commit, Repository};
use crate::signature::commit::RawCommit;
use crate::signature::key::{Armor, Verdict, armor, first_block};

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

/// What the mathematics of commit signatures gave, so that each is verified once.
///
/// By the index of the commit and the moment of reference, on which only OpenPGP signatures depend.
#[derive(Clone, Debug, Default)]
pub struct Verdicts(HashMap<(usize, Option<Timestamp>), Verdict>);

impl Verdicts {
    /// Judges the signature of a commit by the policy in force where it came in.
    pub(super) fn judge(&mut self, index: usize, raw: &[u8], signature: &[u8], policy: &Policy, when: When) -> Signer {
        let moment = Some(when.introduced).filter(|_| armor(signature) != Armor::Ssh);
        let verify =
            || verify(&RawCommit::payload(raw), first_block(signature), GIT_NAMESPACE, policy, when.introduced);
        let verdict = self.0.entry((index, moment)).or_insert_with(verify).clone();
        weigh(verdict, GIT_NAMESPACE, policy, when)
    }

    fn known(&self, index: usize, at: Timestamp) -> Option<&Verdict> {
        self.0.get(&(index, None)).or_else(|| self.0.get(&(index, Some(at))))
    }
}

/// Commits read at once; bounds the memory.
const CHUNK: usize = 2048;

/// Judges the signatures of commits by their indexes; in parallel.
///
/// # Errors
/// When a commit cannot be read.
pub fn commit_signatures(
    repo: &Repository,
    history: &History,
    judged: &Judged,
    commits: &BTreeSet<usize>,
) -> Result<BTreeMap<usize, CommitSignature>, Error> {
    let commits: Vec<(usize, &Commit)> =
        commits.iter().filter_map(|ix| Some((*ix, history.walk.commits.get(*ix)?))).collect();
    let mut out = BTreeMap::new();
    for chunk in commits.chunks(CHUNK) {
        let raw = |(index, commit): &(usize, &Commit)| {
            let unread = commit.signed && judged.verdicts.known(*index, date(commit.commit_time)).is_none();
            if unread { repo.raw(commit.oid).map(Some) } else { Ok(None) }
        };
        let raws = chunk.iter().map(raw).collect::<Result<Vec<_>, _>>()?;
        let one = |(&(index, commit), raw): (&(usize, &Commit), &Option<Vec<u8>>)| {
            (index, signature(judged, index, commit, raw.as_deref()))
        };
        out.extend(chunk.par_iter().zip(raws.par_iter()).map(one).collect::<Vec<_>>());
    }
    Ok(out)
}

fn signature(judged: &Judged, index: usize, commit: &Commit, raw: Option<&[u8]>) -> CommitSignature {
    let policy = &judged.chain.in_force(commit.chain_position as usize).policy;
    let at = date(commit.commit_time);
    match (raw, judged.verdicts.known(index, at)) {
        (_, Some(known)) => told(weigh(known.clone(), GIT_NAMESPACE, policy, When { signed: at, introduced: at })),
        (Some(raw), None) => of(raw, policy, commit.commit_time),
        (None, None) => unsigned(),
    }
}

fn date(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn unsigned() -> CommitSignature {
    CommitSignature { state: SignatureState::Unsigned, key: None, person: None, reasons: Vec::new() }
}

/// Judges the signature of a raw commit under a policy, at the committer's own date.
#[must_use]
pub fn of(raw: &[u8], policy: &Policy, commit_time: i64) -> CommitSignature {
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
    let at = date(commit_time);
    told(judge(
        &RawCommit::payload(raw),
        first_block(signature),
        GIT_NAMESPACE,
        policy,
        When { signed: at, introduced: at },
    ))
}

fn told(signer: Signer) -> CommitSignature {
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
