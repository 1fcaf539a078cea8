//! From approvals to approved versions: quorum by person, separation of duties, editorial changes, withdrawal.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::authors::{Authors, Authorship, Stretch};
use super::chain::Chain;
use super::commits::Verdicts;
use super::evidence::{Approval, path_of};
use super::issue::Reason;
use super::policy::{Policy, Requirement, TimeLevel};
use super::quorum;
use super::statement::{Decision, Meaning};
use super::trees::{Control, Trees};
use crate::change::{self, Class};
use crate::error::Error;
use crate::history::{Change, Lineages, Oid, Repository, Walk};

/// How a version was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ApprovalClass {
    /// By everyone the policy asks for.
    Full,
    /// As an editorial change against the last version approved in full.
    Editorial,
}

/// Why a version is not approved any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Somebody took an approval back.
    Withdrawn {
        /// Who.
        by: String,
        /// When, by the signer's clock.
        on: Timestamp,
    },
    /// A key that is needed was compromised.
    Compromised {
        /// Whose.
        person: String,
        /// The key.
        key: String,
    },
    /// The records of its approvals are gone.
    RecordGone,
}

/// A version that reached its quorum.
#[derive(Clone, Debug)]
pub struct ApprovedVersion {
    /// Version as written.
    pub version: String,
    /// Digest of its bytes.
    pub digest: String,
    /// Its blob.
    pub blob: Oid,
    /// Its document control.
    pub control: Control,
    /// Position on the chain where the quorum was reached.
    pub position: usize,
    /// The signer's clock at the last approval needed.
    pub on: Timestamp,
    /// Date of the commit that completed the quorum.
    pub introduced: Timestamp,
    /// Indexes of the approvals that count.
    pub approvals: Vec<usize>,
    /// Full or editorial.
    pub class: ApprovalClass,
    /// For an editorial one: what differs from the last version approved in full, and why it changes no meaning.
    pub harmless: Vec<change::Harmless>,
    /// Who wrote it.
    pub authors: Authors,
    /// How well the time is known.
    pub time_level: TimeLevel,
    /// Why it holds no longer.
    pub ended: Option<Ended>,
    /// Index of the commit that held it when the quorum was reached.
    pub(super) settled: usize,
    /// Its bytes; kept for the newest version, and the newest that still holds, of each artifact.
    pub text: Option<Arc<[u8]>>,
}

impl ApprovedVersion {
    /// Approved by everyone, and still so.
    pub(super) fn holds_in_full(&self) -> bool {
        self.class == ApprovalClass::Full && self.ended.is_none()
    }

    /// How it was approved, behind the word "approved": nothing for an approval in full; else that the change was editorial,
    /// and with each difference and the reason why it changes no meaning.
    #[must_use]
    pub fn how(&self) -> String {
        if self.class == ApprovalClass::Full {
            return String::new();
        }
        let mut differences: Vec<String> =
            self.harmless.iter().take(MOST_SHOWN).map(change::Harmless::in_words).collect();
        if self.harmless.len() > MOST_SHOWN {
            differences.push(format!("{} more", self.harmless.len() - MOST_SHOWN));
        }
        editorial(&differences)
    }

    /// The same without a word of the text, which may be closed to the reader: only what sorts of differences there are.
    #[must_use]
    pub fn how_in_brief(&self) -> String {
        if self.class == ApprovalClass::Full {
            return String::new();
        }
        let mut sorts: Vec<String> = self.harmless.iter().map(|h| h.kind.word().to_owned()).collect();
        sorts.sort_unstable();
        sorts.dedup();
        editorial(&sorts)
    }
}

fn editorial(differences: &[String]) -> String {
    let why = if differences.is_empty() { String::new() } else { format!(" ({})", differences.join(", ")) };
    format!(" as an editorial change{why}")
}

/// Differences of an editorial change that a sentence names.
const MOST_SHOWN: usize = 5;

