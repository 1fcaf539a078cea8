//! Traces as tables, trees and JSON.

use serde_json::{Value, json};

use super::register::place;
use super::{Column, Item, Table, safe_json};
use crate::workspace::{
    Branch, Commitment, CommitmentTrace, Coverage, EntityView, Mark, Matrix, MetricTrace, ObjectiveTrace, Trace,
};

fn gap(what: &str) -> String {
    format!("— no {what}")
}

/// The matrix, one row for each metric of each objective of each commitment; gaps are named.
#[must_use]
pub fn matrix_table(matrix: &Matrix<'_>) -> Table {
    let mut table = Table::new(&[
        Column::firm("POLICY").dispensable(1),
        Column::firm("COMMITMENT"),
        Column::soft("OBJECTIVE"),
        Column::soft("CONTROLS"),
        Column::soft("METRIC"),
        Column::soft("NEWEST"),
        Column::soft("EVIDENCE"),
    ]);
    for trace in &matrix.commitments {
        let start = [trace.policy.id().to_owned(), trace.commitment.id().to_owned()];
        if trace.objectives.is_empty() {
            let rest = [gap("objective"), String::new(), String::new(), String::new(), String::new()];
            table.row(&start.iter().cloned().chain(rest).collect::<Vec<_>>());
        }
        for objective in &trace.objectives {
            objective_rows(&mut table, &start, objective);
        }
    }
    table
}

fn objective_rows(table: &mut Table, start: &[String], trace: &ObjectiveTrace<'_>) {
    let controls = if trace.controls.is_empty() { gap("control") } else { ids(&trace.controls) };
    let title = format!("{} {}", trace.objective.id(), trace.objective.label());
    let front = || start.iter().cloned().chain([title.clone(), controls.clone()]);
    if trace.metrics.is_empty() {
        let evidence = if trace.evidence.is_empty() { gap("evidence") } else { ids(&trace.evidence) };
        table.row(&front().chain([gap("metric"), String::new(), evidence]).collect::<Vec<_>>());
    }
    for metric in &trace.metrics {
        let value = metric.newest.map_or_else(|| gap("measurement"), |m| value_of(metric.metric, m));
        let shown = evidence_of(trace, metric);
        let evidence = if shown.is_empty() { gap("evidence") } else { shown.join(", ") };
        table.row(&front().chain([metric.metric.id().to_owned(), value, evidence]).collect::<Vec<_>>());
    }
}

fn ids(entities: &[EntityView<'_>]) -> String {
    entities.iter().map(|e| e.id()).collect::<Vec<_>>().join(" ")
}

/// `99.95 % in 2026-10`.
pub(crate) fn value_of(metric: EntityView<'_>, measurement: EntityView<'_>) -> String {
    let value = measurement.str("value").unwrap_or("?");
    let unit = metric.str("unit").map_or_else(String::new, |u| format!(" {u}"));
    format!("{value}{unit} in {}", measurement.str("period").unwrap_or("?"))
}

fn evidence_of(trace: &ObjectiveTrace<'_>, metric: &MetricTrace<'_>) -> Vec<String> {
    let named = trace.evidence.iter().map(|e| e.id().to_owned());
    let measured = metric.newest.and_then(|m| m.str("evidence_ref")).map(str::to_owned);
    named.chain(measured).collect()
}

/// One line on how much of the matrix is filled.
#[must_use]
pub fn coverage_line(c: Coverage) -> String {
    format!(
        "Coverage: {} of {} commitments have an objective; of {} objectives {} have a control, {} a metric, {} a measurement, {} evidence.",
        c.with_objective,
        c.commitments,
        c.objectives,
        c.with_control,
        c.with_metric,
        c.with_measurement,
        c.with_evidence
    )
}

fn named(entity: EntityView<'_>) -> String {
    let title = title_of(entity);
    if title.is_empty() { entity.id().into() } else { format!("{} {title}", entity.id()) }
}

/// What people know an entity by: the words of a commitment, the title of others; empty when it has nothing but its id.
pub(crate) fn title_of(entity: EntityView<'_>) -> String {
    if entity.is("commitment") {
        let block = entity.artifact().commitment_block(entity.id());
        return words(Commitment { entity, block });
    }
    if entity.label() == entity.id() { String::new() } else { entity.label().to_owned() }
}

/// What ought to follow from an entity and does not.
fn gaps(entity: EntityView<'_>, below: &[Branch<'_>]) -> Vec<&'static str> {
    let lacks = |wanted: &&str| !below.iter().any(|b| b.entity.is(wanted));
    let wanted: &[&str] = match entity.kind() {
        _ if entity.is_retired() => &[],
        "commitment" => &["objective"],
        "objective" => &["metric"],
        "metric" => &["measurement"],
        _ => &[],
    };
    wanted.iter().copied().filter(lacks).collect()
}

