//! A quick proof that a value fits a schema.
//!
//! The validator explains what is wrong, and costs much to build. Nearly every document fits, so a plan of the schema is
//! walked first: when it proves that the value fits, the validator is never built. A plan only knows the keywords that our
//! schemas use; whatever it does not know, or cannot judge exactly as the validator would, is [`Unsure`] and left to it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use regex_automata::meta::{self, Regex};
use serde_json::{Number, Value};

use super::json::Json;
use super::shape::Shape;
use super::source::{Part, Source};
use super::{ANY, core_value};
use crate::document::{Data, Field, Moment, Node};

/// Parts of one schema that are planned; a larger one is left to the validator.
const MAX_PARTS: usize = 20_000;
/// Levels of values and of conditions that are walked.
const MAX_DEPTH: usize = 64;

/// The plan cannot decide.
#[derive(Debug)]
struct Unsure;

type Fits = Result<bool, Unsure>;
type Index = usize;

/// What a schema asks of a value, part by part.
#[derive(Debug)]
pub(super) struct Plan {
    parts: Vec<Asks>,
}

impl Plan {
    /// None when the schema uses a keyword that the plan does not know.
    pub(super) fn of(source: &Source) -> Option<Self> {
        let mut planner = Planner { parts: Vec::new(), known: HashMap::new() };
        planner.part(source.root())?;
        Some(Self { parts: planner.parts.into_iter().collect::<Option<_>>()? })
    }

    /// Whether a value certainly fits.
    pub(super) fn proves(&self, node: &Node, shape: &Shape) -> bool {
        matches!(self.fits(0, At { node, shape, depth: 0 }, &mut Seen::of(node)), Ok(true))
    }
}

/// The keywords of one part.
#[derive(Debug, Default)]
struct Asks {
    /// `false` as a schema: nothing fits.
    never: bool,
    types: Option<Vec<String>>,
    choices: Option<Vec<Json>>,
    text: Option<AsksText>,
    range: Option<(Option<f64>, Option<f64>)>,
    list: Option<AsksList>,
    object: Option<AsksObject>,
    all: Vec<Index>,
    any: Vec<Index>,
    not: Option<Index>,
    branch: Option<Branch>,
    others: Option<Index>,
}

#[derive(Debug)]
struct Branch {
    when: Index,
    then: Option<Index>,
    otherwise: Option<Index>,
}

#[derive(Debug, Default)]
struct AsksText {
    min: usize,
    max: Option<usize>,
    pattern: Option<Arc<Regex>>,
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Date,
    Moment,
    Duration,
}

#[derive(Debug, Default)]
struct AsksList {
    item: Option<Index>,
    min: usize,
    max: Option<usize>,
    unique: bool,
}

#[derive(Debug, Default)]
struct AsksObject {
    fields: HashMap<String, Index>,
    required: Vec<String>,
    additional: Option<Index>,
    names: Option<Index>,
    min: usize,
}

/// Turns a schema into a plan. Parts are known by their address: shared ones are planned once, and may contain themselves.
struct Planner {
    parts: Vec<Option<Asks>>,
    known: HashMap<*const Json, Index>,
}

impl Planner {
    fn part(&mut self, part: Part<'_>) -> Option<Index> {
        if let Some(known) = self.known.get(&std::ptr::from_ref(part.value)) {
            return Some(*known);
        }
        let index = self.parts.len();
        if index >= MAX_PARTS {
            return None;
        }
        self.known.insert(part.value, index);
        self.parts.push(None);
        let asks = match part.value {
            Json::Bool(fits) => Asks { never: !fits, ..Asks::default() },
            Json::Map(_) => self.asks(part)?,
            _ => return None,
        };
        *self.parts.get_mut(index)? = Some(asks);
        Some(index)
    }

    fn asks(&mut self, part: Part<'_>) -> Option<Asks> {
        let mut asks = Asks::default();
        for (keyword, value) in part.value.fields() {
            match keyword.as_ref() {
                "type" => asks.types = Some(texts(value)?),
                "enum" => asks.choices = Some(value.items().to_vec()),
                "const" => asks.choices = Some(vec![value.clone()]),
                "minimum" => asks.range.get_or_insert_default().0 = Some(value.as_number()?),
                "maximum" => asks.range.get_or_insert_default().1 = Some(value.as_number()?),
                "$ref" => asks.all.push(self.part(part.referred(value.as_str()?)?)?),
                "allOf" => asks.all.extend(self.parts_of(value, part)?),
                "anyOf" => asks.any = self.parts_of(value, part)?,
                "not" => asks.not = Some(self.part(part.inner(value))?),
                "if" => asks.branch = Some(self.branch(value, part)?),
                "unevaluatedProperties" => asks.others = Some(self.part(part.inner(value))?),
                _ => self.of_one_type(&mut asks, keyword, value, part)?,
            }
        }
        Some(asks)
    }

