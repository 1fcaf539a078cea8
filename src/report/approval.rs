//! Approvals in words, shared by the reports that speak of them.

use serde_json::{Value, json};

use crate::rules::approval;
use crate::trust::{
    Approval, ApprovedVersion, Control, Ended, Judged, Pending, Requirement, Verdict, carrier_in_words, day,
};
use crate::workspace::{ArtifactView, Workspace};

/// Where a document stands.
pub struct Standing<'s> {
    /// Its control.
    pub control: Control,
    /// Its path.
    pub path: &'s str,
    /// The verdict about its text.
    pub verdict: Verdict<'s>,
    judged: &'s Judged,
}

/// Every document of a workspace with its verdict.
#[must_use]
pub fn standings<'s>(ws: &'s Workspace, judged: &'s Judged) -> Vec<Standing<'s>> {
    let of = |s: approval::Standing<'s>| shown(ws.artifact(s.artifact).path(), s, judged);
    approval::standings(ws, judged).into_iter().map(of).collect()
}

/// Where one document stands.
#[must_use]
pub fn standing<'s>(artifact: ArtifactView<'s>, judged: &'s Judged) -> Standing<'s> {
    shown(artifact.path(), approval::standing(artifact, judged), judged)
}

fn shown<'s>(path: &'s str, standing: approval::Standing<'s>, judged: &'s Judged) -> Standing<'s> {
    Standing { control: standing.control, path, verdict: standing.verdict, judged }
}

impl Standing<'_> {
    /// The front matter says approved.
    #[must_use]
    pub fn claims(&self) -> bool {
        self.control.status == "approved"
    }

    /// The version whose approval holds for this text.
    #[must_use]
    pub fn approved(&self) -> Option<&ApprovedVersion> {
        match &self.verdict {
            Verdict::Approved(version) => Some(version),
            _ => None,
        }
    }

    /// Whose approval is still needed, in words.
    #[must_use]
    pub fn needed(&self) -> String {
        match &self.verdict {
            Verdict::Approved(_) | Verdict::NotRequired => "nobody's".into(),
            Verdict::NoRule => "a rule in trust/policy.toml".into(),
            Verdict::Pending(p) => missing(self.judged, &self.control, &p.missing),
            Verdict::Changed(v) => {
                let who = missing(self.judged, &self.control, &self.judged.needs(&self.control));
                format!("a version above {}, then {who}", v.version)
            }
            _ => missing(self.judged, &self.control, &self.judged.needs(&self.control)),
        }
    }

    /// The verdict as a sentence without full stop.
    #[must_use]
    pub fn in_words(&self) -> String {
        let judged = self.judged;
        match &self.verdict {
            Verdict::Approved(v) => {
                format!("approved{} by {} on {}", v.how(), by(judged, v), day(v.on))
            }
            Verdict::NotRequired => "the trust policy asks for no approval".into(),
            Verdict::NoRule => format!("the trust policy has no rule for documents of kind {}", self.control.kind),
            Verdict::Pending(p) => pending(judged, p, &self.control),
            Verdict::Changed(v) => {
                format!("changed since version {} was approved by {} on {}", v.version, by(judged, v), day(v.on))
            }
            Verdict::Newer(v) => {
                format!("nobody approved this version; the last approved one is {} of {}", v.version, day(v.on))
            }
            Verdict::Ended(v) => ended(judged, v),
            Verdict::Invalid(list) | Verdict::Unverifiable(list) => {
                let reasons: Vec<&str> =
                    list.iter().filter_map(|a| a.reasons.first()).map(|r| r.message.as_str()).collect();
                format!("its approval does not count: {}", reasons.join("; "))
            }
            Verdict::Missing => "nobody approved it".into(),
        }
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let version = match &self.verdict {
            Verdict::Approved(v) | Verdict::Changed(v) | Verdict::Newer(v) | Verdict::Ended(v) => Some(*v),
            _ => None,
        };
        json!({
            "id": self.control.id, "path": self.path, "version": self.control.version, "status": self.control.status,
            "verdict": self.verdict.word(), "in_words": self.in_words(),
            "approved_version": version.map(|v| version_json(self.judged, v)),
        })
    }
}

/// Who approved a version: names with roles.
#[must_use]
pub fn by(judged: &Judged, version: &ApprovedVersion) -> String {
    approvers(judged, version).join(" and ")
}

