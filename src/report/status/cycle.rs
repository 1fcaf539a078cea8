//! Where an SMS stands in the cycle of its certificate: for the summary, as a table, as JSON.

use serde_json::{Value, json};

use super::super::{Column, Table, one_line};
use super::{day, days_in_words};
use crate::readiness::{Certification, NextAudit, Readiness, TimingMark, TimingState};

/// What is said where no cycle is on record.
pub(super) const NONE: &str =
    "no certification cycle is on record: `smsctl explain certification` tells of the register";

/// Each date that must be kept with its state.
pub(super) fn table(readiness: &Readiness) -> Table {
    let mut table = Table::new(&[
        Column::firm("DATE"),
        Column::firm("STATE"),
        Column::firm("ON"),
        Column::soft("WHAT"),
        Column::soft("WHY"),
        Column::soft("RULE").dispensable(1),
    ]);
    for state in readiness.certification.iter().flat_map(|c| &c.timing) {
        let mark = state.mark.word().replace('-', " ");
        let cells = [state.id, &mark, &day(state.on), &state.title, &state.text, state.rule];
        table.row(&cells.map(str::to_owned));
    }
    table
}

/// Where the cycle stands, the next audit, and what is late, each on a line.
pub(super) fn lines(readiness: &Readiness) -> Vec<String> {
    let Some(cycle) = &readiness.certification else { return vec![NONE.to_owned()] };
    let body = if cycle.body.is_empty() { String::new() } else { format!(" ({})", cycle.body) };
    let mut out = vec![format!("{} {}{body}: {}", cycle.id, cycle.title, cycle.phase)];
    out.extend(cycle.next.as_ref().map(|next| format!("next: {}", next_in_words(next, readiness))));
    let late = |t: &&TimingState| matches!(t.mark, TimingMark::Overdue | TimingMark::NotMet);
    out.extend(cycle.timing.iter().filter(late).map(|t| {
        let on = t.on.map_or_else(String::new, |on| format!(" {on}"));
        format!("{} {}{on}: {} ({})", t.id, t.mark.word().replace('-', " "), t.text, t.title)
    }));
    out.iter().map(|line| one_line(line)).collect()
}

fn next_in_words(next: &NextAudit, readiness: &Readiness) -> String {
    let away = |on: jiff::civil::Date| days_in_words((on - readiness.today).get_days());
    let planned = match next.planned_on {
        Some(on) => format!("{on} ({})", away(on)),
        None => "no day is planned".to_owned(),
    };
    let rule = next.timing.map_or_else(String::new, |t| format!(", {t}"));
    let latest = next.latest.map_or_else(String::new, |on| format!("; last day {on} ({}{rule})", away(on)));
    let id = next.id.as_ref().map_or_else(String::new, |id| format!("{id} "));
    format!("{id}{}, {planned}{latest}", next.title)
}

/// The cycle as JSON; null when none is on record.
pub(super) fn json(cycle: Option<&Certification>) -> Value {
    cycle.map_or(Value::Null, |cycle| {
        json!({
            "id": cycle.id, "path": cycle.path, "title": cycle.title, "body": cycle.body, "status": cycle.status,
            "decided_on": cycle.decided_on.map(|d| d.to_string()), "expires_on": cycle.expires_on.map(|d| d.to_string()),
            "phase": cycle.phase, "next_audit": cycle.next.as_ref().map(next_json),
            "timing": cycle.timing.iter().map(timing_json).collect::<Vec<_>>(),
        })
    })
}

fn next_json(next: &NextAudit) -> Value {
    json!({
        "id": next.id, "stage": next.stage, "title": next.title, "planned_on": next.planned_on.map(|d| d.to_string()),
        "latest_on": next.latest.map(|d| d.to_string()), "timing": next.timing,
    })
}

fn timing_json(state: &TimingState) -> Value {
    json!({
        "id": state.id, "title": state.title, "state": state.mark.word(), "on": state.on.map(|d| d.to_string()),
        "text": state.text, "rule": state.rule,
    })
}