    fn of_one_type(&mut self, asks: &mut Asks, keyword: &str, value: &Json, part: Part<'_>) -> Option<()> {
        match keyword {
            "minLength" | "maxLength" | "pattern" | "format" => text(asks.text.get_or_insert_default(), keyword, value),
            "items" => {
                asks.list.get_or_insert_default().item = Some(self.part(part.inner(value))?);
                Some(())
            }
            "minItems" | "maxItems" | "uniqueItems" => list(asks.list.get_or_insert_default(), keyword, value),
            "properties" | "required" | "additionalProperties" | "propertyNames" | "minProperties" => {
                self.object(asks.object.get_or_insert_default(), keyword, value, part)
            }
            // Looked at with `if`, where definitions are referred to, or only said for people.
            "then" | "else" | "$defs" | "$schema" | "$id" | "title" | "description" | "examples" | "default" => {
                Some(())
            }
            _ => keyword.starts_with("x-").then_some(()),
        }
    }

    fn object(&mut self, asks: &mut AsksObject, keyword: &str, value: &Json, part: Part<'_>) -> Option<()> {
        match keyword {
            "properties" => {
                for (name, field) in value.fields() {
                    asks.fields.insert(name.to_string(), self.part(part.inner(field))?);
                }
            }
            "required" => asks.required = texts(value)?,
            "additionalProperties" => asks.additional = Some(self.part(part.inner(value))?),
            "propertyNames" => asks.names = Some(self.part(part.inner(value))?),
            _ => asks.min = size(value)?,
        }
        Some(())
    }

    fn parts_of(&mut self, value: &Json, part: Part<'_>) -> Option<Vec<Index>> {
        value.items().iter().map(|inner| self.part(part.inner(inner))).collect()
    }

    fn branch(&mut self, when: &Json, part: Part<'_>) -> Option<Branch> {
        let mut optional = |name: &str| match part.value.get(name) {
            Some(value) => self.part(part.inner(value)).map(Some),
            None => Some(None),
        };
        let (then, otherwise) = (optional("then")?, optional("else")?);
        Some(Branch { when: self.part(part.inner(when))?, then, otherwise })
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of a few digits")]
fn size(value: &Json) -> Option<usize> {
    value.as_number().filter(|n| (0.0..1e9).contains(n) && n.fract() == 0.0).map(|n| n as usize)
}

fn texts(value: &Json) -> Option<Vec<String>> {
    match value {
        Json::Text(text) => Some(vec![text.to_string()]),
        Json::List(items) => items.iter().map(|item| item.as_str().map(ToString::to_string)).collect(),
        _ => None,
    }
}

fn text(asks: &mut AsksText, keyword: &str, value: &Json) -> Option<()> {
    match keyword {
        "minLength" => asks.min = size(value)?,
        "maxLength" => asks.max = Some(size(value)?),
        "pattern" => asks.pattern = Some(pattern(value.as_str()?)?),
        _ => {
            asks.format = Some(match value.as_str()?.as_ref() {
                "date" => Format::Date,
                "moment" => Format::Moment,
                "duration" => Format::Duration,
                _ => return None,
            });
        }
    }
    Some(())
}

fn list(asks: &mut AsksList, keyword: &str, value: &Json) -> Option<()> {
    match keyword {
        "minItems" => asks.min = size(value)?,
        "maxItems" => asks.max = Some(size(value)?),
        _ => asks.unique = value.as_bool()?,
    }
    Some(())
}

/// The expressions of all schemas, compiled once. None for one that the validator may read in another way: only plain
/// ASCII with escaped signs means the same everywhere.
fn pattern(source: &str) -> Option<Arc<Regex>> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Regex>>>> = LazyLock::new(Mutex::default);
    let escapes =
        source.match_indices('\\').all(|(at, _)| source[at + 1..].starts_with(|c: char| c.is_ascii_punctuation()));
    if !source.is_ascii() || !escapes || source.contains("[^") || source.contains("(?") {
        return None;
    }
    let mut known = KNOWN.lock().ok()?;
    if let Some(regex) = known.get(source) {
        return Some(regex.clone());
    }
    let config = meta::Config::new().hybrid(false).dfa(false).onepass(false);
    let regex = Arc::new(meta::Builder::new().configure(config).build(source).ok()?);
    known.insert(source.to_owned(), regex.clone());
    Some(regex)
}

/// A value and where the walk stands.
#[derive(Clone, Copy)]
struct At<'a> {
    node: &'a Node,
    shape: &'a Shape,
    depth: usize,
}

