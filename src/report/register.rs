//! The document register and the list of entities as tables and JSON.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::approval::{approvers, standing};
use super::{Column, Table, safe_json};
use crate::trust::Judged;
use crate::workspace::{ArtifactView, Cell, ComputedTable, EntityView, Workspace};

/// The document register. Who approved each document, and when, stands there when the history was judged.
#[must_use]
pub fn documents_table(documents: &[ArtifactView<'_>], judged: Option<&Judged>) -> Table {
    let mut columns = vec![
        Column::firm("ID"),
        Column::firm("KIND").dispensable(1),
        Column::soft("TITLE"),
        Column::firm("VERSION"),
        Column::firm("STATUS"),
        Column::soft("OWNER").dispensable(2),
        Column::firm("EFFECTIVE ON").dispensable(4),
        Column::firm("NEXT REVIEW"),
        Column::soft("CLAUSES").dispensable(5),
        Column::soft("PATH").dispensable(3),
    ];
    if judged.is_some() {
        columns.push(Column::soft("APPROVAL").dispensable(6));
    }
    let mut table = Table::new(&columns);
    for document in documents {
        let text = |field: &str| document.front().str(field).unwrap_or_default().to_owned();
        let mut row = vec![
            text("id"),
            text("kind"),
            text("title"),
            text("version"),
            text("status"),
            text("owner"),
            day(document.front().date("effective_on")),
            day(document.review_due()),
            document.clauses().join(" "),
            document.path().to_owned(),
        ];
        row.extend(judged.map(|judged| standing(*document, judged).in_words()));
        table.row(&row);
    }
    table
}

/// Documents whose text is not approved, with whose approval they need.
#[must_use]
pub fn needs_table(documents: &[ArtifactView<'_>], judged: &Judged) -> Table {
    let mut table = Table::new(&[
        Column::firm("ID"),
        Column::soft("TITLE").dispensable(1),
        Column::firm("VERSION"),
        Column::firm("STATUS"),
        Column::soft("NEEDS"),
        Column::soft("WHY").dispensable(2),
    ]);
    for document in documents {
        let standing = standing(*document, judged);
        table.row(&[
            document.id().to_owned(),
            document.title().to_owned(),
            document.version().to_owned(),
            document.status().to_owned(),
            standing.needed(),
            standing.in_words(),
        ]);
    }
    table
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(String::new, |d| d.to_string())
}

/// The document register as JSON (`smsctl-list/1`).
#[must_use]
pub fn documents_json(documents: &[ArtifactView<'_>], ws: &Workspace, judged: Option<&Judged>) -> String {
    let rows: Vec<Value> = documents
        .iter()
        .map(|d| {
            let text = |field: &str| d.front().str(field);
            let mut row = json!({
                "id": text("id"), "kind": d.kind(), "register": d.register(), "title": text("title"),
                "version": text("version"), "status": text("status"), "owner": text("owner"),
                "effective_on": d.front().date("effective_on").map(|d| d.to_string()),
                "next_review": d.review_due().map(|d| d.to_string()),
                "clauses": d.clauses(), "path": d.path(),
            });
            if let (Some(judged), Some(row)) = (judged, row.as_object_mut()) {
                let standing = standing(*d, judged);
                let approved = standing.approved();
                row.insert(
                    "needs".into(),
                    json!(if standing.verdict.passes() { None } else { Some(standing.needed()) }),
                );
                row.insert("approval".into(), json!(standing.verdict.word()));
                row.insert("approved_on".into(), json!(approved.map(|v| crate::trust::day(v.on))));
                row.insert("approved_by".into(), json!(approved.map(|v| approvers(judged, v)).unwrap_or_default()));
            }
            row
        })
        .collect();
    safe_json(&json!({"schema": "smsctl-list/1", "documents": rows, "unread": ws.broken_files()}))
}

/// A computed table for a terminal or a spreadsheet.
#[must_use]
pub fn computed_table(computed: &ComputedTable) -> Table {
    let columns: Vec<Column> = computed.head.iter().enumerate().map(|(n, head)| computed_column(n, head)).collect();
    let mut table = Table::new(&columns);
    for row in &computed.rows {
        table.row(&row.iter().map(Cell::words).collect::<Vec<_>>());
    }
    table
}

/// The first two columns stay, the last goes first when there is no room.
fn computed_column(index: usize, head: &str) -> Column {
    let column = if index == 0 { Column::firm(head.to_uppercase()) } else { Column::soft(head.to_uppercase()) };
    column.dispensable(u8::try_from(index.saturating_sub(1)).unwrap_or(u8::MAX))
}

/// A computed table as JSON (`smsctl-list/1`): a row is an object of its columns; where a cell leads stands in `paths`.
#[must_use]
pub fn computed_json(computed: &ComputedTable) -> String {
    let name = |head: &str| head.to_lowercase().replace(' ', "_").replace('.', "");
    let row = |cells: &Vec<Cell>| {
        let mut out = serde_json::Map::new();
        for (head, cell) in computed.head.iter().zip(cells) {
            out.insert(name(head), json!(cell.words()));
        }
        let paths: Vec<&str> = cells.iter().flat_map(Cell::paths).collect();
        out.insert("paths".into(), json!(paths));
        Value::Object(out)
    };
    let rows: Vec<Value> = computed.rows.iter().map(row).collect();
    safe_json(&json!({"schema": "smsctl-list/1", "rows": rows}))
}

/// All entities with where they stand.
#[must_use]
pub fn entities_table(entities: &[EntityView<'_>]) -> Table {
    let mut table =
        Table::new(&[Column::firm("TYPE"), Column::firm("ID"), Column::soft("LABEL"), Column::soft("WHERE")]);
    for entity in entities {
        table.row(&[entity.kind().into(), entity.id().into(), entity.label().into(), place(*entity)]);
    }
    table
}

/// `path:line` of an entity.
pub(super) fn place(entity: EntityView<'_>) -> String {
    let file = entity.ws.sources.file(entity.span().file);
    format!("{}:{}", file.path, file.position(entity.span().start as usize).line)
}

/// All entities as JSON (`smsctl-list/1`).
#[must_use]
pub fn entities_json(entities: &[EntityView<'_>], ws: &Workspace) -> String {
    let rows: Vec<Value> = entities
        .iter()
        .map(|e| {
            let file = ws.sources.file(e.span().file);
            json!({
                "id": e.id(), "type": e.kind(), "label": e.label(), "status": e.str("status"),
                "document": e.artifact().id(), "path": file.path,
                "line": file.position(e.span().start as usize).line,
            })
        })
        .collect();
    safe_json(&json!({"schema": "smsctl-list/1", "entities": rows, "unread": ws.broken_files()}))
}
