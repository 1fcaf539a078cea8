//! What a schema says of each field, in a form that is quick to walk: its type, what it refers to, what it is.
//!
//! The shape decides how a plain scalar is read (text or number), which texts are references, which objects are entities,
//! and in which order fields are written. Validation itself is left to the JSON Schema.

use std::cell::Cell;
use std::sync::Arc;

use serde_json::Value;

const MAX_DEPTH: usize = 24;
/// Parts of one schema that are looked at: a schema whose parts contain each other must not cost a lifetime.
const MAX_PARTS: usize = 50_000;

/// The form of a value.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Its type.
    pub form: Form,
    /// Entity types its text may refer to (`x-ref`); empty when it is no reference.
    pub refs: Arc<[String]>,
    /// Words that may stand in place of a reference (`x-ref-words`).
    pub ref_words: Arc<[String]>,
    /// Following this reference must never come back (`x-acyclic`).
    pub acyclic: bool,
    /// The entity type of this object (`x-entity`).
    pub entity: Option<String>,
    /// Prefix of the ids of these entities (`x-id-prefix`).
    pub id_prefix: Vec<String>,
    /// Field and values that take the entity out of use (`x-retired`).
    pub retired: Vec<(String, Vec<String>)>,
    /// Holds personal data (`x-personal`).
    pub personal: bool,
    /// The only texts that are allowed (`enum`, `const`); empty when any is.
    pub choices: Arc<[String]>,
    /// A calendar date (`format`).
    pub date: bool,
    /// What to write here, for people.
    pub description: String,
    /// An example of a good value.
    pub example: Option<String>,
}

/// The type of a value.
#[derive(Clone, Debug, Default)]
pub enum Form {
    /// Anything.
    #[default]
    Any,
    /// Text; a plain scalar is taken as written.
    Text,
    /// An integer or decimal number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A list of one shape.
    List(Box<Shape>),
    /// Named fields in writing order; and the shape of other fields, when they are allowed.
    Object {
        /// The named fields.
        fields: Vec<(String, Shape)>,
        /// Free fields.
        others: Option<Box<Shape>>,
        /// Names of fields that must be there.
        required: Vec<String>,
    },
}

impl Shape {
    /// The shape of a self-contained schema.
    #[must_use]
    pub fn of(schema: &Value) -> Self {
        shape(schema, &Root { schema, left: Cell::new(MAX_PARTS) }, 0)
    }

    /// The shape of a field of this object.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Shape> {
        match &self.form {
            Form::Object { fields, others, .. } => {
                fields.iter().find(|(n, _)| n == name).map(|(_, s)| s).or(others.as_deref())
            }
            _ => None,
        }
    }

    /// The names of an object's fields in writing order.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        let fields: &[(String, Shape)] = match &self.form {
            Form::Object { fields, .. } => fields,
            _ => &[],
        };
        fields.iter().map(|(name, _)| name.as_str())
    }

    /// The shape of the items of a list.
    #[must_use]
    pub fn item(&self) -> Option<&Shape> {
        match &self.form {
            Form::List(item) => Some(item),
            _ => None,
        }
    }
}

/// The schema that local references point into, and how many parts may still be looked at.
struct Root<'s> {
    schema: &'s Value,
    left: Cell<usize>,
}

impl Root<'_> {
    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }
}

fn shape(schema: &Value, root: &Root<'_>, depth: usize) -> Shape {
    let mut out = Shape::default();
    if depth <= MAX_DEPTH {
        apply(&mut out, schema, root, depth);
    }
    out
}

fn apply(out: &mut Shape, schema: &Value, root: &Root<'_>, depth: usize) {
    let Some(map) = schema.as_object().filter(|_| root.spend()) else {
        return;
    };
    if let Some(target) = map.get("$ref").and_then(Value::as_str)
        && let Some(referred) = target.strip_prefix('#').and_then(|pointer| root.schema.pointer(pointer))
        && depth < MAX_DEPTH
    {
        apply(out, referred, root, depth + 1);
    }
    for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        apply(out, part, root, depth + 1);
    }
    annotations(out, map);
    if matches!(out.form, Form::Any) {
        out.form = form(map);
    }
    structure(out, map, root, depth);
    inherit(out);
}

/// Said of a list, a reference annotation holds for its items.
fn inherit(out: &mut Shape) {
    let (refs, acyclic) = (out.refs.clone(), out.acyclic);
    if let Form::List(item) = &mut out.form {
        item.acyclic |= acyclic;
        if item.refs.is_empty() {
            item.refs = refs;
        }
    }
}

fn annotations(out: &mut Shape, map: &serde_json::Map<String, Value>) {
    if let Some(refs) = map.get("x-ref") {
        out.refs = texts(refs).into();
    }
    if let Some(words) = map.get("x-ref-words") {
        out.ref_words = texts(words).into();
    }
    if let Some(entity) = map.get("x-entity").and_then(Value::as_str) {
        out.entity = Some(entity.to_owned());
    }
    if let Some(prefix) = map.get("x-id-prefix") {
        out.id_prefix = texts(prefix);
    }
    for (field, values) in map.get("x-retired").and_then(Value::as_object).into_iter().flatten() {
        out.retired.push((field.clone(), texts(values)));
    }
    if let Some(choices) = map.get("const").or_else(|| map.get("enum")) {
        out.choices = texts(choices).into();
    }
    out.date |= map.get("format").and_then(Value::as_str) == Some("date");
    out.acyclic |= map.get("x-acyclic") == Some(&Value::Bool(true));
    out.personal |= map.get("x-personal") == Some(&Value::Bool(true));
    if let Some(description) = map.get("description").and_then(Value::as_str) {
        description.clone_into(&mut out.description);
    }
    if let Some(example) = map.get("examples").and_then(|e| e.get(0)) {
        out.example = Some(example.as_str().map_or_else(|| example.to_string(), str::to_owned));
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(|i| i.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn form(map: &serde_json::Map<String, Value>) -> Form {
    let literal = map.get("const").or_else(|| map.get("enum").and_then(|e| e.get(0)));
    let named = map.get("type").map(texts).unwrap_or_default();
    let has = |name: &str| named.iter().any(|n| n == name);
    if has("number") || has("integer") {
        Form::Number
    } else if has("boolean") {
        Form::Bool
    } else if has("string") || literal.is_some_and(Value::is_string) {
        Form::Text
    } else if has("array") {
        Form::List(Box::default())
    } else if has("object") || map.contains_key("properties") {
        Form::Object { fields: Vec::new(), others: None, required: Vec::new() }
    } else {
        Form::Any
    }
}

fn structure(out: &mut Shape, map: &serde_json::Map<String, Value>, root: &Root<'_>, depth: usize) {
    match &mut out.form {
        Form::List(item) => {
            if let Some(items) = map.get("items") {
                **item = shape(items, root, depth + 1);
            }
        }
        Form::Object { fields, others, required } => {
            for (name, schema) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                match fields.iter_mut().find(|(n, _)| n == name) {
                    Some((_, known)) => apply(known, schema, root, depth + 1),
                    None => fields.push((name.clone(), shape(schema, root, depth + 1))),
                }
            }
            for name in map.get("required").map(texts).unwrap_or_default() {
                if !required.contains(&name) {
                    required.push(name);
                }
            }
            for key in ["additionalProperties", "unevaluatedProperties"] {
                if let Some(free) = map.get(key).filter(|v| v.is_object()) {
                    *others = Some(Box::new(shape(free, root, depth + 1)));
                }
            }
        }
        _ => {}
    }
}
