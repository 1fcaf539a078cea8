//! What a schema says of each field, in a form that is quick to walk: its type, what it refers to, what it is.
//!
//! The shape decides how a plain scalar is read (text or number), which texts are references, which objects are entities,
//! and in which order fields are written. Validation itself is left to the JSON Schema.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use serde_json::Value;

use super::json::Json;
use super::source::{Part, Source};
use crate::document::Field;

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
    pub description: Cow<'static, str>,
    /// An example of a good value.
    pub example: Option<Cow<'static, str>>,
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
    /// The shape of a schema.
    pub(super) fn of(source: &Source) -> Self {
        shape(source.root(), &Budget(Cell::new(MAX_PARTS)), 0)
    }

    /// A plain scalar is taken as written.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.form, Form::Text)
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

    /// A field that stands here although only named fields may. One without a value counts too: it may be a text that a
    /// comma cut in two.
    pub(super) fn is_foreign(&self, field: &Field) -> bool {
        match &self.form {
            Form::Object { fields, others: None, .. } if !fields.is_empty() => self.field(&field.key).is_none(),
            _ => false,
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

/// How many parts may still be looked at.
struct Budget(Cell<usize>);

impl Budget {
    fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

fn shape(part: Part<'_>, budget: &Budget, depth: usize) -> Shape {
    let mut out = Shape::default();
    if depth <= MAX_DEPTH {
        apply(&mut out, part, budget, depth);
    }
    out
}

/// The keywords of a part that shape a value, collected in one pass.
#[derive(Default)]
struct Keywords<'s> {
    reference: Option<&'s str>,
    all: &'s [Json],
    types: Option<&'s Json>,
    choices: Option<&'s Json>,
    /// The only value, or the first of those that are allowed.
    literal: Option<&'s Json>,
    properties: Option<&'s Json>,
    required: Option<&'s Json>,
    items: Option<&'s Json>,
    /// `additionalProperties`, then `unevaluatedProperties`.
    others: [Option<&'s Json>; 2],
    annotations: Vec<(&'s str, &'s Json)>,
}

impl<'s> Keywords<'s> {
    fn of(part: &'s Json) -> Self {
        let mut out = Self::default();
        for (keyword, value) in part.fields() {
            match keyword.as_ref() {
                "$ref" => out.reference = value.as_str().map(AsRef::as_ref),
                "allOf" => out.all = value.items(),
                "type" => out.types = Some(value),
                "const" => (out.choices, out.literal) = (Some(value), Some(value)),
                "enum" if out.literal.is_none() => (out.choices, out.literal) = (Some(value), value.items().first()),
                "properties" => out.properties = Some(value).filter(|v| v.is_map()),
                "required" => out.required = Some(value),
                "items" => out.items = Some(value),
                "additionalProperties" => out.others[0] = Some(value).filter(|v| v.is_map()),
                "unevaluatedProperties" => out.others[1] = Some(value).filter(|v| v.is_map()),
                _ => out.annotations.push((keyword, value)),
            }
        }
        out
    }
}

fn apply(out: &mut Shape, part: Part<'_>, budget: &Budget, depth: usize) {
    if !part.value.is_map() || !budget.spend() {
        return;
    }
    let keywords = Keywords::of(part.value);
    if let Some(referred) = keywords.reference.and_then(|target| part.referred(target))
        && depth < MAX_DEPTH
    {
        apply(out, referred, budget, depth + 1);
    }
    for inner in keywords.all {
        apply(out, part.inner(inner), budget, depth + 1);
    }
    annotations(out, &keywords);
    if matches!(out.form, Form::Any) {
        out.form = form(&keywords);
    }
    structure(out, &keywords, part, budget, depth);
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

fn annotations(out: &mut Shape, keywords: &Keywords<'_>) {
    if let Some(choices) = keywords.choices {
        out.choices = texts(choices).into();
    }
    for (keyword, value) in &keywords.annotations {
        match (*keyword, value.as_str().map(AsRef::as_ref)) {
            ("x-ref", _) => out.refs = texts(value).into(),
            ("x-ref-words", _) => out.ref_words = texts(value).into(),
            ("x-id-prefix", _) => out.id_prefix = texts(value),
            ("x-entity", Some(entity)) => out.entity = Some(entity.to_owned()),
            ("x-retired", _) => {
                out.retired.extend(value.fields().iter().map(|(field, values)| (field.to_string(), texts(values))));
            }
            ("format", format) => out.date |= format == Some("date"),
            ("x-acyclic", _) => out.acyclic |= value.as_bool() == Some(true),
            ("x-personal", _) => out.personal |= value.as_bool() == Some(true),
            ("description", Some(_)) => out.description = value.as_str().cloned().unwrap_or_default(),
            ("examples", _) => out.example = value.items().first().map(example).or(out.example.take()),
            _ => {}
        }
    }
}

fn example(value: &Json) -> Cow<'static, str> {
    value.as_str().cloned().unwrap_or_else(|| Value::from(value).to_string().into())
}

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Text(text) => vec![text.to_string()],
        other => other.items().iter().filter_map(|i| i.as_str().map(ToString::to_string)).collect(),
    }
}

fn form(keywords: &Keywords<'_>) -> Form {
    let has = |name: &str| match keywords.types {
        Some(Json::Text(only)) => only == name,
        several => several.is_some_and(|s| s.items().iter().any(|t| t.as_str().is_some_and(|t| t == name))),
    };
    if has("number") || has("integer") {
        Form::Number
    } else if has("boolean") {
        Form::Bool
    } else if has("string") || keywords.literal.is_some_and(|l| l.as_str().is_some()) {
        Form::Text
    } else if has("array") {
        Form::List(Box::default())
    } else if has("object") || keywords.properties.is_some() {
        Form::Object { fields: Vec::new(), others: None, required: Vec::new() }
    } else {
        Form::Any
    }
}

fn structure(out: &mut Shape, keywords: &Keywords<'_>, part: Part<'_>, budget: &Budget, depth: usize) {
    match &mut out.form {
        Form::List(item) => {
            if let Some(items) = keywords.items {
                **item = shape(part.inner(items), budget, depth + 1);
            }
        }
        Form::Object { fields, others, required } => {
            for (name, schema) in keywords.properties.map(Json::fields).unwrap_or_default() {
                match fields.iter_mut().find(|(n, _)| n == name) {
                    Some((_, known)) => apply(known, part.inner(schema), budget, depth + 1),
                    None => fields.push((name.to_string(), shape(part.inner(schema), budget, depth + 1))),
                }
            }
            for name in keywords.required.map(texts).unwrap_or_default() {
                if !required.contains(&name) {
                    required.push(name);
                }
            }
            for free in keywords.others.into_iter().flatten() {
                *others = Some(Box::new(shape(part.inner(free), budget, depth + 1)));
            }
        }
        _ => {}
    }
}