/// Which fields of an object some part has judged, by their position.
#[derive(Clone, Debug)]
struct Seen(Vec<bool>);

impl Seen {
    fn of(node: &Node) -> Self {
        Self(vec![false; node.fields().len()])
    }

    fn mark(&mut self, index: usize) {
        if let Some(seen) = self.0.get_mut(index) {
            *seen = true;
        }
    }

    fn add(&mut self, other: &Self) {
        for (seen, also) in self.0.iter_mut().zip(&other.0) {
            *seen |= also;
        }
    }

    fn has(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|seen| *seen)
    }
}

/// Fields that hold something, with their positions: an empty one counts as absent.
fn filled(node: &Node) -> impl Iterator<Item = (usize, &Field)> {
    node.fields().iter().enumerate().filter(|(_, f)| !matches!(f.value.data, Data::Null))
}

/// A scalar as the validator sees it.
enum Scalar<'a> {
    Null,
    Text(&'a str),
    Number(Number),
    Bool(bool),
}

fn scalar(at: At<'_>) -> Option<Scalar<'_>> {
    match &at.node.data {
        Data::Null => Some(Scalar::Null),
        Data::Scalar { text, plain } if *plain && !at.shape.is_text() => Some(match core_value(text) {
            Some(Value::Number(number)) => Scalar::Number(number),
            Some(Value::Bool(value)) => Scalar::Bool(value),
            _ => Scalar::Text(text),
        }),
        Data::Scalar { text, .. } => Some(Scalar::Text(text)),
        Data::List(_) | Data::Map(_) => None,
    }
}

impl Plan {
    fn fits(&self, part: Index, at: At<'_>, seen: &mut Seen) -> Fits {
        let asks = self.parts.get(part).filter(|_| at.depth < MAX_DEPTH).ok_or(Unsure)?;
        let empty = |f: &&Field| matches!(f.value.data, Data::Null);
        if at.node.fields().iter().filter(empty).any(|f| at.shape.is_foreign(f)) {
            return Err(Unsure);
        }
        let at = At { depth: at.depth + 1, ..at };
        let fits = !asks.never && asks.fits_itself(at)? && self.fits_parts(asks, at, seen)?;
        Ok(fits && self.fits_inside(asks, at, seen)?)
    }

    /// Other parts that judge the same value.
    fn fits_parts(&self, asks: &Asks, at: At<'_>, seen: &mut Seen) -> Fits {
        for part in &asks.all {
            if !self.fits_alone(*part, at, seen)? {
                return Ok(false);
            }
        }
        let mut any = asks.any.is_empty();
        for part in &asks.any {
            any |= self.fits_alone(*part, at, seen)?;
        }
        if let Some(not) = asks.not
            && self.fits(not, at, &mut Seen::of(at.node))?
        {
            return Ok(false);
        }
        let chosen = match &asks.branch {
            Some(branch) if self.fits_alone(branch.when, at, seen)? => branch.then,
            Some(branch) => branch.otherwise,
            None => None,
        };
        Ok(any && chosen.map_or(Ok(true), |part| self.fits_alone(part, at, seen))?)
    }

    /// A part beside others: it does not see what they have judged, and what it has judged counts when it fits.
    fn fits_alone(&self, part: Index, at: At<'_>, seen: &mut Seen) -> Fits {
        let mut own = Seen::of(at.node);
        let fits = self.fits(part, at, &mut own)?;
        if fits {
            seen.add(&own);
        }
        Ok(fits)
    }

    /// The items of a list, the fields of an object.
    fn fits_inside(&self, asks: &Asks, at: At<'_>, seen: &mut Seen) -> Fits {
        match (&at.node.data, &asks.list, &asks.object) {
            (Data::List(items), Some(list), _) => self.fits_items(list, items, at),
            (Data::Map(_), _, object) => Ok(object.as_ref().map_or(Ok(true), |o| self.fits_fields(o, at, seen))?
                && self.fits_others(asks, at, seen)?),
            _ => Ok(true),
        }
    }

    fn fits_items(&self, list: &AsksList, items: &[Node], at: At<'_>) -> Fits {
        if items.len() < list.min || list.max.is_some_and(|max| items.len() > max) {
            return Ok(false);
        }
        let shape = at.shape.item().unwrap_or(&ANY);
        if list.unique && !distinct(items, shape)? {
            return Ok(false);
        }
        let Some(part) = list.item else { return Ok(true) };
        for node in items {
            if !self.fits(part, At { node, shape, ..at }, &mut Seen::of(node))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fits_fields(&self, object: &AsksObject, at: At<'_>, seen: &mut Seen) -> Fits {
        let there = |name: &String| at.node.get(name).is_some();
        if !object.required.iter().all(there) || filled(at.node).count() < object.min {
            return Ok(false);
        }
        for (index, field) in filled(at.node) {
            if let Some(names) = object.names
                && !self.fits_name(names, field, at.depth)?
            {
                return Ok(false);
            }
            let Some(part) = object.fields.get(&*field.key).copied().or(object.additional) else { continue };
            seen.mark(index);
            if !self.fits_field(part, field, at)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fits_name(&self, part: Index, field: &Field, depth: usize) -> Fits {
        let node = Node { span: field.key_span, data: Data::Scalar { text: field.key.clone(), plain: false } };
        self.fits(part, At { node: &node, shape: &ANY, depth }, &mut Seen::of(&node))
    }

    fn fits_field(&self, part: Index, field: &Field, at: At<'_>) -> Fits {
        let shape = at.shape.field(&field.key).unwrap_or(&ANY);
        self.fits(part, At { node: &field.value, shape, ..at }, &mut Seen::of(&field.value))
    }

    /// `unevaluatedProperties`: fields that nothing else has judged.
    fn fits_others(&self, asks: &Asks, at: At<'_>, seen: &mut Seen) -> Fits {
        let Some(part) = asks.others else { return Ok(true) };
        for (index, field) in filled(at.node) {
            if !seen.has(index) && !self.fits_field(part, field, at)? {
                return Ok(false);
            }
            seen.mark(index);
        }
        Ok(true)
    }
}

/// Whether the items of a list differ. Only texts are compared here.
fn distinct(items: &[Node], shape: &Shape) -> Fits {
    let mut texts = Vec::with_capacity(items.len());
    for node in items {
        match scalar(At { node, shape, depth: 0 }) {
            Some(Scalar::Text(text)) => texts.push(text),
            _ if items.len() < 2 => return Ok(true),
            _ => return Err(Unsure),
        }
    }
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    Ok(texts.len() == count)
}

impl Asks {
    fn is_typed(&self, value: Option<&Scalar<'_>>, node: &Node) -> Fits {
        let Some(types) = &self.types else { return Ok(true) };
        // `1.0` is an integer to the validator.
        if let Some(Scalar::Number(number)) = value
            && number.is_f64()
            && types.iter().any(|t| t == "integer")
        {
            return Err(Unsure);
        }
        Ok(types.iter().any(|t| is_type(t, value, node)))
    }

    /// What it asks of the value itself, whatever is inside.
    fn fits_itself(&self, at: At<'_>) -> Fits {
        let value = scalar(at);
        Ok(self.is_typed(value.as_ref(), at.node)?
            && self.choices.as_ref().map_or(Ok(true), |choices| is_choice(choices, value.as_ref()))?
            && match (&value, &self.text, self.range) {
                (Some(Scalar::Text(value)), Some(text), _) => text.fits(value)?,
                (Some(Scalar::Number(number)), _, Some((least, most))) => {
                    let number = number.as_f64().ok_or(Unsure)?;
                    least.is_none_or(|l| number >= l) && most.is_none_or(|m| number <= m)
                }
                _ => true,
            })
    }
}

fn is_type(name: &str, value: Option<&Scalar<'_>>, node: &Node) -> bool {
    match (name, value) {
        ("null", Some(Scalar::Null))
        | ("string", Some(Scalar::Text(_)))
        | ("number", Some(Scalar::Number(_)))
        | ("boolean", Some(Scalar::Bool(_))) => true,
        ("integer", Some(Scalar::Number(number))) => !number.is_f64(),
        ("array", None) => matches!(node.data, Data::List(_)),
        ("object", None) => matches!(node.data, Data::Map(_)),
        _ => false,
    }
}

fn is_choice(choices: &[Json], value: Option<&Scalar<'_>>) -> Fits {
    match value {
        Some(Scalar::Text(text)) => Ok(choices.iter().any(|c| c.as_str().is_some_and(|c| c == text))),
        Some(Scalar::Bool(value)) => Ok(choices.iter().any(|c| c.as_bool() == Some(*value))),
        Some(Scalar::Null) => Ok(choices.iter().any(|c| matches!(c, Json::Null))),
        Some(Scalar::Number(_)) | None => Err(Unsure),
    }
}

impl AsksText {
    fn fits(&self, text: &str) -> Fits {
        let length = if self.min > 1 || self.max.is_some() { text.chars().count() } else { text.len() };
        let measured = length >= self.min && self.max.is_none_or(|max| length <= max);
        let formed = self.pattern.as_ref().is_none_or(|p| p.is_match(text));
        Ok(measured && formed && self.format.map_or(Ok(true), |format| format.fits(text))?)
    }
}

impl Format {
    /// Only what every reader of the format takes is certain.
    fn fits(self, text: &str) -> Fits {
        match self {
            Self::Moment => Ok(Moment::parse(text).is_some()),
            Self::Date if text.len() == 10 && Moment::parse(text).is_some() => Ok(true),
            Self::Duration if is_simple_duration(text) => Ok(true),
            Self::Date | Self::Duration => Err(Unsure),
        }
    }
}

/// `P6M`, `PT4H`: one number and its unit.
fn is_simple_duration(text: &str) -> bool {
    let (rest, units) = match text.strip_prefix("PT") {
        Some(rest) => (rest, "HMS"),
        None => (text.strip_prefix('P').unwrap_or_default(), "YMWD"),
    };
    let number = rest.trim_end_matches(|c| units.contains(c));
    !number.is_empty() && number.len() + 1 == rest.len() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::document::load_yaml;
    use crate::schema::{Schema, SchemaSet, to_json};
    use crate::source::FileId;

    /// The front matter of every document of the sample with the schema that judges it.
    static SAMPLE: LazyLock<Vec<(Node, Arc<Schema>)>> = LazyLock::new(|| {
        let mut out = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/toolkit"), &mut out);
        out
    });

    fn collect(folder: &Path, out: &mut Vec<(Node, Arc<Schema>)>) {
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                collect(&path, out);
            } else if path.extension().is_some_and(|e| e == "md") {
                let text = std::fs::read_to_string(&path).unwrap();
                let Some(yaml) = text.strip_prefix("---\n").and_then(|t| t.split("\n---\n").next()) else { continue };
                out.extend(judged(load_yaml(FileId(0), yaml, 0..yaml.len()).unwrap()));
            }
        }
    }

    fn judged(node: Node) -> Option<(Node, Arc<Schema>)> {
        let set = SchemaSet::default();
        let schema = match node.str("register").filter(|_| node.str("kind") == Some("register")) {
            Some(register) => set.register(register)?.clone(),
            None => set.kind(node.str("kind")?)?.clone(),
        };
        Some((node, schema))
    }

    fn verdict(plan: &Plan, node: &Node, schema: &Schema) -> Fits {
        plan.fits(0, At { node, shape: &schema.shape, depth: 0 }, &mut Seen::of(node))
    }

    fn assert_agrees(node: &Node, schema: &Schema) {
        let plan = Plan::of(&schema.source).expect("our schemas use what the plan knows");
        let valid = schema.compiled().unwrap().is_valid(&to_json(node, &schema.shape));
        if let Ok(fits) = verdict(&plan, node, schema) {
            assert_eq!(fits, valid, "{}", to_json(node, &schema.shape));
        }
    }

    #[test]
    fn the_whole_sample_is_proved() {
        assert!(SAMPLE.len() > 150);
        for (node, schema) in SAMPLE.iter() {
            let plan = Plan::of(&schema.source).unwrap();
            assert!(plan.proves(node, &schema.shape), "{}", to_json(node, &schema.shape));
        }
    }

    #[test]
    fn every_schema_of_documents_has_a_plan() {
        let set = SchemaSet::default();
        let kinds = set.kinds().filter_map(|k| set.kind(k));
        let registers = set.registers().flat_map(|r| [set.register(r), set.entry(r)]).flatten();
        assert!(kinds.chain(registers).all(|schema| Plan::of(&schema.source).is_some()));
    }

    #[test]
    fn an_unknown_keyword_leaves_all_to_the_validator() {
        for schema in [
            r#"{"contains": {"const": 1}}"#,
            r#"{"properties": {"a": {"pattern": "^\\w+$"}}}"#,
            r#"{"items": {"format": "email"}}"#,
            r##"{"$ref": "#/$defs/missing"}"##,
        ] {
            assert!(Plan::of(&Source::new(Json::parse(schema).unwrap())).is_none(), "{schema}");
        }
    }

    #[test]
    fn what_is_judged_by_a_branch_that_failed_stays_unjudged() {
        let schema = Schema::parse(
            r#"{"anyOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"b": {}}, "required": ["b"]}],
                "not": {"required": ["c"]}, "if": {"required": ["d"]}, "then": {"properties": {"d": {}}}, "else": {"required": ["b"]},
                "unevaluatedProperties": false}"#,
        )
        .unwrap();
        for yaml in
            ["a: 1", "a: x", "a: 1\nb: 2", "a: x\nb: 2", "b: 1", "b: 1\nc: 2", "a: 1\nd: 1", "d: 1", "b: 1\nd: 2\ne: 1"]
        {
            let node = load_yaml(FileId(0), yaml, 0..yaml.len()).unwrap();
            let plan = Plan::of(&schema.source).unwrap();
            let valid = schema.compiled().unwrap().is_valid(&to_json(&node, &schema.shape));
            assert_eq!(verdict(&plan, &node, &schema).unwrap(), valid, "{yaml}");
        }
    }

    #[test]
    fn a_part_does_not_see_what_its_neighbours_have_judged() {
        let schemas = [
            r#"{"allOf": [{"properties": {"a": {}}}, {"unevaluatedProperties": false}]}"#,
            r#"{"properties": {"a": {}}, "allOf": [{"unevaluatedProperties": false}]}"#,
            r#"{"properties": {"a": {}}, "not": {"unevaluatedProperties": false}}"#,
            r#"{"properties": {"a": {}}, "if": {"unevaluatedProperties": false}, "then": false}"#,
            r#"{"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}"#,
            r#"{"not": {"properties": {"a": {"type": "integer"}}}}"#,
            r#"{"if": {"properties": {"a": {"type": "integer"}}}, "then": false}"#,
        ];
        for (schema, yaml) in
            schemas.into_iter().flat_map(|s| ["a: x", "a: 1", "a: 1.0", "a: 1e3"].map(|yaml| (s, yaml)))
        {
            let node = load_yaml(FileId(0), yaml, 0..yaml.len()).unwrap();
            assert_agrees(&node, &Schema::parse(schema).unwrap());
        }
    }

    /// One change to a value somewhere inside.
    fn change(node: &mut Node, path: &[u16], text: &str, how: u8) {
        if let (Some((step, rest)), count @ 1..) = (path.split_first(), node.fields().len() + node.items().len()) {
            let at = usize::from(*step) % count;
            match &mut node.data {
                Data::Map(fields) if rest.is_empty() && how == 0 => drop(fields.remove(at)),
                Data::Map(fields) if rest.is_empty() && how == 1 => fields[at].key = text.into(),
                Data::Map(fields) => change(&mut fields[at].value, rest, text, how),
                Data::List(items) if rest.is_empty() && how == 0 => drop(items.remove(at)),
                Data::List(items) if rest.is_empty() && how == 1 => items.push(items[at].clone()),
                Data::List(items) => change(&mut items[at], rest, text, how),
                _ => {}
            }
            return;
        }
        node.data = match how {
            0..=3 => Data::Scalar { text: text.into(), plain: how.is_multiple_of(2) },
            4 => Data::Null,
            5 => Data::List(vec![node.clone()]),
            _ => Data::Map(vec![Field { key: text.into(), key_span: node.span, value: node.clone() }]),
        };
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

        #[test]
        fn the_plan_never_disagrees_with_the_validator(
            document in any::<prop::sample::Index>(),
            path in prop::collection::vec(any::<u16>(), 1..6),
            text in "(|0|1|-1|1\\.0|5|9{20}|true|2026-02-30|2026-02-29|2024-02-29|20260229|P1M|P|PT|P1Y2M|a{70}|[a-z]{1,8}(-[a-z]{1,4})?|4\\.2|[A-Z]{1,3}|risk|retired|#x|ä)",
            how in 0_u8..7,
        ) {
            let (node, schema) = document.get(&SAMPLE);
            let mut node = node.clone();
            change(&mut node, &path, &text, how);
            assert_agrees(&node, schema);
        }
    }
}
