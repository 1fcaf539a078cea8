//! The summary: whether the system is ready for this stage, in numbers and in plain sentences.

use super::{table, titled};
use crate::finding::Severity;
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Target, Tone};
use crate::pack::facts::Facts;
use crate::pack::people::People;
use crate::pack::pieces::{self, count};
use crate::pack::standing;
use crate::readiness::{self, ConditionState, Counts, GateState, PartState};
use crate::report::full_sentence;
use crate::trust::Verdict;

/// Evidence of a condition that is named; the index by clause has the rest.
const NAMED: usize = 5;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "summary",
        "Summary",
        "Whether the service management system is ready for this stage, how much there is of it, and what is open.",
    );
    out.blocks.push(Block::Text(vec![verdict(facts)]));
    out.blocks.extend(gate(facts).map(|g| Block::Table(conditions(facts, g))));
    out.blocks.push(Block::Heading("In numbers".into()));
    out.blocks.push(Block::Table(numbers(facts)));
    out.blocks.push(Block::Heading("What is open".into()));
    out.blocks.push(Block::List(open(facts)));
    out
}

/// The gate of the stage; before a pre-audit, which has none, that of the first audit.
fn gate<'f>(facts: &Facts<'f>) -> Option<&'f GateState> {
    facts.readiness.gate(&facts.stage.id).or_else(|| facts.readiness.gate("stage-1"))
}

fn verdict(facts: &Facts<'_>) -> Piece {
    let Some(gate) = gate(facts) else {
        return Piece::toned(
            format!("For the stage {} there is no list of conditions.", facts.stage.title),
            Tone::Muted,
        );
    };
    let met = gate.conditions.iter().filter(|c| c.state == PartState::Met).count();
    let all = gate.conditions.len();
    let state = if gate.passed() { "is met" } else { "is not met yet" };
    let tone = if gate.passed() { Tone::Good } else { Tone::Bad };
    Piece::toned(format!("\u{201c}{}\u{201d} {state}: {met} of {all} conditions hold.", gate.title), tone)
}

fn conditions(facts: &Facts<'_>, gate: &GateState) -> Table {
    let columns = [("Condition", Form::Text), ("State", Form::Short), ("Met by", Form::Text), ("Missing", Form::Text)];
    let mut out = table("readiness", &gate.title, &columns, "The gate has no conditions.");
    let people = People::of(facts);
    out.rows = gate.conditions.iter().map(|c| condition(facts, &people, c)).collect();
    out
}

fn condition(facts: &Facts<'_>, people: &People, condition: &ConditionState) -> Vec<Cell> {
    let (word, tone) = match condition.state {
        PartState::Met => ("met", Tone::Good),
        PartState::Unmet => ("missing", Tone::Bad),
        PartState::Undecided => ("undecided", Tone::Attention),
    };
    let evidence = condition.evidence.iter().map(|e| pieces::evidence(facts.ws, e)).collect();
    let missing: Vec<String> = condition.missing.iter().map(|m| full_sentence(&people.without(&m.text))).collect();
    vec![
        Cell::text(full_sentence(&condition.text)),
        Cell::toned(word, tone),
        Cell::pieces(pieces::few(evidence, NAMED)),
        Cell::text(missing.join(" ")),
    ]
}