fn below(entity: EntityView<'_>, branches: &[Branch<'_>], down: bool) -> Vec<Item> {
    let missing = if down { gaps(entity, branches) } else { Vec::new() };
    let items = branches.iter().map(|b| branch_item(b, down));
    items.chain(missing.into_iter().map(Item::gap)).collect()
}

fn words(commitment: Commitment<'_>) -> String {
    commitment.words(false).map_or_else(String::new, |w| w.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The matrix as nested items, one tree for each policy.
#[must_use]
pub fn matrix_items(matrix: &Matrix<'_>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for trace in &matrix.commitments {
        if out.last().is_none_or(|p| p.key != trace.policy.id()) {
            out.push(Item::new(trace.policy.id(), format!("{} {}", trace.policy.id(), trace.policy.title())));
        }
        if let Some(policy) = out.last_mut() {
            policy.children.push(commitment_item(trace));
        }
    }
    out
}

fn commitment_item(trace: &CommitmentTrace<'_>) -> Item {
    let id = trace.commitment.id();
    let mut item = Item::new(id, format!("{id} {}", words(trace.commitment)));
    item.children = trace.objectives.iter().map(objective_item).collect();
    if item.children.is_empty() {
        item.children.push(Item::gap("objective"));
    }
    item
}

fn objective_item(trace: &ObjectiveTrace<'_>) -> Item {
    let mut item = Item::new(trace.objective.id(), named(trace.objective));
    let controls = trace.controls.iter().map(|c| Item::new(c.id(), format!("{}: {}", c.kind(), named(*c))));
    item.children.extend(controls);
    if trace.controls.is_empty() {
        item.children.push(Item::gap("control"));
    }
    item.children.extend(trace.metrics.iter().map(metric_item));
    if trace.metrics.is_empty() {
        item.children.push(Item::gap("metric"));
    }
    item.children.extend(trace.evidence.iter().map(|e| Item::new(e.id(), format!("evidence: {}", named(*e)))));
    if !trace.has_evidence() {
        item.children.push(Item::gap("evidence"));
    }
    item
}

fn metric_item(trace: &MetricTrace<'_>) -> Item {
    let mut item = Item::new(trace.metric.id(), format!("metric: {}", named(trace.metric)));
    item.children.push(match trace.newest {
        None => Item::gap("measurement"),
        Some(newest) => {
            let evidence = newest.str("evidence_ref").map_or_else(String::new, |e| format!(" (evidence: {e})"));
            Item::new(newest.id(), format!("{} {}{evidence}", newest.id(), value_of(trace.metric, newest)))
        }
    });
    item
}

/// The matrix as JSON (`smsctl-trace/1`).
#[must_use]
pub fn matrix_json(matrix: &Matrix<'_>) -> String {
    let c = matrix.coverage();
    let commitments: Vec<Value> = matrix.commitments.iter().map(commitment_json).collect();
    safe_json(&json!({
        "schema": "smsctl-trace/1",
        "commitments": commitments,
        "coverage": {
            "commitments": c.commitments, "with_objective": c.with_objective, "objectives": c.objectives,
            "with_control": c.with_control, "with_metric": c.with_metric,
            "with_measurement": c.with_measurement, "with_evidence": c.with_evidence,
        },
    }))
}

fn commitment_json(trace: &CommitmentTrace<'_>) -> Value {
    json!({
        "policy": trace.policy.id(),
        "id": trace.commitment.id(),
        "element": trace.commitment.entity.str("element"),
        "words": words(trace.commitment),
        "objectives": trace.objectives.iter().map(objective_json).collect::<Vec<_>>(),
        "gaps": if trace.objectives.is_empty() { vec!["objective"] } else { vec![] },
    })
}

fn objective_json(trace: &ObjectiveTrace<'_>) -> Value {
    let missing = [
        ("control", trace.controls.is_empty()),
        ("metric", trace.metrics.is_empty()),
        ("measurement", !trace.is_measured()),
        ("evidence", !trace.has_evidence()),
    ];
    json!({
        "id": trace.objective.id(), "title": trace.objective.label(), "status": trace.objective.str("status"),
        "controls": trace.controls.iter().map(|e| entity_json(*e)).collect::<Vec<_>>(),
        "metrics": trace.metrics.iter().map(metric_json).collect::<Vec<_>>(),
        "evidence": trace.evidence.iter().map(|e| entity_json(*e)).collect::<Vec<_>>(),
        "gaps": missing.iter().filter(|(_, is)| *is).map(|(what, _)| *what).collect::<Vec<_>>(),
    })
}

fn metric_json(trace: &MetricTrace<'_>) -> Value {
    let newest = trace.newest.map(|m| {
        json!({
            "id": m.id(), "period": m.str("period"), "value": m.node().number("value"),
            "collected_on": m.str("collected_on"), "evidence": m.str("evidence_ref"),
        })
    });
    json!({"id": trace.metric.id(), "title": trace.metric.label(), "unit": trace.metric.str("unit"), "newest": newest})
}

fn entity_json(entity: EntityView<'_>) -> Value {
    json!({"id": entity.id(), "type": entity.kind(), "label": title_of(entity), "where": place(entity)})
}

fn remark(branch: &Branch<'_>) -> String {
    let mark = match branch.mark {
        Mark::Whole => "",
        Mark::Again => "… (shown above)",
        Mark::Cycle => "↻ (leads back)",
        Mark::Deeper => "… (more with a larger --depth)",
        Mark::Hub => "… (goes on: trace it)",
    };
    let older = if branch.older > 0 { format!("and {} older", branch.older) } else { String::new() };
    [mark, older.as_str()].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn branch_item(branch: &Branch<'_>, down: bool) -> Item {
    let via = if branch.via.is_empty() { String::new() } else { format!(" by {}", branch.via.join(", ")) };
    let entity = branch.entity;
    let value = entity.is("measurement").then(|| {
        let metric = entity.refs("metric").next();
        metric.map_or_else(String::new, |m| format!(": {}", value_of(m, entity)))
    });
    let text = format!("{}{} [{}{via}]", named(entity), value.unwrap_or_default(), entity.kind());
    let children = below(entity, &branch.children, down && branch.mark == Mark::Whole);
    Item { key: entity.id().into(), text, remark: remark(branch), gap: false, children }
}

/// The two sides of a trace: what it follows from, what follows from it.
#[must_use]
pub fn trace_items(trace: &Trace<'_>) -> (Item, Item) {
    let root = || Item::new(trace.root.id(), format!("{} [{}]", named(trace.root), trace.root.kind()));
    let with = |branches: &[Branch<'_>], down| Item { children: below(trace.root, branches, down), ..root() };
    (with(&trace.follows_from, false), with(&trace.leads_to, true))
}

/// A trace as rows.
#[must_use]
pub fn trace_table(trace: &Trace<'_>) -> Table {
    let mut table = Table::new(&[
        Column::firm("SIDE"),
        Column::firm("STEP"),
        Column::firm("TYPE"),
        Column::firm("ID"),
        Column::soft("LABEL"),
        Column::soft("BY").dispensable(1),
        Column::soft("WHERE").dispensable(2),
        Column::soft("REMARK"),
    ]);
    let root = trace.root;
    table.row(&[
        "self".into(),
        "0".into(),
        root.kind().into(),
        root.id().into(),
        title_of(root),
        String::new(),
        place(root),
        String::new(),
    ]);
    rows(&mut table, "follows from", 1, &trace.follows_from);
    rows(&mut table, "leads to", 1, &trace.leads_to);
    table
}

fn rows(table: &mut Table, side: &str, step: usize, branches: &[Branch<'_>]) {
    for branch in branches {
        let e = branch.entity;
        table.row(&[
            side.into(),
            step.to_string(),
            e.kind().into(),
            e.id().into(),
            title_of(e),
            branch.via.join(" "),
            place(e),
            remark(branch),
        ]);
        rows(table, side, step + 1, &branch.children);
    }
}

/// A trace as JSON (`smsctl-trace/1`).
#[must_use]
pub fn trace_json(trace: &Trace<'_>) -> String {
    let side = |branches: &[Branch<'_>], down| branches.iter().map(|b| branch_json(b, down)).collect::<Vec<_>>();
    safe_json(&json!({
        "schema": "smsctl-trace/1",
        "entity": entity_json(trace.root),
        "follows_from": side(&trace.follows_from, false),
        "leads_to": side(&trace.leads_to, true),
        "gaps": gaps(trace.root, &trace.leads_to),
    }))
}

fn branch_json(branch: &Branch<'_>, down: bool) -> Value {
    let mut value = entity_json(branch.entity);
    value["by"] = json!(branch.via);
    value["cut"] = match branch.mark {
        Mark::Whole => Value::Null,
        Mark::Again => json!("shown-above"),
        Mark::Cycle => json!("cycle"),
        Mark::Deeper => json!("depth"),
        Mark::Hub => json!("hub"),
    };
    value["older"] = json!(branch.older);
    let whole = down && branch.mark == Mark::Whole;
    value["gaps"] = json!(if whole { gaps(branch.entity, &branch.children) } else { Vec::new() });
    value["children"] = branch.children.iter().map(|b| branch_json(b, down)).collect();
    value
}