/// A version that has approvals and no quorum.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Version.
    pub version: String,
    /// Digest.
    pub digest: String,
    /// Indexes of the approvals that count so far.
    pub approvals: Vec<usize>,
    /// What is missing.
    pub missing: Vec<Requirement>,
    /// Approvers whose approval does not count because they changed the text.
    pub own_work: Vec<String>,
    /// Who wrote it.
    pub authors: Authors,
}

/// Version and digest with the indexes of the approvals of exactly that.
type Group = ((String, String), Vec<usize>);

/// All versions of one artifact.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// Approved, oldest first.
    pub approved: Vec<ApprovedVersion>,
    /// Begun.
    pub pending: Vec<Pending>,
}

pub(super) struct Counter<'c> {
    pub repo: &'c Repository,
    pub walk: &'c Walk,
    pub chain: &'c Chain,
    pub trees: &'c Trees<'c>,
    /// Approvals whose key is compromised and that nothing saves, by digest.
    pub lapsed: BTreeSet<String>,
    pub authorship: Authorship<'c>,
    pub verdicts: Verdicts,
    /// Indexes of the approvals that take others back.
    pub withdrawals: Vec<usize>,
}

impl Counter<'_> {
    /// The versions of every artifact that has an approval.
    pub(super) fn count(&mut self, approvals: &mut [Approval]) -> Result<BTreeMap<String, Versions>, Error> {
        let mut groups: BTreeMap<String, Vec<Group>> = BTreeMap::new();
        for (index, approval) in approvals.iter().enumerate() {
            let s = &approval.statement;
            let declared = (s.decision, s.meaning) == (Decision::Approve, Meaning::Approval);
            if !declared || !approval.reasons.is_empty() {
                continue;
            }
            let of = groups.entry(s.artifact.clone()).or_default();
            let key = (s.version.clone(), s.digest.clone());
            match of.iter_mut().find(|(k, _)| *k == key) {
                Some((_, list)) => list.push(index),
                None => of.push((key, vec![index])),
            }
        }
        let withdraws = |a: &Approval| a.statement.decision == Decision::Withdraw;
        self.withdrawals = (0..approvals.len()).filter(|ix| approvals.get(*ix).is_some_and(withdraws)).collect();
        let mut out = BTreeMap::new();
        for (id, groups) in groups {
            let mut versions = Versions::default();
            for ((version, digest), members) in groups {
                self.group(&id, &version, &digest, &members, approvals, &mut versions)?;
            }
            versions.approved.sort_by_key(|v| (v.position, v.on));
            self.keep_texts(&mut versions.approved)?;
            out.insert(id, versions);
        }
        Ok(out)
    }

    /// Keeps the text that documents are compared with.
    fn keep_texts(&self, approved: &mut [ApprovedVersion]) -> Result<(), Error> {
        let newest = [approved.len().checked_sub(1), approved.iter().rposition(|v| v.ended.is_none())];
        for version in newest.into_iter().flatten() {
            if let Some(version) = approved.get_mut(version).filter(|v| v.text.is_none()) {
                version.text = Some(self.repo.blob(version.blob)?.into());
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        id: &str,
        version: &str,
        digest: &str,
        members: &[usize],
        approvals: &mut [Approval],
        out: &mut Versions,
    ) -> Result<(), Error> {
        if out.approved.iter().any(|v| v.version == version && v.digest != digest) {
            let message =
                format!("version {version} was approved with other bytes before; a version has one text for ever");
            for index in members {
                if let Some(a) = approvals.get_mut(*index) {
                    a.reasons.push(Reason::new("version-reused", message.clone()));
                }
            }
            return Ok(());
        }
        let Some(blob) = members.iter().find_map(|ix| approvals.get(*ix)?.blob) else { return Ok(()) };
        let Some(control) = self.trees.control(blob) else { return Ok(()) };
        // A version whose quorum was reached later takes in nothing of what came before this one.
        let until = members.first().and_then(|ix| approvals.get(*ix)).map_or(usize::MAX, |a| a.judged_at);
        let full = out.approved.iter().rev().find(|v| v.holds_in_full() && v.settled < until);
        let stretch = Stretch { since: full, until, approved: &out.approved };
        let authors = self.authors(id, blob, &stretch)?;
        let editorial = match full.filter(|_| self.chain.states().iter().any(|s| s.policy.editorial.is_some())) {
            Some(full) => Some(self.edits(full, blob, &control)?),
            None => None,
        };
        let case = Case { id, control: &control, authors: &authors, editorial: editorial.as_ref() };
        let reached = members.iter().enumerate().find_map(|(n, _)| {
            let so_far = members.get(..=n)?;
            let last = approvals.get(*so_far.last()?)?;
            let policy = &self.chain.in_force(last.position).policy;
            case.quorum(policy, so_far, approvals).ok().map(|class| (class, last))
        });
        let Some((class, last)) = reached else {
            let policy = &self.chain.last().policy;
            let missing = case.quorum(policy, members, approvals).err().unwrap_or_default();
            let own_work = case.own_work(policy, members, approvals);
            out.pending.push(Pending {
                version: version.into(),
                digest: digest.into(),
                approvals: members.to_vec(),
                missing,
                own_work,
                authors,
            });
            return Ok(());
        };
        let (position, settled) = (last.position, last.judged_at);
        let (on, introduced) = (last.statement.signed_at, last.introduced);
        let ended = self.ended(&case, members, approvals, position);
        let harmless = if class == ApprovalClass::Editorial { case.harmless() } else { Vec::new() };
        let time_level = members.iter().filter_map(|ix| approvals.get(*ix)).map(|a| a.time_level).min();
        out.approved.push(ApprovedVersion {
            version: version.into(),
            digest: digest.into(),
            blob,
            control: (*control).clone(),
            position,
            on,
            introduced,
            approvals: members.to_vec(),
            class,
            harmless,
            authors,
            time_level: time_level.unwrap_or(TimeLevel::Claimed),
            ended,
            settled,
            text: None,
        });
        Ok(())
    }

    /// Whether the quorum still stands without approvals that were withdrawn, deleted or made with a compromised key.
    fn ended(&self, case: &Case<'_>, members: &[usize], approvals: &[Approval], position: usize) -> Option<Ended> {
        let policy = &self.chain.in_force(position).policy;
        let of = |ix: &usize| approvals.get(*ix);
        // Each person takes back their own approval, never another's.
        let mine = |w: &&Approval| members.iter().filter_map(of).any(|a| withdraws(w, a));
        let withdrawals = || self.withdrawals.iter().rev().filter_map(of);
        let withdrawal = withdrawals().find(mine);
        let stands =
            |a: &Approval| a.present && !self.lapsed.contains(&a.digest) && !withdrawals().any(|w| withdraws(w, a));
        let left: Vec<usize> = members.iter().filter(|ix| of(ix).is_some_and(stands)).copied().collect();
        if case.quorum(policy, &left, approvals).is_ok() {
            return None;
        }
        if let Some(lapsed) = members.iter().filter_map(of).find(|a| self.lapsed.contains(&a.digest)) {
            let key = lapsed.key.as_ref().map(|k| k.0.clone()).unwrap_or_default();
            return Some(Ended::Compromised { person: lapsed.person.clone().unwrap_or_default(), key });
        }
        let withdrawn =
            |w: &Approval| Ended::Withdrawn { by: w.person.clone().unwrap_or_default(), on: w.statement.signed_at };
        Some(withdrawal.map_or(Ended::RecordGone, withdrawn))
    }

    /// The change against the last version approved in full, so that many small changes do not add up unseen.
    fn edits(&self, full: &ApprovedVersion, blob: Oid, control: &Control) -> Result<Edits, Error> {
        let (mut before, after) = (self.repo.blob(full.blob)?, self.repo.blob(blob)?);
        // Of a text that is not here only its control is known: how much it changed rests on the word of whoever left it out.
        if [full.blob, blob].iter().any(|b| self.repo.stub(*b).is_some()) {
            before.clone_from(&after);
        }
        Ok(Edits { raised: raised(&full.version, &control.version), before, after, compared: OnceCell::new() })
    }
}

/// A change measured against the last version approved in full.
struct Edits {
    raised: Raised,
    before: Vec<u8>,
    after: Vec<u8>,
    /// Compared only where it decides something.
    compared: OnceCell<change::Comparison>,
}

impl Edits {
    fn comparison(&self) -> &change::Comparison {
        self.compared.get_or_init(|| change::compare(Some(&self.before), Some(&self.after)))
    }
}

/// The highest part of a version that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Raised {
    /// The third part or none.
    Patch,
    /// The second part.
    Minor,
    /// The first part, or the version went back.
    Major,
}

