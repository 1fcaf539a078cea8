//! Who wrote a version: everyone whose commit touched its path or its id since the last version approved in full.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use jiff::Timestamp;

use super::evidence::path_of;
use super::policy::Policy;
use super::signer::When;
use super::versions::{ApprovedVersion, Counter};
use crate::error::Error;
use crate::history::{Brings, Commit, Lineages, Oid, Touch, Trail, Trails, Walk};
use crate::signature::commit::RawCommit;

/// Who changed a text since the last version approved in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors {
    /// Persons of the policy.
    pub persons: BTreeSet<String>,
    /// Names and addresses the policy does not know.
    pub unknown: BTreeSet<String>,
    /// Every change was signed by its author.
    pub signed: bool,
    /// The text was out of sight for a time and came back otherwise: who wrote it meanwhile is not known.
    pub untraced: bool,
}

/// What is remembered between documents, because one commit often changes many.
pub(super) struct Authorship<'c> {
    trails: Trails<'c>,
    /// The trail of the document that was asked for last.
    trail: Option<(String, Rc<Trail>)>,
    /// Whose good signature a commit bears, by its index.
    signers: HashMap<usize, Option<String>>,
}

impl<'c> Authorship<'c> {
    pub(super) fn of(walk: &'c Walk, lineages: &'c Lineages) -> Self {
        Self { trails: Trails::of(walk, lineages), trail: None, signers: HashMap::new() }
    }

    fn trail(&mut self, id: &str) -> Rc<Trail> {
        match &self.trail {
            Some((known, trail)) if known == id => Rc::clone(trail),
            _ => {
                let trail = Rc::new(self.trails.trail(id));
                self.trail = Some((id.to_owned(), Rc::clone(&trail)));
                trail
            }
        }
    }
}

/// The part of the history in which a version was written.
pub(super) struct Stretch<'v> {
    /// The last version approved in full before it.
    pub since: Option<&'v ApprovedVersion>,
    /// Index of the commit that holds it.
    pub until: usize,
    /// All approved versions of the document that are known so far.
    pub approved: &'v [ApprovedVersion],
}

/// Commits that a commit reaches, and perhaps not all of them: a commit too few makes an author too many, never too few.
struct Behind {
    /// All up to this index.
    upto: Option<u32>,
    /// And these, on a branch.
    branch: BTreeSet<u32>,
}

impl Behind {
    fn of(walk: &Walk, commit: Option<usize>) -> Self {
        let mut out = Self { upto: None, branch: BTreeSet::new() };
        let on_chain =
            |ix: usize| walk.commits.get(ix).and_then(|c| walk.chain.get(c.chain_position as usize)) == Some(&ix);
        let mut at = commit.and_then(|ix| u32::try_from(ix).ok());
        while let Some(index) = at {
            if on_chain(index as usize) {
                out.upto = out.upto.max(Some(index));
                break;
            }
            out.branch.insert(index);
            let parents = walk.commits.get(index as usize).map_or(&[][..], |c| c.parents.as_slice());
            let merged = parents.iter().filter(|p| on_chain(**p as usize)).max();
            out.upto = out.upto.max(merged.copied());
            at = parents.first().copied();
        }
        out
    }

    fn holds(&self, commit: u32) -> bool {
        self.upto.is_some_and(|upto| commit <= upto) || self.branch.contains(&commit)
    }
}

