//! What the trust evaluation says of each document as it is now, worked out once for all rules.

use crate::trust::statement::{Decision, Meaning, digest};
use crate::trust::{Approval, Control, Judged, NotJudged, Record, Requirement, Statement, Subject, Verdict};
use crate::workspace::{ArtifactIx, ArtifactView, Workspace};

/// A document with its verdict.
#[derive(Debug)]
pub struct Standing<'a> {
    /// The artifact.
    pub artifact: ArtifactIx,
    /// Its document control as read now.
    pub control: Control,
    /// Digest of its bytes; where a checkout only wrote other line ends than are committed, of the committed ones.
    pub digest: String,
    /// Whether it is approved.
    pub verdict: Verdict<'a>,
    /// Approvals of this version, still present, that do not count.
    pub refused: Vec<&'a Approval>,
}

/// The standing of each artifact with an id of its own, in the order of the artifacts.
#[must_use]
pub fn standings<'a>(ws: &'a Workspace, judged: &'a Judged) -> Vec<Standing<'a>> {
    let own = |a: &ArtifactView<'_>| a.entity().is_some_and(|e| ws.entity(e.id()) == Some(e));
    ws.artifacts().filter(own).map(|artifact| standing(artifact, judged)).collect()
}

/// Where one document stands.
#[must_use]
pub fn standing<'a>(artifact: ArtifactView<'a>, judged: &'a Judged) -> Standing<'a> {
    let control = control(artifact);
    let digest = known_digest(artifact, judged);
    let verdict = judged.verdict(&Subject { control: &control, digest: &digest });
    let about = |a: &&Approval| {
        let s = &a.statement;
        a.present && !a.reasons.is_empty() && (s.version == control.version || s.digest == digest)
    };
    let refused = judged.approvals_of(artifact.id()).filter(about).collect();
    Standing { artifact: artifact.ix, control, digest, verdict, refused }
}

/// Whether an approval covers exactly this text, or may do so because the history or the policy cannot be read.
#[must_use]
pub fn may_be_covered(artifact: ArtifactView<'_>, record: &Record) -> bool {
    match &record.judged {
        Ok(judged) => {
            let verdict = standing(artifact, judged).verdict;
            matches!(verdict, Verdict::Approved(_) | Verdict::Pending(_) | Verdict::Unverifiable(_))
        }
        Err(NotJudged::Incomplete | NotJudged::Broken) => artifact.status() == "approved",
        Err(NotJudged::NoRepository | NotJudged::HistoryNone | NotJudged::NoCommit | NotJudged::NoPolicy) => false,
    }
}

pub(crate) fn control(artifact: ArtifactView<'_>) -> Control {
    let front = artifact.front();
    Control {
        id: artifact.id().to_owned(),
        kind: front.str("kind").unwrap_or_default().to_owned(),
        version: artifact.version().to_owned(),
        status: artifact.status().to_owned(),
        title: artifact.title().to_owned(),
        owner: front.str("owner").unwrap_or_default().to_owned(),
        approvers: front.texts("approvers").map(|(role, _)| role.to_owned()).collect(),
    }
}

/// A checkout may write CRLF where Git stores LF, or the other way round: then the text is the one that is committed. Line
/// ends that were changed in a commit are a change like any other.
fn known_digest(artifact: ArtifactView<'_>, judged: &Judged) -> String {
    let text = artifact.text();
    let now = digest(text.as_bytes());
    let Some(committed) = judged.at_tip.get(artifact.id()).filter(|d| **d != now) else { return now };
    let bare = text.replace("\r\n", "\n");
    let same = [digest(bare.as_bytes()), digest(bare.replace('\n', "\r\n").as_bytes())].contains(committed);
    if same { committed.clone() } else { now }
}

impl Standing<'_> {
    /// The artifact in its workspace.
    #[must_use]
    pub fn view<'w>(&self, ws: &'w Workspace) -> ArtifactView<'w> {
        ws.artifact(self.artifact)
    }

    /// It calls itself approved.
    #[must_use]
    pub fn claims_approval(&self) -> bool {
        self.control.status == "approved"
    }

    /// Statements about exactly this text that count, with this decision and meaning.
    pub fn declared<'j>(&self, judged: &'j Judged, decision: Decision, meaning: Meaning) -> Vec<&'j Approval> {
        let says = |s: &Statement| (s.decision, s.meaning) == (decision, meaning);
        let about = |s: &Statement| s.artifact == self.control.id && s.digest == self.digest;
        judged.approvals.iter().filter(|a| a.counts() && about(&a.statement) && says(&a.statement)).collect()
    }

    /// What is asked for, with the persons who may give it on a day.
    #[must_use]
    pub fn who_may(&self, judged: &Judged, required: &[Requirement], at: jiff::Timestamp) -> String {
        let policy = judged.policy();
        let place = |r: &Requirement| {
            let roles = crate::trust::policy::roles_for(&r.role, &self.control.owner, &self.control.approvers);
            let named = roles.iter().map(|role| {
                let mut names: Vec<&str> = policy.holders(role, at).map(|p| policy.name(p)).collect();
                names.sort_unstable();
                names.dedup();
                let names = if names.is_empty() { "held by nobody".to_owned() } else { names.join(" or ") };
                format!("{role} ({names})")
            });
            let named = named.collect::<Vec<_>>().join(" or ");
            if r.min == 1 { named } else { format!("{} of {named}", r.min) }
        };
        required.iter().map(place).collect::<Vec<_>>().join(", and ")
    }
}
