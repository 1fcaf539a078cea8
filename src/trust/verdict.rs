//! Whether a document is approved as it is now.

use std::sync::Arc;

use jiff::Timestamp;

use super::evidence::{Approval, Carrier};
use super::policy::{ApprovalRule, Policy, Requirement};
use super::quorum;
use super::record::{Judged, short};
use super::trees::Control;
use super::versions::{ApprovedVersion, Ended, Pending, Versions};

/// A document as it is now: what a verdict is about.
#[derive(Clone, Debug)]
pub struct Subject<'s> {
    /// Its document control.
    pub control: &'s Control,
    /// Its digest.
    pub digest: &'s str,
}

/// Whether a document is approved.
#[derive(Clone, Debug)]
pub enum Verdict<'r> {
    /// By everyone who must, in exactly this text.
    Approved(&'r ApprovedVersion),
    /// The policy asks for no approval.
    NotRequired,
    /// The policy has no rule for it.
    NoRule,
    /// Some approvals of this text are there, others are missing.
    Pending(&'r Pending),
    /// This version number was approved with another text.
    Changed(&'r ApprovedVersion),
    /// Another version was approved; this one has no approval.
    Newer(&'r ApprovedVersion),
    /// It was approved and is not any more.
    Ended(&'r ApprovedVersion),
    /// There are approvals of this text and none counts.
    Invalid(Vec<&'r Approval>),
    /// There are approvals of this text and nothing can be said of their signatures.
    Unverifiable(Vec<&'r Approval>),
    /// Nobody ever approved it.
    Missing,
}

impl Verdict<'_> {
    /// The word for it in reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approved(_) => "approved",
            Self::NotRequired => "not-required",
            Self::NoRule => "no-rule",
            Self::Pending(_) => "pending",
            Self::Changed(_) => "changed",
            Self::Newer(_) => "newer",
            Self::Ended(v) => match v.ended {
                Some(Ended::Withdrawn { .. }) => "withdrawn",
                _ => "lapsed",
            },
            Self::Invalid(_) => "invalid",
            Self::Unverifiable(_) => "unverifiable",
            Self::Missing => "missing",
        }
    }

    /// It may be relied upon.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::NotRequired)
    }
}

impl Judged {
    /// The newest policy.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.chain.last().policy
    }

    /// The rule for a document under the newest policy.
    #[must_use]
    pub fn rule(&self, control: &Control) -> Option<&ApprovalRule> {
        self.policy().rule(&control.id, &control.kind)
    }

    /// The versions of an artifact.
    #[must_use]
    pub fn versions(&self, id: &str) -> Option<&Versions> {
        self.versions.get(id)
    }

    /// The newest approved version that still holds.
    #[must_use]
    pub fn newest(&self, id: &str) -> Option<&ApprovedVersion> {
        self.versions(id)?.approved.iter().rev().find(|v| v.ended.is_none())
    }

    /// The newest approved version as of a moment (by the date of the commit that completed its approval).
    #[must_use]
    pub fn in_force_on(&self, id: &str, at: Timestamp) -> Option<&ApprovedVersion> {
        self.versions(id)?.approved.iter().rev().find(|v| v.ended.is_none() && v.introduced <= at && v.on <= at)
    }

    /// Whether a document is approved.
    #[must_use]
    pub fn verdict(&self, subject: &Subject<'_>) -> Verdict<'_> {
        let id = subject.control.id.as_str();
        let empty = Versions::default;
        let Some(rule) = self.rule(subject.control) else { return Verdict::NoRule };
        let approvers = &subject.control.approvers;
        if quorum::met(&rule.require, &[], &subject.control.owner, approvers) || voids(rule, approvers) {
            return Verdict::NotRequired;
        }
        let none = empty();
        let Some(versions) = self.versions(id) else {
            drop(none);
            return self.refused(subject);
        };
        if let Some(version) = versions.approved.iter().find(|v| v.digest == subject.digest) {
            return if version.ended.is_some() { Verdict::Ended(version) } else { Verdict::Approved(version) };
        }
        if let Some(pending) = versions.pending.iter().find(|p| p.digest == subject.digest) {
            return Verdict::Pending(pending);
        }
        match self.refused(subject) {
            Verdict::Missing => {}
            other => return other,
        }
        let same = versions.approved.iter().rev().find(|v| v.version == subject.control.version);
        match (same, self.newest(id).or(versions.approved.last())) {
            (Some(version), _) => Verdict::Changed(version),
            (None, Some(version)) => Verdict::Newer(version),
            (None, None) => Verdict::Missing,
        }
    }

    /// Approvals of exactly this text that do not count.
    fn refused(&self, subject: &Subject<'_>) -> Verdict<'_> {
        let about = |a: &&Approval| a.statement.digest == subject.digest && a.present;
        let all: Vec<&Approval> =
            self.approvals_of(&subject.control.id).filter(about).filter(|a| !a.reasons.is_empty()).collect();
        match () {
            () if all.is_empty() => Verdict::Missing,
            () if all.iter().all(|a| a.unverifiable) => Verdict::Unverifiable(all),
            () => Verdict::Invalid(all),
        }
    }

    /// Approvals about an artifact, of any version.
    pub fn approvals_of(&self, id: &str) -> impl Iterator<Item = &Approval> + use<'_> {
        self.by_artifact.get(id).into_iter().flatten().filter_map(|index| self.approvals.get(*index))
    }

    /// What is still needed for a text that has these approvals, in places.
    #[must_use]
    pub fn needs(&self, control: &Control) -> Vec<Requirement> {
        let rule = self.rule(control);
        rule.map(|r| quorum::missing(&r.require, &[], &control.owner, &control.approvers)).unwrap_or_default()
    }
}

/// Only approvers are asked for and the document (a record, a form) names none.
fn voids(rule: &ApprovalRule, approvers: &[String]) -> bool {
    approvers.is_empty() && rule.require.iter().all(|r| r.role == super::policy::APPROVERS)
}

/// Whether an approval stands in a statement file or a commit, in words.
#[must_use]
pub fn carrier_in_words(carrier: &Carrier) -> String {
    match carrier {
        Carrier::File { path, .. } => format!("signed statement {path}"),
        Carrier::Commit { commit } => format!("signed commit {}", short(*commit)),
    }
}
