//! Kinds and registers: what their fields are, from the shape of the schema.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Topic, list};
use crate::schema::{Form, Schema, SchemaSet, Shape};

pub(super) fn kind(name: &str, schemas: &SchemaSet) -> Option<Topic> {
    let name = schemas.kinds().find(|k| k.to_lowercase() == name)?.to_owned();
    let schema = schemas.kind(&name)?;
    let mut page = opening("kind", &name, schema);
    sections(&mut page, schema);
    page.push_str("## Fields\n\n");
    fields(&mut page, &schema.shape, 0);
    Some(topic("kind", name, page, &schema.shape))
}

pub(super) fn register(name: &str, schemas: &SchemaSet) -> Option<Topic> {
    let name = schemas.registers().find(|r| r.to_lowercase() == name)?.to_owned();
    let (whole, entry) = (schemas.register(&name)?, schemas.entry(&name)?);
    let mut page = opening("register", &name, whole);
    if let Some(entity) = &entry.shape.entity {
        let prefix = list(entry.shape.id_prefix.iter().map(|p| format!("`{p}-…`")));
        let ids = if prefix.is_empty() { String::new() } else { format!(", its id reads {prefix}") };
        let _ = writeln!(page, "Each entry is one entity of type `{entity}`{ids}.\n");
    }
    page.push_str("## Fields of an entry\n\n");
    fields(&mut page, &entry.shape, 0);
    page.push_str("\n## Fields of the document\n\n");
    fields(&mut page, &whole.shape, 0);
    let mut topic = topic("register", name, page, &whole.shape);
    topic.json["entry"] = fields_json(&entry.shape);
    Some(topic)
}

fn opening(what: &str, name: &str, schema: &Schema) -> String {
    let title = schema.annotation("title").and_then(Value::as_str).unwrap_or(name);
    format!("# {title}: {what} `{name}`\n\n{}\n\n", schema.shape.description)
}

fn sections(page: &mut String, schema: &Schema) {
    let Some(wanted) = schema.annotation("x-sections").and_then(Value::as_array) else { return };
    page.push_str("## Sections, in this order\n\n");
    for section in wanted {
        let titles: Vec<&str> = match section {
            Value::Array(titles) => titles.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect(),
        };
        let _ = writeln!(page, "- {}", titles.join(" or "));
    }
    page.push('\n');
}

fn topic(what: &'static str, name: String, page: String, shape: &Shape) -> Topic {
    let json = json!({"what": what, "name": name, "description": shape.description, "fields": fields_json(shape)});
    Topic { what, name, page, json }
}

/// One list item a field, those of objects below it. Entries of a register have a chapter of their own.
fn fields(page: &mut String, shape: &Shape, depth: usize) {
    let Form::Object { fields: own, required, .. } = &shape.form else { return };
    for (name, field) in own.iter().filter(|(n, _)| !(depth == 0 && n == "entries")) {
        let must = if required.contains(name) { ", required" } else { "" };
        let indent = "  ".repeat(depth);
        let _ = write!(page, "{indent}- `{name}` ({}{must}): {}", type_of(field), field.description);
        if let Some(example) = &field.example {
            let _ = write!(page, " Example: `{example}`");
        }
        page.push('\n');
        fields(page, field.item().unwrap_or(field), depth + 1);
    }
}

fn fields_json(shape: &Shape) -> Value {
    let Form::Object { fields, required, .. } = &shape.form else { return json!([]) };
    let field = |(name, field): &(String, Shape)| {
        let inner = field.item().unwrap_or(field);
        json!({
            "name": name, "type": type_of(field), "required": required.contains(name),
            "description": field.description, "refers_to": inner.refs.to_vec(),
            "choices": inner.choices.to_vec(), "example": field.example, "fields": fields_json(inner),
        })
    };
    fields.iter().map(field).collect()
}

fn type_of(shape: &Shape) -> String {
    match &shape.form {
        Form::List(item) => format!("list of {}", type_of(item)),
        Form::Object { .. } => "fields".into(),
        Form::Number => "number".into(),
        Form::Bool => "true or false".into(),
        Form::Any => "anything".into(),
        Form::Text if !shape.refs.is_empty() => format!("id of {}", list(shape.refs.iter().map(|r| target(r)))),
        Form::Text if !shape.choices.is_empty() => format!("one of {}", list(shape.choices.iter().cloned())),
        Form::Text if shape.date => "date".into(),
        Form::Text => "text".into(),
    }
}

fn target(reference: &str) -> String {
    match reference.strip_prefix("artifact:") {
        Some(kind) => format!("{kind} document"),
        None if reference == "any" => "anything".into(),
        None => reference.replace('-', " "),
    }
}