/// Who approved a version, one by one: names with roles.
#[must_use]
pub fn approvers(judged: &Judged, version: &ApprovedVersion) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for approval in version.approvals.iter().filter_map(|ix| judged.approvals.get(*ix)) {
        let name = format!("{} ({})", signer(judged, approval), approval.statement.role);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The printed name of who signed, from the policy that judged it.
#[must_use]
pub fn signer(judged: &Judged, approval: &Approval) -> String {
    let person = approval.person.as_deref().unwrap_or(&approval.statement.signer);
    judged.chain.in_force(approval.position).policy.name(person).to_owned()
}

/// What is missing, in words: roles with the people who hold them today.
#[must_use]
pub fn missing(judged: &Judged, control: &Control, missing: &[Requirement]) -> String {
    let policy = judged.policy();
    let now = judged.chain.last().time;
    let one = |r: &Requirement| {
        let roles = crate::trust::policy::roles_for(&r.role, &control.owner, &control.approvers);
        let people: Vec<&str> = roles
            .iter()
            .flat_map(|role| policy.holders(role, now.max(role_time(judged, role))))
            .map(|p| policy.name(p))
            .collect();
        let who = if people.is_empty() { "held by nobody in the trust policy".to_owned() } else { people.join(", ") };
        let many = if r.min > 1 { format!("{} of ", r.min) } else { String::new() };
        format!("{many}{} ({who})", roles.join(" or "))
    };
    missing.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// The latest start of an assignment of a role: who holds it now, or will.
fn role_time(judged: &Judged, role: &str) -> jiff::Timestamp {
    let starts = judged.policy().assignments.iter().filter(|a| a.role == role).map(|a| a.from);
    starts.max().unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn pending(judged: &Judged, pending: &Pending, control: &Control) -> String {
    let mut have: Vec<String> =
        pending.approvals.iter().filter_map(|ix| judged.approvals.get(*ix)).map(|a| signer(judged, a)).collect();
    have.sort();
    have.dedup();
    let own = match pending.own_work.first() {
        Some(person) => format!("; {} changed the text and cannot approve it", judged.policy().name(person)),
        None if pending.authors.untraced => "; it is not known who wrote all of it, and authors are barred".into(),
        None => String::new(),
    };
    format!("approved by {}, still needed: {}{own}", have.join(", "), missing(judged, control, &pending.missing))
}

fn ended(judged: &Judged, version: &ApprovedVersion) -> String {
    let name = |person: &str| judged.policy().name(person).to_owned();
    match &version.ended {
        Some(Ended::Withdrawn { by, on }) => format!("its approval was withdrawn by {} on {}", name(by), day(*on)),
        Some(Ended::Compromised { person, key }) => {
            format!("its approval by {} lapsed: the key {key} was compromised", name(person))
        }
        _ => "the record of its approval is gone".into(),
    }
}

/// An approved version as JSON.
#[must_use]
pub fn version_json(judged: &Judged, version: &ApprovedVersion) -> Value {
    let approvals: Vec<Value> =
        version.approvals.iter().filter_map(|ix| judged.approvals.get(*ix)).map(|a| approval_json(judged, a)).collect();
    json!({
        "version": version.version, "digest": version.digest, "on": version.on.to_string(),
        "introduced": version.introduced.to_string(), "class": version.class, "editorial": version.harmless, "time": version.time_level,
        "separation": if version.authors.signed { "signed" } else { "claimed" },
        "authors": version.authors.persons, "unknown_authors": version.authors.unknown,
        "authors_untraced": version.authors.untraced,
        "ended": version.ended.as_ref().map(|_| ended(judged, version)),
        "approvals": approvals,
    })
}

/// An approval as JSON.
#[must_use]
pub fn approval_json(judged: &Judged, approval: &Approval) -> Value {
    let s = &approval.statement;
    json!({
        "artifact": s.artifact, "version": s.version, "digest": s.digest, "decision": s.decision, "meaning": s.meaning,
        "role": s.role, "person": approval.person, "name": signer(judged, approval),
        "key": approval.key.as_ref().map(|k| &k.0), "signed_at": s.signed_at.to_string(),
        "carrier": carrier_in_words(&approval.carrier), "introduced_by": approval.commit.to_string(),
        "introduced": approval.introduced.to_string(), "policy_serial": approval.judged_by.serial,
        "time": approval.time_level, "counts": approval.counts(), "reasons": approval.reasons,
    })
}