fn numbers(facts: &Facts<'_>) -> Table {
    let columns = [("What", Form::Text), ("Number", Form::Number), ("More in", Form::Text)];
    let mut out = table("numbers", "The system in numbers", &columns, "There is nothing to count.");
    let ws = facts.ws;
    let entries = |register: &'static str| readiness::entries(ws, register).count();
    let current = ws.artifacts().filter(|a| a.is_current()).count();
    let approved = ws.artifacts().filter(|a| a.is_current() && a.is_approved()).count();
    let proved = ws.artifacts().filter(|a| standing::of(facts, *a).is_some_and(|s| s.approved().is_some())).count();
    let clauses = Counts::of(facts.readiness.leaves().map(|c| c.verdict));
    let summary = facts.report.summary();
    let rows = [
        ("Documents in use", current, "document-register", "Document register"),
        ("Documents that call themselves approved", approved, "document-register", "Document register"),
        ("Documents whose approval is proved by signatures", proved, "approvals-register", "Approvals register"),
        ("Clauses", clauses.total(), "index-by-clause", "Index by clause"),
        ("Clauses answered", clauses.answered, "index-by-clause", "Index by clause"),
        ("Clauses answered in part", clauses.partly, "index-by-clause", "Index by clause"),
        ("Clauses not answered", clauses.open, "index-by-clause", "Index by clause"),
        ("Objectives", entries("objectives"), "objectives", "Objectives and results"),
        ("Nonconformities", entries("nonconformities"), "findings-and-actions", "Findings and corrective actions"),
        ("Errors found by the rules", summary.error, "validation", "Validation report"),
        ("Warnings", summary.warning, "validation", "Validation report"),
        ("Findings set aside", summary.waived + summary.baselined, "validation", "Validation report"),
    ];
    let row = |(what, n, section, title): (&str, usize, &str, &str)| {
        let number = f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let more = Piece::link(title, Target::Section(section.into()));
        vec![Cell::text(what), Cell::number(n.to_string(), number), pieces::cell(more)]
    };
    out.rows = rows.into_iter().map(row).collect();
    out
}

/// What is open, each in a sentence that leads on.
fn open(facts: &Facts<'_>) -> Vec<Vec<Piece>> {
    let counts = Counts::of(facts.readiness.leaves().map(|c| c.verdict));
    let errors = facts.report.findings.iter().filter(|f| f.severity == Severity::Error).count();
    let waived = facts.report.waived.len();
    let overdue = facts.readiness.due.iter().filter(|d| d.is_overdue()).count();
    let open = |e: &crate::workspace::EntityView<'_>| !readiness::is_ended(e.node()) && !e.has("closed_on");
    let ncs = readiness::entries(facts.ws, "nonconformities").filter(open).count();
    let unproved = unproved(facts);
    let lines = [
        (counts.open, "clause", "nothing answers", "index-by-clause"),
        (counts.partly, "clause", "answered only in part", "index-by-clause"),
        (unproved, "document", "called approved without an approval that holds", "approvals-register"),
        (ncs, "nonconformity", "not closed", "findings-and-actions"),
        (overdue, "duty", "whose day has passed", "certification"),
        (errors, "error", "reported by the rules", "validation"),
        (waived, "finding", "set aside", "validation"),
    ];
    let line = |(n, word, what, section): (usize, &str, &str, &str)| {
        vec![Piece::link(format!("{} {what}.", count(n, word)), Target::Section(section.into()))]
    };
    let mut out: Vec<Vec<Piece>> = lines.into_iter().filter(|(n, ..)| *n > 0).map(line).collect();
    out.extend(standing::not_judged(facts).map(|why| vec![Piece::toned(why, Tone::Attention)]));
    if out.is_empty() {
        out.push(vec![Piece::toned("Nothing that smsctl can see is open.", Tone::Good)]);
    }
    out
}

/// Documents that say approved and are not, when approvals were judged.
fn unproved(facts: &Facts<'_>) -> usize {
    let fails = |v: &Verdict<'_>| !v.passes();
    let claims = facts.ws.artifacts().filter(|a| a.is_current() && a.is_approved());
    claims.filter(|a| standing::of(facts, *a).is_some_and(|s| fails(&s.verdict))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn every_stage_tells_whether_it_is_ready() {
        sample::with("stage-2", false, |facts| {
            for stage in &facts.stages.stages {
                let out = section(&Facts { stage, since: None, commit: facts.commit.clone(), ..*facts });
                let out = super::super::tests::text(&out);
                assert!(out.contains("conditions hold."), "{}: {out}", stage.id);
                assert!(out.contains("Approvals were not judged: smsctl.toml says"), "{out}");
            }
        });
    }
}
