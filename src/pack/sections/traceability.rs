//! The traceability matrix: from what a policy promises to what shows that it is kept.

use super::{table, titled};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Tone};
use crate::pack::facts::Facts;
use crate::pack::fields::target_in_words;
use crate::pack::pieces;
use crate::report::{coverage_line, title_of, value_of};
use crate::rules::objectives::figures::Target;
use crate::workspace::{CommitmentTrace, EntityView, MetricTrace, ObjectiveTrace};

const COLUMNS: [(&str, Form); 9] = [
    ("Policy", Form::Text),
    ("Commitment", Form::Text),
    ("Objective", Form::Text),
    ("Target", Form::Text),
    ("Measure", Form::Text),
    ("Newest result", Form::Text),
    ("Reached", Form::Short),
    ("Made good by", Form::Text),
    ("Evidence", Form::Text),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "traceability-matrix",
        "Traceability matrix",
        "Each commitment of a policy with the objectives set from it, their measures and results, the processes and \
         controls that make them good, and the evidence. What is missing is named.",
    );
    let matrix = facts.ws.matrix();
    out.blocks.push(Block::Text(vec![Piece::plain(coverage_line(matrix.coverage()))]));
    let why = "No current policy declares commitments.";
    let mut all = table("traceability-matrix", "From commitments to results", &COLUMNS, why);
    all.rows = matrix.commitments.iter().flat_map(rows).collect();
    out.blocks.push(Block::Table(all));
    out
}

fn rows(trace: &CommitmentTrace<'_>) -> Vec<Vec<Cell>> {
    let entity = trace.commitment.entity;
    let words = format!("{} {}", entity.id(), title_of(entity));
    let start =
        [pieces::cell(pieces::document(trace.policy)), pieces::cell(Piece::link(words.trim(), pieces::target(entity)))];
    if trace.objectives.is_empty() {
        let mut row = start.to_vec();
        row.push(pieces::gap("no objective"));
        row.resize(COLUMNS.len(), Cell::default());
        return vec![row];
    }
    trace.objectives.iter().flat_map(|o| objective(&start, o)).collect()
}

fn objective(start: &[Cell], trace: &ObjectiveTrace<'_>) -> Vec<Vec<Cell>> {
    let target = trace.objective.node().get("target");
    let said = target.and_then(|t| target_in_words(t).or_else(|| t.str("milestone").map(str::to_owned)));
    let row = |metric: Option<&MetricTrace<'_>>| {
        let mut out = start.to_vec();
        out.push(pieces::cell(pieces::named(trace.objective)));
        out.push(said.as_ref().map_or_else(|| pieces::gap("no target"), Cell::text));
        out.extend(measured(trace.objective, metric));
        out.push(linked(trace.controls.iter(), "no process or control"));
        out.push(evidence(trace, metric));
        out
    };
    if trace.metrics.is_empty() {
        return vec![row(None)];
    }
    trace.metrics.iter().map(|m| row(Some(m))).collect()
}

/// Measure, newest result, and whether it reaches the target.
fn measured(objective: EntityView<'_>, metric: Option<&MetricTrace<'_>>) -> [Cell; 3] {
    let Some(metric) = metric else { return [pieces::gap("no measure"), Cell::default(), Cell::default()] };
    let measure = pieces::cell(Piece::link(metric.metric.label(), pieces::target(metric.metric)));
    let Some(newest) = metric.newest else { return [measure, pieces::gap("no result"), Cell::default()] };
    let value = Piece::link(value_of(metric.metric, newest), pieces::target(newest));
    [measure, pieces::cell(value), reached(objective, metric.metric, newest)]
}

/// Whether a measurement reaches the target of the objective, or of the metric when the objective has none of its own.
pub(super) fn reached(objective: EntityView<'_>, metric: EntityView<'_>, measurement: EntityView<'_>) -> Cell {
    let target = Target::of(objective.node()).or_else(|| Target::of(metric.node()));
    match target.zip(measurement.node().number("value")) {
        Some((target, value)) if target.missed_by(value) => Cell::toned("no", Tone::Bad),
        Some(_) => Cell::toned("yes", Tone::Good),
        None => Cell::toned("cannot be told", Tone::Muted),
    }
}

fn linked<'e>(entities: impl Iterator<Item = &'e EntityView<'e>>, gap: &str) -> Cell {
    let found: Vec<Piece> = entities.map(|e| pieces::named(*e)).collect();
    if found.is_empty() { pieces::gap(gap) } else { Cell::pieces(found) }
}

fn evidence(trace: &ObjectiveTrace<'_>, metric: Option<&MetricTrace<'_>>) -> Cell {
    let mut found: Vec<Piece> = trace.evidence.iter().map(|e| pieces::named(*e)).collect();
    let measured = metric.and_then(|m| m.newest).and_then(|n| n.str("evidence_ref"));
    found.extend(measured.map(|text| pieces::maybe_id(trace.objective.ws, text)));
    if found.is_empty() { pieces::gap("no evidence") } else { Cell::pieces(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn a_commitment_leads_to_its_results() {
        sample::with("stage-2", false, |facts| {
            let out = super::super::tests::text(&section(facts));
            let row = out.lines().find(|l| l.contains("| PC-01 ")).unwrap();
            for words in ["SMS-POL-01", "OBJ-01", "at least 99.90 %", "in 2026-10", "PRO-01", "SMS-RPT-2026-10"] {
                assert!(row.contains(words), "{words}: {row}");
            }
        });
    }
}
