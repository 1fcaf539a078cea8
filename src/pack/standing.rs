//! What the history proves of each document, told by roles and, where they may leave, by names.
//!
//! The text of a document in the facts may have places withheld; verdicts are about the text that is committed.

use super::book::{Cell, Piece, Tone};
use super::facts::Facts;
use super::people::People;
use crate::rules::approval::control;
use crate::trust::policy::roles_for;
use crate::trust::{
    Approval, ApprovedVersion, Carrier, Control, Ended, NotJudged, Requirement, Subject, TimeLevel, Verdict,
    carrier_in_words, day,
};
use crate::workspace::ArtifactView;

/// Where a document stands.
pub(super) struct Standing<'f> {
    /// Its document control.
    pub control: Control,
    /// Digest of the committed text.
    pub digest: String,
    /// The verdict about that text.
    pub verdict: Verdict<'f>,
}

/// Where a document stands; none when nothing was judged, or its id belongs to another document.
pub(super) fn of<'f>(facts: &Facts<'f>, artifact: ArtifactView<'_>) -> Option<Standing<'f>> {
    let judged = facts.judged()?;
    let entity = artifact.entity()?;
    let first = facts.ws.entity(entity.id()).filter(|e| *e == entity);
    first?;
    let control = control(artifact);
    let digest = judged.at_tip.get(artifact.id()).cloned().unwrap_or_default();
    let verdict = judged.verdict(&Subject { control: &control, digest: &digest });
    Some(Standing { control, digest, verdict })
}

/// Why approvals are not judged, as a whole sentence; none when they are.
pub(super) fn not_judged(facts: &Facts<'_>) -> Option<String> {
    let why = facts.record.why_not().map(NotJudged::reason)?;
    Some(format!("Approvals were not judged: {why}."))
}

impl<'f> Standing<'f> {
    /// The version whose approval holds for this text.
    pub fn approved(&self) -> Option<&'f ApprovedVersion> {
        match self.verdict {
            Verdict::Approved(version) => Some(version),
            _ => None,
        }
    }

    /// The verdict as a sentence without full stop.
    pub fn in_words(&self, facts: &Facts<'_>) -> String {
        match &self.verdict {
            Verdict::Approved(v) => {
                format!("approved{} by {} on {}", v.how_in_brief(), by(facts, &v.approvals), day(v.on))
            }
            Verdict::NotRequired => "the trust policy asks for no approval".into(),
            Verdict::NoRule => format!("the trust policy has no rule for documents of kind {}", self.control.kind),
            Verdict::Pending(p) => {
                let missing = self.missing(facts, &p.missing);
                format!("approved by {}, still needed: {missing}", by(facts, &p.approvals))
            }
            Verdict::Changed(v) => {
                let who = by(facts, &v.approvals);
                format!("changed since version {} was approved by {who} on {}", v.version, day(v.on))
            }
            Verdict::Newer(v) => {
                format!("nobody approved this version; the last approved one is {} of {}", v.version, day(v.on))
            }
            Verdict::Ended(v) => ended(v),
            Verdict::Invalid(list) | Verdict::Unverifiable(list) => {
                let people = People::of(facts);
                let reasons = list.iter().filter_map(|a| a.reasons.first()).map(|r| people.without(&r.message));
                format!("its approval does not count: {}", reasons.collect::<Vec<_>>().join("; "))
            }
            Verdict::Missing => "nobody approved it".into(),
        }
    }

    /// What the verdict means.
    pub fn tone(&self) -> Tone {
        let claims = self.control.status == "approved";
        match &self.verdict {
            Verdict::Approved(_) => Tone::Good,
            Verdict::NotRequired => Tone::Plain,
            _ if !claims => Tone::Muted,
            Verdict::Pending(_) => Tone::Attention,
            _ => Tone::Bad,
        }
    }

    fn missing(&self, facts: &Facts<'_>, missing: &[Requirement]) -> String {
        needed(facts, &self.control, missing)
    }
}

