//! From a JSON Schema error to a sentence for people, at the very field.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::shape::{Form, Shape};
use crate::document::{Data, Node, Step};
use crate::finding::{Problem, did_you_mean};
use crate::source::Span;

/// Turns one validation error into problems; none when a field still waits to be filled in (`TODO(…)`).
pub(super) fn problems(
    error: &jsonschema::ValidationError<'_>,
    node: &Node,
    shape: &Shape,
    schema: &Value,
    out: &mut Vec<Problem>,
) {
    let path = steps(error.instance_path().as_str());
    let (target, field) = locate(node, shape, &path);
    if target.as_str().is_some_and(is_to_do) {
        return;
    }
    let at = name(&path);
    match error.kind() {
        Kind::Required { property } => {
            let why = condition(error, schema);
            out.push(missing(property.as_str().unwrap_or_default(), target, field, &at, why));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            out.extend(unexpected.iter().map(|key| unknown(key, target, field, &at)));
        }
        kind => out.push(invalid(kind, target, field, &at)),
    }
}

/// Whether a value is a placeholder that the organization still has to fill in.
#[must_use]
pub fn is_to_do(text: &str) -> bool {
    text.contains("TODO(")
}

fn steps(pointer: &str) -> Vec<Step> {
    let parts = pointer.split('/').skip(1);
    parts
        .map(|part| match part.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key(part.replace("~1", "/").replace("~0", "~").into()),
        })
        .collect()
}

/// Walks as far as the path leads. A numeric key is a key after all when a map stands there.
fn locate<'a>(node: &'a Node, shape: &'a Shape, path: &[Step]) -> (&'a Node, Option<&'a Shape>) {
    let (mut node, mut shape) = (node, Some(shape));
    for step in path {
        let next = match (step, &node.data) {
            (Step::Index(i), Data::Map(_)) => node.field(&i.to_string()).map(|f| &f.value),
            (Step::Index(i), _) => node.items().get(*i),
            (Step::Key(key), _) => node.field(key).map(|f| &f.value),
        };
        let Some(next) = next else { break };
        shape = shape.and_then(|s| match step {
            Step::Key(key) => s.field(key),
            Step::Index(_) => s.item(),
        });
        node = next;
    }
    (node, shape)
}

/// `plan.due_on` of the path's field names; a place in a list is said by the span.
fn name(path: &[Step]) -> String {
    let keys = path.iter().filter_map(|s| match s {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    });
    keys.filter(|k| !matches!(*k, "entries" | "entry")).collect::<Vec<_>>().join(".")
}

fn join(at: &str, field: &str) -> String {
    if at.is_empty() { field.to_owned() } else { format!("{at}.{field}") }
}

/// The sentence of a conditional part: why a field is needed just here.
fn condition(error: &jsonschema::ValidationError<'_>, schema: &Value) -> Option<String> {
    let pointer = error.schema_path().as_str();
    let (parent, _) = pointer.rsplit_once('/')?;
    let in_branch = parent.ends_with("/then") || parent.ends_with("/else");
    let description = schema.pointer(parent)?.get("description")?.as_str()?;
    in_branch.then(|| description.to_owned())
}

/// An object is pointed at by its id or first field: a whole entry underlined tells nobody where to look.
fn anchor(node: &Node) -> Span {
    match &node.data {
        Data::Map(fields) => {
            let id = fields.iter().find(|f| &*f.key == "id").or_else(|| fields.first());
            id.map_or(node.span, |f| if f.value.as_str().is_some() { f.value.span } else { f.key_span })
        }
        _ => node.span,
    }
}

fn missing(property: &str, target: &Node, shape: Option<&Shape>, at: &str, why: Option<String>) -> Problem {
    let field = join(at, property);
    let written_empty = target.field(property);
    let span = written_empty.map_or_else(|| anchor(target), |f| f.key_span);
    let state = if written_empty.is_some() { "empty" } else { "missing" };
    let because = why.map_or_else(String::new, |w| format!(": {w}"));
    let known = shape.and_then(|s| s.field(property));
    Problem::new("field-missing", span, format!("the field `{field}` is {state}{because}")).help(write_help(
        property,
        known,
        if written_empty.is_some() { "Write a value for" } else { "Add" },
    ))
}

fn write_help(property: &str, shape: Option<&Shape>, verb: &str) -> String {
    let Some(shape) = shape else {
        return format!("{verb} `{property}`.");
    };
    let example = shape.example.as_ref().map_or_else(String::new, |e| format!(", such as `{property}: {e}`"));
    format!("{verb} `{property}`{example}. {}", shape.description)
}

