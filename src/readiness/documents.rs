//! Where each document stands: approved, current, and why not.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Action, Evidence, Missing};
use crate::rules::approval::Standing;
use crate::rules::{Ctx, Verdict};
use crate::trust;
use crate::workspace::{ArtifactIx, ArtifactView};

/// Rules that find what a template left behind: a document they report is not finished.
pub(super) const UNFINISHED: [&str; 7] = [
    "bracket-placeholder",
    "empty-document",
    "organization-placeholder",
    "template-guidance",
    "to-do",
    "unchanged-template",
    "unfinished-text",
];

/// Whether a document is approved, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The history proves it.
    Proven,
    /// The trust policy asks for no approval, and its status says approved.
    NotRequired,
    /// Its status says so; nothing could be verified.
    Claimed,
    /// It is not, and why.
    No(String),
}

impl Approval {
    /// Approved, as far as can be told.
    #[must_use]
    pub fn holds(&self) -> bool {
        !matches!(self, Self::No(_))
    }

    /// `proven`, `not-required`, `claimed` or `no`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::NotRequired => "not-required",
            Self::Claimed => "claimed",
            Self::No(_) => "no",
        }
    }
}

/// Where one document stands.
#[derive(Clone, Debug)]
pub struct DocumentState {
    /// Its path and id.
    pub evidence: Evidence,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// Its approval.
    pub approval: Approval,
    /// When its next review is due.
    pub review_due: Option<Date>,
    /// A template's words or placeholders stand in it; then that comes first in `stale`.
    pub unfinished: bool,
    /// What keeps it from being current; empty when nothing does.
    pub stale: Vec<Missing>,
}

impl DocumentState {
    /// 1 present, 2 approved, 3 approved and current.
    #[must_use]
    pub fn step(&self) -> u8 {
        match (self.approval.holds(), self.stale.is_empty()) {
            (false, _) => 1,
            (true, false) => 2,
            (true, true) => 3,
        }
    }

    /// What the next steps are.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let id = &self.evidence.id;
        let approve = Action::new(format!("Have {id} approved ({})", self.title), format!("smsctl approve {id}"));
        let unapproved = match &self.approval {
            // What is unfinished is finished before it is approved.
            Approval::No(why) => {
                let action = Some(approve).filter(|_| !self.unfinished);
                Some(Missing::new(format!("{id} is not approved: {why}"), action))
            }
            _ => None,
        };
        self.stale.iter().cloned().chain(unapproved).collect()
    }
}

/// The state of every current artifact, by index; none for those out of use.
pub(super) fn all(ctx: &Ctx<'_>, verdict: &Verdict) -> Vec<Option<DocumentState>> {
    let unfinished = unfinished(ctx, verdict);
    let standing = |ix| ctx.standings().iter().find(|s| s.artifact == ix);
    let state = |a: ArtifactView<'_>| DocumentState {
        evidence: Evidence { path: a.path().to_owned(), id: named(a) },
        title: a.title().to_owned(),
        kind: a.kind().to_owned(),
        approval: approval(ctx, a, standing(a.ix)),
        review_due: a.review_due(),
        unfinished: unfinished.contains_key(&a.ix),
        stale: stale(ctx, a, unfinished.get(&a.ix).map(String::as_str)),
    };
    ctx.ws.artifacts().map(|a| a.is_current().then(|| state(a))).collect()
}

/// Its id; its path when it has none.
fn named(artifact: ArtifactView<'_>) -> String {
    let id = artifact.id();
    if id.is_empty() { artifact.path().to_owned() } else { id.to_owned() }
}

/// Artifacts with something left to fill in, and what: what the rules report, and any `TODO(`, even where a rule is
/// switched off or waived.
fn unfinished(ctx: &Ctx<'_>, verdict: &Verdict) -> BTreeMap<ArtifactIx, String> {
    let mut out = BTreeMap::new();
    for finding in verdict.findings.iter().filter(|f| UNFINISHED.contains(&f.rule.name)) {
        if let Some(artifact) = ctx.ws.artifact_of(finding.problem.span) {
            out.entry(artifact.ix).or_insert_with(|| finding.problem.message.clone());
        }
    }
    for artifact in ctx.ws.artifacts().filter(|a| a.text().contains("TODO(")) {
        out.entry(artifact.ix).or_insert_with(|| "a placeholder stands in it".to_owned());
    }
    out
}

fn approval(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, standing: Option<&Standing<'_>>) -> Approval {
    if !artifact.is_approved() {
        let status = artifact.status();
        let why = if status.is_empty() { "it has no status".to_owned() } else { format!("its status is {status}") };
        return Approval::No(why);
    }
    if ctx.judged().is_none() {
        return Approval::Claimed;
    }
    match standing.map(|s| &s.verdict) {
        Some(trust::Verdict::Approved(_)) => Approval::Proven,
        Some(trust::Verdict::NotRequired) => Approval::NotRequired,
        Some(other) => Approval::No(why_not(other)),
        None => Approval::No("its id belongs to another document".into()),
    }
}

fn why_not(verdict: &trust::Verdict<'_>) -> String {
    match verdict.word() {
        "pending" => "not everybody who must has approved it",
        "changed" => "its text changed since it was approved",
        "newer" => "an earlier version was approved, this one was not",
        "withdrawn" => "its approval was withdrawn",
        "lapsed" => "its approval lapsed",
        "invalid" => "its approval does not count",
        "unverifiable" => "its approval cannot be verified",
        "no-rule" => "the trust policy has no rule for it",
        _ => "nobody approved it",
    }
    .into()
}

fn stale(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, unfinished: Option<&str>) -> Vec<Missing> {
    let mut out = Vec::new();
    let (id, title) = (named(artifact), artifact.title());
    if let Some(why) = unfinished {
        let action = Action::new(format!("Finish {id} ({title})"), format!("smsctl check {}", artifact.path()));
        out.push(Missing::new(format!("{id} is not finished: {why}"), Some(action)));
    }
    if artifact.kind() == "register" && artifact.children().next().is_none() {
        let name = artifact.register().unwrap_or("register");
        let action = Action::new(format!("Enter what there is into {id} ({title})"), format!("smsctl explain {name}"));
        out.push(Missing::new(format!("{id} has no entries"), Some(action)));
    }
    match artifact.review_due() {
        Some(due) if due < ctx.today => {
            let action = Action::new(format!("Review {id} ({title})"), format!("smsctl record review {id}"));
            let action = Some(Action { overdue: true, ..action });
            out.push(Missing::new(format!("the review of {id} was due on {due}"), action));
        }
        None if is_reviewed(artifact.kind()) && artifact.is_approved() => {
            let action = Action::new(format!("Plan the review of {id} ({title})"), "smsctl explain review-overdue");
            out.push(Missing::new(format!("no review of {id} is planned"), Some(action)));
        }
        _ => {}
    }
    out
}

/// Records stand as they were made; everything else is reviewed.
fn is_reviewed(kind: &str) -> bool {
    !matches!(kind, "record" | "report" | "log" | "agenda")
}
