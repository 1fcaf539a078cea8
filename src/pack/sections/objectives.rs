//! Objectives with their results: the figures, whether they reach the target, and how they went.

use super::traceability::reached;
use super::{due_cell, table, titled};
use crate::pack::book::{Block, Cell, Chart, Form, Piece, Section, Table};
use crate::pack::facts::Facts;
use crate::pack::fields::target_in_words;
use crate::pack::pieces::{self, count};
use crate::readiness;
use crate::report::value_of;
use crate::rules::objectives::figures::{Target, Value, values_of};
use crate::workspace::EntityView;

const COLUMNS: [(&str, Form); 12] = [
    ("Id", Form::Short),
    ("Objective", Form::Text),
    ("Commitments", Form::Text),
    ("Target", Form::Text),
    ("Starting point", Form::Text),
    ("Newest results", Form::Text),
    ("Reached", Form::Short),
    ("Owner", Form::Text),
    ("Due", Form::Date),
    ("Reviewed on", Form::Date),
    ("Status", Form::Short),
    ("Actions", Form::Text),
];

/// Results that are told one by one; the chart shows all.
const NEWEST: usize = 3;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "objectives",
        "Objectives and results",
        "What the organization set out to reach, what was measured, and whether it was reached. Each chart shows every \
         result there is.",
    );
    let found: Vec<EntityView<'_>> = readiness::entries(facts.ws, "objectives").collect();
    out.blocks.push(Block::Table(all(facts, &found)));
    for objective in found {
        charts(objective, &mut out.blocks);
    }
    out
}

fn all(facts: &Facts<'_>, objectives: &[EntityView<'_>]) -> Table {
    let mut out = table("objectives", "Objectives", &COLUMNS, "There is no objective in the register of objectives.");
    out.rows = objectives.iter().map(|o| row(facts, *o)).collect();
    out
}

fn row(facts: &Facts<'_>, objective: EntityView<'_>) -> Vec<Cell> {
    let metric = metric(objective);
    let values = metric.map(values_of).unwrap_or_default();
    let newest = values.last();
    let named = |field: &'static str| Cell::pieces(objective.refs(field).map(pieces::named).collect());
    vec![
        pieces::cell(pieces::id(objective)),
        Cell::text(objective.label()),
        named("commitment_refs"),
        aim(objective).map_or_else(|| pieces::gap("no target"), Cell::text),
        Cell::text(start(objective)),
        results(metric, &values),
        metric.zip(newest).map_or_else(|| pieces::gap("not measured"), |(m, v)| reached(objective, m, v.entity)),
        pieces::cell(pieces::role(facts, objective.str("owner").unwrap_or_default())),
        due(facts, objective),
        Cell::date(objective.date("last_reviewed_on")),
        Cell::text(objective.str("status").unwrap_or_default()),
        named("action_refs"),
    ]
}

/// Of an objective that was reached or dropped nothing is overdue.
fn due(facts: &Facts<'_>, objective: EntityView<'_>) -> Cell {
    let on = objective.date("due_on");
    if readiness::is_ended(objective.node()) { Cell::date(on) } else { due_cell(facts, on) }
}

fn metric(objective: EntityView<'_>) -> Option<EntityView<'_>> {
    objective.refs("metric_ref").next().or_else(|| objective.referrers_by("metric", "objective_refs").next())
}

fn unit<'a>(objective: EntityView<'a>, metric: Option<EntityView<'a>>) -> &'a str {
    objective.str("unit").or_else(|| metric?.str("unit")).unwrap_or_default()
}

fn aim(objective: EntityView<'_>) -> Option<String> {
    let target = objective.node().get("target")?;
    target_in_words(target).or_else(|| target.str("milestone").map(str::to_owned))
}

fn start(objective: EntityView<'_>) -> String {
    let Some(baseline) = objective.node().get("baseline") else { return String::new() };
    let on = baseline.str("on").map_or_else(String::new, |d| format!(" on {d}"));
    let unit = unit(objective, metric(objective));
    baseline.str("value").map_or_else(String::new, |v| format!("{v} {unit}{on}"))
}

fn results(metric: Option<EntityView<'_>>, values: &[Value<'_>]) -> Cell {
    let Some(metric) = metric.filter(|_| !values.is_empty()) else { return pieces::gap("no result") };
    let newest = values.iter().rev().take(NEWEST);
    Cell::pieces(newest.map(|v| Piece::link(value_of(metric, v.entity), pieces::target(v.entity))).collect())
}

fn charts(objective: EntityView<'_>, blocks: &mut Vec<Block>) {
    let Some(metric) = metric(objective) else { return };
    let values = values_of(metric);
    if values.is_empty() {
        return;
    }
    blocks.push(Block::Heading(format!("{} {}", objective.id(), objective.label())));
    let statement = objective.str("statement").unwrap_or_default();
    blocks.extend((!statement.is_empty()).then(|| Block::Text(vec![Piece::plain(statement)])));
    blocks.push(Block::Chart(chart(objective, metric, &values)));
}

fn chart(objective: EntityView<'_>, metric: EntityView<'_>, values: &[Value<'_>]) -> Chart {
    let unit = unit(objective, Some(metric));
    let node = objective.node();
    // A range has no one value to draw; it is told in words.
    let line = node.get("target").filter(|t| t.str("comparator") != Some("range")).and_then(|t| t.number("value"));
    Chart {
        title: metric.label().to_owned(),
        unit: unit.to_owned(),
        target: line.map(|value| (value, aim(objective).unwrap_or_default())),
        series: values.iter().map(|v| (period(v).to_owned(), v.number)).collect(),
        description: described(objective, metric, values),
    }
}

fn period<'a>(value: &Value<'a>) -> &'a str {
    value.entity.str("period").unwrap_or_default()
}

/// The chart in a sentence: how many results, from when to when, the newest, how many reached the target.
fn described(objective: EntityView<'_>, metric: EntityView<'_>, values: &[Value<'_>]) -> String {
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return String::new() };
    let span = if values.len() == 1 {
        format!("One result, {}", value_of(metric, last.entity))
    } else {
        let all = count(values.len(), "result");
        format!("{all} from {} to {}, the newest {}", period(first), period(last), value_of(metric, last.entity))
    };
    let target = Target::of(objective.node()).or_else(|| Target::of(metric.node()));
    let met = target.map(|t| values.iter().filter(|v| !t.missed_by(v.number)).count());
    let aim = aim(objective).map_or_else(String::new, |a| format!(" ({a})"));
    let reached = met.map_or_else(String::new, |n| format!("; {n} of {} reach the target{aim}", values.len()));
    format!("{span}{reached}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn each_measured_objective_has_its_results_and_a_chart() {
        sample::with("stage-2", false, |facts| {
            let out = section(facts);
            let charts: Vec<&Chart> =
                out.blocks.iter().filter_map(|b| if let Block::Chart(c) = b { Some(c) } else { None }).collect();
            assert!(charts.len() >= 8, "{}", charts.len());
            let first = charts[0];
            assert_eq!(first.target, Some((99.90, "at least 99.90 %, over 1 month".into())));
            assert_eq!(first.series.last().unwrap().0, "2026-10");
            assert!(first.description.contains(" reach the target (at least 99.90 %"), "{}", first.description);
            let text = super::super::tests::text(&out);
            let row = text.lines().find(|l| l.starts_with("OBJ-01 |")).unwrap();
            assert!(row.contains("in 2026-10, ") && row.contains("Service owner"), "{row}");
        });
    }
}
