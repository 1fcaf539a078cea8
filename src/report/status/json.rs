//! Readiness as JSON (`smsctl-status/1`).

use serde_json::{Value, json};

use super::super::due::duty_json;
use super::super::safe_json;
use super::{Status, cycle, day, part_word};
use crate::readiness::{
    Approval, ClauseState, DocumentState, Evidence, GateState, Missing, NextStep, Part, QuestionState, QuestionVerdict,
};
use crate::rules::evidence::ProgrammeGate;

/// Records and dates that are listed; more are counted.
const LISTED: usize = 10;

/// The whole of it, whatever sections were asked for.
#[must_use]
pub fn render(status: &Status<'_>) -> String {
    let readiness = status.readiness;
    let leaves: Vec<&ClauseState> = status.leaves().collect();
    let parents = readiness.clauses.iter().filter(|c| !c.is_leaf() && status.wants(&c.id));
    safe_json(&json!({
        "schema": "smsctl-status/1",
        "sms": sms(status),
        "approvals": {"judged": readiness.not_judged.is_none(), "reason": readiness.not_judged,
            "claims_accepted": readiness.claims_accepted},
        "summary": summary(status),
        "clauses": leaves.iter().map(|c| clause(c)).collect::<Vec<_>>(),
        "groups": parents.map(group).collect::<Vec<_>>(),
        "questions": readiness.questions.iter().map(question).collect::<Vec<_>>(),
        "gates": readiness.gates.iter().map(gate).collect::<Vec<_>>(),
        "certification": cycle::json(readiness.certification.as_ref()),
        "plan": readiness.plan.iter().map(plan).collect::<Vec<_>>(),
        "due": readiness.due.iter().take(LISTED).map(duty_json).collect::<Vec<_>>(),
        "next_steps": readiness.next.iter().map(step).collect::<Vec<_>>(),
        "unread": status.ws.broken_files(),
    }))
}

fn sms(status: &Status<'_>) -> Value {
    let config = &status.ws.config;
    json!({
        "organization": config.organization, "standard": config.standard, "root": status.root,
        "revision": status.ws.revision, "dirty": status.ws.dirty,
        "today": status.readiness.today.to_string(), "records_since": status.readiness.since.to_string(),
    })
}

fn summary(status: &Status<'_>) -> Value {
    let counts = status.counts();
    let of = |verdict| status.questions(verdict);
    let passed = status.readiness.gates.iter().filter(|g| g.passed()).map(|g| &g.id);
    json!({
        "clauses": {
            "answered": counts.answered, "partly": counts.partly, "open": counts.open, "total": counts.total(),
        },
        "questions": {
            "answered": of(QuestionVerdict::Answered), "needs_interview": of(QuestionVerdict::NeedsInterview),
            "partly": of(QuestionVerdict::Partly), "open": of(QuestionVerdict::Open),
            "total": status.readiness.questions.len(),
        },
        "gates_passed": passed.collect::<Vec<_>>(),
        "overdue": status.readiness.due.iter().filter(|d| d.is_overdue()).count(),
    })
}

fn clause(clause: &ClauseState) -> Value {
    let step = clause.step();
    json!({
        "id": clause.id, "name": clause.name, "verdict": clause.verdict.word(),
        "asks_for": {"document": clause.demanded.document, "record": clause.demanded.record},
        "steps": {
            "present": step >= 1, "approved": step >= 2, "current": step >= 3, "evidenced": clause.evidenced(),
        },
        "documents": clause.documents.iter().map(document).collect::<Vec<_>>(),
        "records": clause.records.iter().take(LISTED).map(|r| json!({
            "id": r.evidence.id, "path": r.evidence.path, "on": r.on.to_string(),
        })).collect::<Vec<_>>(),
        "records_total": clause.records.len(),
        "kept_elsewhere": clause.elsewhere.iter().map(place).collect::<Vec<_>>(),
        "missing": clause.missing.iter().map(missing).collect::<Vec<_>>(),
    })
}

fn document(document: &DocumentState) -> Value {
    let why = match &document.approval {
        Approval::No(why) => Some(why),
        _ => None,
    };
    json!({
        "id": document.evidence.id, "path": document.evidence.path, "title": document.title, "kind": document.kind,
        "approved": document.approval.holds(), "approval": document.approval.word(), "not_approved_because": why,
        "current": document.step() >= 3, "review_due": document.review_due.map(|d| d.to_string()),
        "not_current_because": document.stale.iter().map(|m| &m.text).collect::<Vec<_>>(),
    })
}

fn group(clause: &ClauseState) -> Value {
    json!({
        "id": clause.id, "name": clause.name, "verdict": clause.verdict.word(),
        "answered": clause.below.answered, "partly": clause.below.partly, "open": clause.below.open,
        "total": clause.below.total(),
    })
}

fn place(evidence: &Evidence) -> Value {
    json!({"id": evidence.id, "path": evidence.path})
}

fn missing(missing: &Missing) -> Value {
    let action = missing.action.as_ref();
    json!({
        "text": missing.text, "action": action.map(|a| &a.title), "command": action.map(|a| &a.command),
        "overdue": action.is_some_and(|a| a.overdue),
    })
}

fn question(state: &QuestionState) -> Value {
    let question = &state.question;
    let interview = Some(&question.interview).filter(|t| !t.is_empty());
    json!({
        "id": question.id, "area": question.area, "clauses": question.clauses, "question": question.question,
        "pass_criterion": question.pass_criterion, "verdict": state.verdict.word(),
        "parts": state.parts.iter().map(part).collect::<Vec<_>>(),
        "evidence": state.evidence().iter().map(place).collect::<Vec<_>>(),
        "missing": state.missing().into_iter().map(missing).collect::<Vec<_>>(),
        "interview": interview,
    })
}

fn part(part: &Part) -> Value {
    json!({
        "need": part.need, "state": part_word(part.state),
        "evidence": part.evidence.iter().map(place).collect::<Vec<_>>(),
        "missing": part.missing.iter().map(|m| &m.text).collect::<Vec<_>>(),
    })
}

fn gate(gate: &GateState) -> Value {
    let condition = |c: &crate::readiness::ConditionState| {
        json!({
            "id": c.id, "text": c.text, "state": part_word(c.state),
            "evidence": c.evidence.iter().map(place).collect::<Vec<_>>(),
            "missing": c.missing.iter().map(missing).collect::<Vec<_>>(),
        })
    };
    json!({
        "id": gate.id, "title": gate.title, "passes_when": gate.passes_when, "passed": gate.passed(),
        "conditions": gate.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn plan(gate: &ProgrammeGate) -> Value {
    let due_on = Some(day(gate.due_on)).filter(|d| !d.is_empty());
    let item = |(name, done): &(&str, bool)| json!({"name": name, "done": done});
    json!({
        "day": gate.day, "due_on": due_on, "done": gate.done(),
        "items": gate.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn step(step: &NextStep) -> Value {
    json!({
        "title": step.action.title, "command": step.action.command, "why": step.why, "overdue": step.action.overdue,
        "gate": step.gate, "clauses": step.clauses, "questions": step.questions,
    })
}