fn unknown(key: &str, target: &Node, shape: Option<&Shape>, at: &str) -> Problem {
    let span = target.field(key).map_or_else(|| anchor(target), |f| f.key_span);
    let names: Vec<&str> = shape.map(|s| s.field_names().collect()).unwrap_or_default();
    let near = did_you_mean(key, names.iter().copied());
    let help = if near.is_empty() {
        let unused: Vec<&str> = names.into_iter().filter(|n| target.field(n).is_none()).collect();
        format!("Delete it, or use one of the fields that are known here: {}.", unused.join(", "))
    } else {
        near
    };
    let cut =
        target.field(key).is_some_and(|f| matches!(f.value.data, Data::Null)) && key.contains(char::is_whitespace);
    let help = if cut {
        "It looks like text behind a comma, which YAML takes for a field of its own: put the whole text in double quotes.".into()
    } else {
        help
    };
    Problem::new("field-unknown", span, format!("`{}` is not a field of this", join(at, key))).help(help)
}

fn invalid(kind: &Kind, target: &Node, shape: Option<&Shape>, at: &str) -> Problem {
    let written = target.as_str().map_or_else(|| what(target).to_owned(), |t| format!("`{}`", shorten(t)));
    let (problem, mut help) = reason(kind, &written, target, shape);
    if let Some(shape) = shape.filter(|s| !s.description.is_empty()) {
        let example = shape.example.as_ref().map_or_else(String::new, |e| format!(" Example: `{e}`."));
        help = format!("{help}{}{}{example}", if help.is_empty() { "" } else { " " }, shape.description);
    }
    let subject = if at.is_empty() { "the front matter".to_owned() } else { format!("`{at}`") };
    let span = if matches!(target.data, Data::Map(_)) { anchor(target) } else { target.span };
    Problem::new("field-invalid", span, format!("{subject}: {problem}")).help(help)
}

fn reason(kind: &Kind, written: &str, target: &Node, shape: Option<&Shape>) -> (String, String) {
    match kind {
        Kind::Enum { options } => {
            let names: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let near = did_you_mean(target.as_str().unwrap_or_default(), names.iter().copied());
            let help = if near.is_empty() { "Choose one of these.".to_owned() } else { near };
            (format!("{written} is none of {}", names.join(", ")), help)
        }
        Kind::Constant { expected_value } => {
            (format!("{written} must be `{}` here", plain(expected_value)), String::new())
        }
        Kind::Type { kind } => (format!("{written} is not {}", expected(kind, shape)), type_help(target, shape)),
        Kind::Format { format } => (format!("{written} is not a valid {}", format_name(format)), String::new()),
        Kind::Pattern { .. } => (format!("{written} has not the form asked for"), String::new()),
        Kind::MinLength { .. } => ("it is empty".into(), "Write something here, or delete the field.".into()),
        Kind::MinItems { limit } => (format!("the list needs at least {limit} item{}", plural(*limit)), String::new()),
        Kind::MaxItems { limit } => (format!("the list may hold {limit} items"), String::new()),
        Kind::MaxLength { limit } => (format!("it is longer than {limit} characters"), "Shorten it.".into()),
        Kind::Minimum { limit } => (format!("{written} is less than {}", plain(limit)), String::new()),
        Kind::Maximum { limit } => (format!("{written} is more than {}", plain(limit)), String::new()),
        Kind::UniqueItems => ("an item stands in the list twice".into(), "Keep one of the two.".into()),
        Kind::Not { .. } | Kind::FalseSchema => (format!("{written} may not stand here"), String::new()),
        Kind::PropertyNames { error } => (format!("a field's name is not allowed: {error}"), String::new()),
        other => (format!("{written} does not fit ({})", other.keyword()), String::new()),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn what(node: &Node) -> &'static str {
    match node.data {
        Data::Null => "nothing",
        Data::Scalar { .. } => "this",
        Data::List(_) => "a list",
        Data::Map(_) => "a group of fields",
    }
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn expected(kind: &TypeKind, shape: Option<&Shape>) -> &'static str {
    match shape.map(|s| &s.form) {
        Some(Form::Text) => "text",
        Some(Form::Number) => "a number",
        Some(Form::Bool) => "`true` or `false`",
        Some(Form::List(_)) => "a list",
        Some(Form::Object { .. }) => "a group of fields",
        _ => match kind {
            TypeKind::Single(t) if t.to_string() == "integer" => "a whole number",
            _ => "of the type asked for",
        },
    }
}

fn type_help(target: &Node, shape: Option<&Shape>) -> String {
    let scalar = target.as_str();
    match (shape.map(|s| &s.form), scalar) {
        (Some(Form::List(_)), Some(text)) => format!("Write it as a list: `[{}]`.", shorten(text)),
        (Some(Form::Bool), Some("yes" | "on" | "Yes" | "On" | "y")) => "Write `true`.".into(),
        (Some(Form::Bool), Some("no" | "off" | "No" | "Off" | "n")) => "Write `false`.".into(),
        (Some(Form::Number), Some(text)) if text.contains(',') => {
            "Write the number with a point, without separators.".into()
        }
        _ => String::new(),
    }
}

fn format_name(format: &str) -> &str {
    match format {
        "date" => "date (year-month-day)",
        "date-time" => "date and time",
        "moment" => "day or time (year-month-day hour:minute)",
        "duration" => "ISO 8601 duration",
        other => other,
    }
}