impl Counter<'_> {
    /// Who wrote a content.
    pub(super) fn authors(&mut self, id: &str, blob: Oid, stretch: &Stretch<'_>) -> Result<Authors, Error> {
        let trail = self.authorship.trail(id);
        let behind = Behind::of(self.walk, stretch.since.map(|v| v.settled));
        let approved: BTreeSet<Oid> = stretch
            .approved
            .iter()
            .filter(|v| v.holds_in_full() && v.settled < stretch.until)
            .map(|v| v.blob)
            .collect();
        let from = behind.upto.map_or(0, |upto| trail.touches.partition_point(|t| t.commit <= upto));
        let touches = trail.touches.get(from..).unwrap_or_default().iter();
        let touches = touches.take_while(|t| t.commit as usize <= stretch.until).filter(|t| !behind.holds(t.commit));
        let (mut commits, mut untraced) = (BTreeSet::new(), None);
        for touch in touches {
            commits.extend(brought_by(touch, &trail, &behind, &approved));
            if touch.blob == Some(blob) {
                untraced = touch.untraced;
            }
        }
        let lost = untraced.is_some_and(|since| !behind.holds(since));
        let nobody = commits.is_empty() && !approved.contains(&blob);
        let mut out = Authors { signed: true, untraced: lost || nobody, ..Authors::default() };
        for commit in commits {
            self.author(id, commit as usize, &mut out)?;
        }
        Ok(out)
    }

    fn author(&mut self, id: &str, index: usize, out: &mut Authors) -> Result<(), Error> {
        let Some(fact) = self.walk.commits.get(index) else { return Ok(()) };
        let policy = &self.chain.in_force(fact.chain_position as usize).policy;
        let signer = match self.authorship.signers.get(&index) {
            Some(known) => known.clone(),
            None if !fact.signed => None,
            None => {
                let signer = self.commit_signer(index, fact, policy)?;
                self.authorship.signers.insert(index, signer.clone());
                signer
            }
        };
        if let Some(person) = &signer {
            out.persons.insert(person.clone());
        } else {
            out.signed = false;
        }
        let main = std::iter::once((fact.author, false)).filter(|_| signer.is_none());
        for (person, co_author) in main.chain(fact.co_authors.iter().map(|ix| (*ix, true))) {
            let Some(person) = self.walk.people.get(person as usize) else { continue };
            match policy.by_email(&person.email).or_else(|| self.chain.last().policy.by_email(&person.email)) {
                // A Git service that squashes names everyone of the branch, so also who only approved on it.
                Some(known) if co_author && self.brings_approval(id, index, known) => out.signed = false,
                Some(known) => {
                    out.persons.insert(known.to_owned());
                }
                None => {
                    out.unknown.insert(format!("{} <{}>", person.name, person.email));
                }
            }
        }
        Ok(())
    }

    /// The person whose good signature a commit bears.
    fn commit_signer(&mut self, index: usize, fact: &Commit, policy: &Policy) -> Result<Option<String>, Error> {
        let raw = self.repo.raw(fact.oid)?;
        let Some(signature) = RawCommit::parse(&raw).ok().and_then(|parsed| parsed.signature) else { return Ok(None) };
        let at = Timestamp::from_second(fact.commit_time).unwrap_or(Timestamp::UNIX_EPOCH);
        let judged = self.verdicts.judge(index, &raw, &signature, policy, When { signed: at, introduced: at });
        Ok(judged.is_good().then_some(judged.person).flatten())
    }

    /// Whether a commit brings an approval of the artifact by a person.
    fn brings_approval(&self, id: &str, commit: usize, person: &str) -> bool {
        let folder = format!("{}/{id}/", super::evidence::FOLDER);
        self.walk.rows_of(commit).iter().any(|row| {
            let path = path_of(self.walk, row.path).strip_prefix(&folder);
            let file = path.and_then(|p| p.split_once('/')).map_or("", |(_, file)| file);
            row.new.is_some() && file.strip_prefix(person).is_some_and(|rest| rest.starts_with('.'))
        })
    }
}

/// The commits whose authors a touch makes authors of the text: none when it brings what was there or approved before.
fn brought_by(touch: &Touch, trail: &Trail, behind: &Behind, approved: &BTreeSet<Oid>) -> Vec<u32> {
    match (touch.brings, touch.blob.filter(|blob| !approved.contains(blob))) {
        (Brings::Nothing, _) | (_, None) => Vec::new(),
        (Brings::New, _) => vec![touch.commit],
        (Brings::Known, Some(blob)) => {
            // Brought back from before the last full approval, where it was left out.
            let first = trail.first(blob).map(|t| t.commit).filter(|first| behind.holds(*first));
            first.map_or_else(Vec::new, |first| vec![first, touch.commit])
        }
    }
}