/// What is missing, by the titles of roles.
pub(super) fn needed(facts: &Facts<'_>, control: &Control, missing: &[Requirement]) -> String {
    let one = |r: &Requirement| {
        let roles = roles_for(&r.role, &control.owner, &control.approvers);
        let many = if r.min > 1 { format!("{} of ", r.min) } else { String::new() };
        format!("{many}{}", roles.iter().map(|r| facts.role(r)).collect::<Vec<_>>().join(" or "))
    };
    missing.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// The approvals of these indexes.
pub(super) fn approvals<'f>(facts: &Facts<'f>, indexes: &[usize]) -> Vec<&'f Approval> {
    let all = facts.judged().map_or(&[][..], |j| j.approvals.as_slice());
    indexes.iter().filter_map(|ix| all.get(*ix)).collect()
}

/// Who approved, one by one, as they may be shown.
pub(super) fn approvers(facts: &Facts<'_>, indexes: &[usize]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for approval in approvals(facts, indexes) {
        let who = facts.approver(approval);
        if !out.contains(&who) {
            out.push(who);
        }
    }
    out
}

/// Who approved, in one phrase.
pub(super) fn by(facts: &Facts<'_>, indexes: &[usize]) -> String {
    approvers(facts, indexes).join(" and ")
}

/// Who wrote a version: names where they may leave, else the roles they held.
pub(super) fn authors(facts: &Facts<'_>, version: &ApprovedVersion) -> Vec<String> {
    let Some(judged) = facts.judged() else { return Vec::new() };
    let policy = &judged.chain.in_force(version.position).policy;
    let mut out: Vec<String> = Vec::new();
    for person in &version.authors.persons {
        let roles: Vec<String> = policy.roles_of(person, version.on).map(|r| facts.role(r)).collect();
        let roles = if roles.is_empty() { "no role of the trust policy".to_owned() } else { roles.join(", ") };
        out.push(if facts.names { format!("{} ({roles})", policy.name(person)) } else { roles });
    }
    if !version.authors.unknown.is_empty() {
        let all = version.authors.unknown.iter().cloned().collect::<Vec<_>>().join(", ");
        out.push(if facts.names { all } else { "somebody the trust policy does not know".to_owned() });
    }
    out.sort();
    out.dedup();
    out
}

/// Why a version holds no longer.
pub(super) fn ended(version: &ApprovedVersion) -> String {
    match &version.ended {
        Some(Ended::Withdrawn { on, .. }) => format!("its approval was withdrawn on {}", day(*on)),
        Some(Ended::Compromised { key, .. }) => format!("its approval lapsed: the key {key} was compromised"),
        _ => "the record of its approval is gone".into(),
    }
}

/// Where an approval stands and how well its time is known. Paths of statements hold the id of the signer.
pub(super) fn rests_on(facts: &Facts<'_>, approval: &Approval) -> String {
    let carrier = match &approval.carrier {
        Carrier::File { .. } if !facts.names => {
            let digest = approval.digest.trim_start_matches("sha256:");
            format!("signed statement with SHA-256 {}…", digest.chars().take(12).collect::<String>())
        }
        carrier => carrier_in_words(carrier),
    };
    format!("{carrier}; time {}", time_in_words(approval.time_level))
}

/// How well a time is known.
pub(super) fn time_in_words(level: TimeLevel) -> &'static str {
    match level {
        TimeLevel::Claimed => "claimed by the signer's clock",
        TimeLevel::Ordered => "ordered by the history behind it",
        TimeLevel::Witnessed => "witnessed by a checkpoint kept outside",
    }
}

/// The verdict of a document as a cell.
pub(super) fn cell(facts: &Facts<'_>, artifact: ArtifactView<'_>) -> Cell {
    Cell::pieces(vec![piece(facts, artifact)])
}

/// The verdict of a document in words.
pub(super) fn piece(facts: &Facts<'_>, artifact: ArtifactView<'_>) -> Piece {
    match of(facts, artifact) {
        Some(standing) => Piece::toned(standing.in_words(facts), standing.tone()),
        None if facts.judged().is_none() => Piece::toned("not judged", Tone::Muted),
        None => Piece::toned("its id belongs to another document", Tone::Bad),
    }
}

/// A digest as people compare it, without the name of the method.
pub(super) fn hex(digest: &str) -> &str {
    digest.trim_start_matches("sha256:")
}
