//! Duties with their days, for people, spreadsheets and programs.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::status::days_in_words;
use super::{Column, Table, safe_json};
use crate::readiness::Duty;

/// Duties as a table.
#[must_use]
pub fn due_table(duties: &[Duty]) -> Table {
    let mut table = Table::new(&[
        Column::firm("DUE"),
        Column::firm("WHEN"),
        Column::firm("KIND").dispensable(2),
        Column::firm("ID"),
        Column::soft("TITLE"),
        Column::soft("OWNER").dispensable(1),
        Column::soft("PATH").dispensable(3),
    ]);
    for duty in duties {
        table.row(&[
            duty.on.to_string(),
            days_in_words(duty.days_left),
            duty.kind.to_owned(),
            duty.id.clone(),
            duty.title.clone(),
            duty.owner.clone(),
            duty.path.clone(),
        ]);
    }
    table
}

/// Duties as JSON (`smsctl-due/1`).
#[must_use]
pub fn due_json(duties: &[Duty], today: Date, until: Date, unread: &[&str]) -> String {
    safe_json(&json!({
        "schema": "smsctl-due/1", "today": today.to_string(), "until": until.to_string(),
        "overdue": duties.iter().filter(|d| d.is_overdue()).count(),
        "duties": duties.iter().map(duty_json).collect::<Vec<_>>(), "unread": unread,
    }))
}

/// One duty as JSON.
pub(super) fn duty_json(duty: &Duty) -> Value {
    json!({
        "on": duty.on.to_string(), "days_left": duty.days_left, "kind": duty.kind, "id": duty.id, "title": duty.title,
        "owner": Some(&duty.owner).filter(|o| !o.is_empty()), "path": duty.path, "field": duty.field,
        "rule": duty.rule,
    })
}