/// Which part of a version was raised.
#[must_use]
pub fn raised(from: &str, to: &str) -> Raised {
    let (from, to) = (parts(from), parts(to));
    if to < from || from[0] != to[0] {
        Raised::Major
    } else if from[1] != to[1] {
        Raised::Minor
    } else {
        Raised::Patch
    }
}

/// The numbers of a version, missing parts as 0.
#[must_use]
pub fn parts(version: &str) -> [u64; 3] {
    let mut out = [0; 3];
    for (slot, part) in out.iter_mut().zip(version.split('.')) {
        *slot = part.parse().unwrap_or(0);
    }
    out
}

struct Case<'c> {
    id: &'c str,
    control: &'c Control,
    authors: &'c Authors,
    editorial: Option<&'c Edits>,
}

impl Case<'_> {
    /// Whether these approvals suffice under a policy; else what is missing for the full approval.
    fn quorum(
        &self,
        policy: &Policy,
        members: &[usize],
        approvals: &[Approval],
    ) -> Result<ApprovalClass, Vec<Requirement>> {
        let given = members.iter().filter_map(|ix| approvals.get(*ix));
        self.enough(policy, given.filter_map(|a| Some((a.person.clone()?, a.statement.role.clone()))).collect())
    }

    /// Whether approvals by these persons in these roles suffice.
    fn enough(&self, policy: &Policy, given: Vec<(String, String)>) -> Result<ApprovalClass, Vec<Requirement>> {
        let Some(rule) = policy.rule(self.id, &self.control.kind) else { return Err(Vec::new()) };
        if rule.not_author && self.authors.untraced {
            return Err(rule.require.clone());
        }
        let mut counted = given;
        counted.retain(|(person, _)| !(rule.not_author && self.authors.persons.contains(person)));
        let (owner, approvers) = (&self.control.owner, &self.control.approvers);
        let missing = quorum::missing(&rule.require, &counted, owner, approvers);
        if missing.is_empty() {
            return Ok(ApprovalClass::Full);
        }
        let enough = policy.editorial.as_ref().is_some_and(|e| {
            quorum::met(&[Requirement { role: e.role.clone(), min: 1 }], &counted, owner, approvers)
                && self.is_editorial(e)
        });
        if enough { Ok(ApprovalClass::Editorial) } else { Err(missing) }
    }

    fn is_editorial(&self, rule: &super::policy::Editorial) -> bool {
        let known = rule.method.as_deref() == Some(change::EDITORIAL_METHOD);
        self.editorial.as_ref().filter(|_| known).is_some_and(|edits| {
            let low = edits.raised == Raised::Patch || (rule.minor && edits.raised == Raised::Minor);
            low && matches!(edits.comparison().class(), Class::Editorial(_))
        })
    }

    /// Why the change is editorial.
    fn harmless(&self) -> Vec<change::Harmless> {
        match self.editorial.map(|edits| edits.comparison().class()) {
            Some(Class::Editorial(harmless)) => harmless,
            _ => Vec::new(),
        }
    }

    /// Approvers who changed the text themselves.
    fn own_work(&self, policy: &Policy, members: &[usize], approvals: &[Approval]) -> Vec<String> {
        let rule = policy.rule(self.id, &self.control.kind);
        if !rule.is_some_and(|r| r.not_author) {
            return Vec::new();
        }
        let persons: BTreeSet<String> = members.iter().filter_map(|ix| approvals.get(*ix)?.person.clone()).collect();
        persons.intersection(&self.authors.persons).cloned().collect()
    }
}

