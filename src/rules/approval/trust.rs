//! From the evaluation of the history to findings: its issues, and approvals that are present and do not count.

use std::collections::BTreeSet;

use super::Standing;
use crate::finding::{Problem, Severity};
use crate::rules::{Check, Ctx, Rule, find};
use crate::source::{FileId, Span};
use crate::trust::{Approval, Issue, Judged, NotJudged, Reason, carrier_in_words};
use crate::workspace::{EntityView, Workspace};

/// Everything that the evaluation found wrong, under the names of its rules.
#[must_use]
pub fn from_trust(ctx: &Ctx<'_>) -> Vec<Problem> {
    let Some(record) = ctx.record else { return Vec::new() };
    let mut out: Vec<Problem> = record.issues.iter().filter_map(|i| issue(ctx, i)).collect();
    if let Ok(judged) = &record.judged {
        ctx.standings.iter().for_each(|s| refused(ctx, judged, s, &mut out));
    }
    out
}

/// Whether a rule was decided although nothing can be judged: what is odd about the clone itself is seen in any case.
#[must_use]
pub fn looked_at(rule: &Rule, why_not: &NotJudged) -> bool {
    let (of_clone, of_policy) = (rule.name.starts_with("repo-"), rule.name.starts_with("trust-"));
    match why_not {
        NotJudged::NoRepository | NotJudged::HistoryNone => false,
        NotJudged::NoCommit | NotJudged::Incomplete | NotJudged::NoPolicy => of_clone,
        NotJudged::Broken => of_clone || of_policy,
    }
}

/// What other rules find in the files themselves (two documents with one id) is said by them.
fn issue(ctx: &Ctx<'_>, issue: &Issue) -> Option<Problem> {
    let rule = find(issue.code).filter(|r| matches!(r.check, Check::Trust))?;
    let span = place(ctx.ws, issue);
    // Where others approved the same text, the loss of one approval changes nothing.
    let made_good = issue.code == "key-compromised"
        && ctx.standings.iter().any(|s| issue.artifact.as_ref() == Some(&s.control.id) && s.verdict.passes());
    let severity = if made_good { Severity::Note } else { issue.severity };
    let mut problem = rule.problem(span, issue.message.clone()).help(issue.help.clone()).severity(severity);
    problem.subject.clone_from(&issue.artifact);
    Some(problem)
}

/// The bytes of the file an issue names, else the document it is about, else the SMS as a whole.
fn place(ws: &Workspace, issue: &Issue) -> Span {
    let file = issue.path.as_deref().and_then(|path| file(ws, path));
    if let Some(id) = file {
        let length = ws.sources.file(id).text.len();
        let (start, end) = issue.range.filter(|(_, end)| *end <= length).unwrap_or((0, 0));
        return Span::new(id, start, end);
    }
    let artifact = issue.artifact.as_deref().and_then(|id| ws.entity(id)).map(EntityView::artifact);
    artifact.map_or_else(|| ws.root_span(), |a| a.span_of("version"))
}

pub(super) fn file(ws: &Workspace, path: &str) -> Option<FileId> {
    let index = ws.sources.files().iter().position(|f| f.path == path)?;
    u32::try_from(index).ok().map(FileId)
}

fn refused(ctx: &Ctx<'_>, judged: &Judged, standing: &Standing<'_>, out: &mut Vec<Problem>) {
    // Both carriers of one approval fail for one reason: it is said once.
    let mut said: BTreeSet<(String, &str)> = BTreeSet::new();
    for approval in &standing.refused {
        let signer = approval.person.clone().unwrap_or_else(|| approval.statement.signer.clone());
        for reason in &approval.reasons {
            if said.insert((signer.clone(), reason.code)) {
                out.extend(refusal(ctx, judged, standing, approval, reason));
            }
        }
    }
}

fn refusal(
    ctx: &Ctx<'_>,
    judged: &Judged,
    standing: &Standing<'_>,
    approval: &Approval,
    reason: &Reason,
) -> Option<Problem> {
    let rule = find(reason.code)?;
    let artifact = standing.view(ctx.ws);
    let s = &approval.statement;
    let severity = match (standing.verdict.passes(), standing.claims_approval()) {
        (true, _) => Severity::Note,
        (false, true) => Severity::Error,
        (false, false) => Severity::Warning,
    };
    let by = approval.person.as_deref().unwrap_or(s.signer.as_str());
    let by = if by.is_empty() { String::new() } else { format!(" by {}", judged.policy().name(by)) };
    let (version, carrier) = (&s.version, carrier_in_words(&approval.carrier));
    let message =
        format!("the {}{by} of {} {version} does not count: {}", s.meaning.as_str(), s.artifact, reason.message);
    let help = if standing.verdict.passes() {
        format!("Others approved this text, so nothing has to be done. It is the {carrier}.")
    } else {
        let who = standing.who_may(judged, &judged.needs(&standing.control), super::moment(ctx));
        format!("It is the {carrier}. A good approval has to come from {who}: `smsctl approve {}`.", s.artifact)
    };
    Some(rule.problem(artifact.span_of("version"), message).help(help).severity(severity).subject(artifact.id()))
}