/// Whether a statement takes an approval back: by the same person, of the same text, and later.
fn withdraws(withdrawal: &Approval, approval: &Approval) -> bool {
    let (w, a) = (&withdrawal.statement, &approval.statement);
    let about = w.decision == Decision::Withdraw && w.digest == a.digest && w.artifact == a.artifact;
    about
        && withdrawal.person == approval.person
        && withdrawal.counts()
        && (withdrawal.position, w.signed_at) >= (approval.position, a.signed_at)
}

/// What one more approval of a text would do, told before anybody signs.
pub struct Prospect {
    policy: Arc<Policy>,
    control: Control,
    editorial: Option<Edits>,
    /// Who wrote it since the version approved before.
    pub authors: Authors,
    /// Persons who approved exactly this text so that it counts, with their roles.
    pub given: Vec<(String, String)>,
}

impl Prospect {
    /// The class the text has when one more person approves it in a role (or with the approvals so far); else what is
    /// still missing.
    ///
    /// # Errors
    /// The places nobody fills; empty when the policy has no rule for the document.
    pub fn with(&self, one_more: Option<(&str, &str)>) -> Result<ApprovalClass, Vec<Requirement>> {
        let (id, editorial) = (self.control.id.as_str(), self.editorial.as_ref());
        let case = Case { id, control: &self.control, authors: &self.authors, editorial };
        let more = one_more.map(|(person, role)| (person.to_owned(), role.to_owned()));
        case.enough(&self.policy, self.given.iter().cloned().chain(more).collect())
    }

    /// Whether nobody can approve it, because it is not known who wrote it and the policy bars authors.
    #[must_use]
    pub fn bars_all(&self) -> bool {
        let rule = self.policy.rule(&self.control.id, &self.control.kind);
        rule.is_some_and(|r| r.not_author) && self.authors.untraced
    }

    /// Whether a person's approval is barred because they changed the text.
    #[must_use]
    pub fn bars(&self, person: &str) -> bool {
        let rule = self.policy.rule(&self.control.id, &self.control.kind);
        rule.is_some_and(|r| r.not_author) && self.authors.persons.contains(person)
    }
}

impl Counter<'_> {
    /// What approvals of this text would do under the newest policy.
    pub(super) fn prospect(
        &mut self,
        control: &Control,
        blob: Oid,
        digest: &str,
        approvals: &[Approval],
        versions: Option<&Versions>,
    ) -> Result<Prospect, Error> {
        let approved = versions.map_or(&[][..], |v| v.approved.as_slice());
        let other = |v: &&ApprovedVersion| v.ended.is_none() && v.digest != digest;
        let full = approved.iter().rev().filter(other).find(|v| v.holds_in_full());
        let authors = self.authors(&control.id, blob, &Stretch { since: full, until: usize::MAX, approved })?;
        let editorial = full.map(|full| self.edits(full, blob, control)).transpose()?;
        let about = |a: &&Approval| {
            a.approves()
                && a.statement.artifact == control.id
                && a.statement.version == control.version
                && a.statement.digest == digest
                && !self.lapsed.contains(&a.digest)
                && !approvals.iter().any(|w| withdraws(w, a))
        };
        let given = approvals.iter().filter(about);
        // A statement file and the signed commit that brought it are one approval.
        let given: BTreeSet<(String, String)> =
            given.filter_map(|a| Some((a.person.clone()?, a.statement.role.clone()))).collect();
        let given = given.into_iter().collect();
        let policy = Arc::clone(&self.chain.last().policy);
        Ok(Prospect { policy, control: control.clone(), editorial, authors, given })
    }
}

/// Merges whose result for a document is that of no parent.
pub(super) fn altered_merges(walk: &Walk, lineages: &Lineages, id: &str) -> Vec<(Oid, Oid, String)> {
    let states = lineages.0.get(id).map_or(&[][..], |l| l.states.as_slice());
    let merges = states.iter().filter(|s| s.differs_from_all_parents && s.change != Change::Removed);
    merges
        .filter_map(|s| Some((walk.commits.get(s.commit as usize)?.oid, s.blob, path_of(walk, s.path).to_owned())))
        .collect()
}
