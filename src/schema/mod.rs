//! JSON Schemas, ours and the user's, compiled once; from a violation to a sentence at its field.
//!
//! The only module that knows the validator. Knows nothing of Git or rules.

mod bundle;
mod embedded;
mod json;
mod plan;
mod shape;
mod source;
mod violation;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Number, Value};

pub use shape::{Form, Shape};
pub use violation::is_to_do;

use self::json::Json;
use self::plan::Plan;
use self::source::Source;
use crate::document::{Data, Field, Moment, Node};
use crate::finding::Problem;

/// One schema. What is asked of it is worked out when first needed.
#[derive(Debug)]
pub struct Schema {
    /// What it says of each field.
    pub shape: Shape,
    source: Source,
    /// None when it says something that only the validator understands.
    plan: OnceLock<Option<Plan>>,
    annotations: OnceLock<Map<String, Value>>,
    json: OnceLock<Value>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    /// A schema from its text; it may refer to the shared parts.
    ///
    /// # Errors
    /// Not JSON, or not a valid JSON Schema 2020-12; a sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
        let schema = Self::of(Source::new(Json::from(&json)));
        // It must be compiled to know that it is valid, so a plan saves nothing and would have to know all that users write.
        let _ = schema.plan.set(None);
        schema.compiled().map(|_| ()).map_err(str::to_owned)?;
        Ok(schema)
    }

    fn of(source: Source) -> Self {
        Self {
            shape: Shape::of(&source),
            source,
            plan: OnceLock::new(),
            annotations: OnceLock::new(),
            json: OnceLock::new(),
            validator: OnceLock::new(),
        }
    }

    /// The whole schema with all shared parts inside.
    #[must_use]
    pub fn json(&self) -> &Value {
        self.json.get_or_init(|| self.source.bundled())
    }

    fn compiled(&self) -> Result<&Validator, &str> {
        let compiled = self.validator.get_or_init(|| {
            jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true)
                .with_format("moment", |text| Moment::parse(text).is_some())
                .with_pattern_options(PatternOptions::regex())
                .offline()
                .build(self.json())
                .map_err(|e| format!("it is not a valid schema: {e}"))
        });
        compiled.as_ref().map_err(String::as_str)
    }

    /// Everything about a value that the schema does not allow.
    #[must_use]
    pub fn check(&self, node: &Node) -> Vec<Problem> {
        let plan = self.plan.get_or_init(|| Plan::of(&self.source));
        if plan.as_ref().is_some_and(|plan| plan.proves(node, &self.shape)) {
            return Vec::new();
        }
        self.violations(node)
    }

    fn violations(&self, node: &Node) -> Vec<Problem> {
        let instance = to_json(node, &self.shape);
        let mut out = Vec::new();
        match self.compiled() {
            Ok(validator) => {
                for error in validator.iter_errors(&instance) {
                    violation::problems(&error, node, &self.shape, self.json(), &mut out);
                }
            }
            // User schemas are compiled when they are read; this is for a defect in an embedded one.
            Err(error) => out.push(Problem::new("field-invalid", node.span, format!("internal defect: {error}"))),
        }
        out
    }

    /// The schema of a definition of this one, such as a register's `entry`.
    #[must_use]
    pub fn definition(&self, name: &str) -> Option<Self> {
        Some(Self::of(self.source.definition(name)?))
    }

    /// An annotation at the root: `title`, or one of ours such as `x-sections`.
    #[must_use]
    pub fn annotation(&self, name: &str) -> Option<&Value> {
        let annotations = self.annotations.get_or_init(|| {
            let fields = self.source.root().value.fields().iter();
            let ours = fields.filter(|(key, _)| key.starts_with("x-") || key == "title");
            ours.map(|(key, value)| (key.to_string(), value.into())).collect()
        });
        annotations.get(name)
    }

    /// Whether a JSON value fits, with the first reason when it does not. For reports and tests.
    ///
    /// # Errors
    /// The first violation.
    pub fn accepts(&self, value: &Value) -> Result<(), String> {
        self.compiled()?.validate(value).map_err(|e| format!("{}: {e}", e.instance_path()))
    }
}

/// The schema of smsctl.toml.
#[must_use]
pub fn config() -> &'static Schema {
    static CONFIG: LazyLock<Schema> = LazyLock::new(|| load("config.schema.json"));
    &CONFIG
}

/// A schema of the `schemas` folder by its path, self-contained.
#[must_use]
pub fn embedded(path: &str) -> Option<Schema> {
    Some(Schema::of(Source::new(Json::parse(embedded::text(path)?)?)))
}

/// A register's document as a whole, and one entry of it.
type RegisterSchemas = (Arc<Schema>, Arc<Schema>);

/// The embedded schemas, each compiled once in a process however many SMSs are read.
static KINDS: LazyLock<BTreeMap<&str, OnceLock<Arc<Schema>>>> =
    LazyLock::new(|| embedded::names("kinds").map(|n| (n, OnceLock::new())).collect());
static REGISTERS: LazyLock<BTreeMap<&str, OnceLock<RegisterSchemas>>> =
    LazyLock::new(|| embedded::names("registers").map(|n| (n, OnceLock::new())).collect());

/// The schemas of the kinds and registers of one SMS: the embedded ones, and the user's, which come first.
#[derive(Clone, Debug, Default)]
pub struct SchemaSet {
    kinds: BTreeMap<String, Arc<Schema>>,
    registers: BTreeMap<String, RegisterSchemas>,
    /// Kinds and registers of the user whose schema cannot be used; that is a finding in smsctl.toml.
    set_aside: BTreeSet<(String, String)>,
}

impl SchemaSet {
    /// Adds or replaces a kind with the user's schema.
    pub fn add_kind(&mut self, name: &str, schema: Schema) {
        self.kinds.insert(name.to_owned(), Arc::new(schema));
    }

    /// Adds or replaces a register with the user's schema.
    ///
    /// # Errors
    /// When the schema has no `$defs.entry`.
    pub fn add_register(&mut self, name: &str, schema: Schema) -> Result<(), String> {
        let entry = schema.definition("entry").ok_or("it has no `$defs.entry` that says what an entry is")?;
        self.registers.insert(name.to_owned(), (Arc::new(schema), Arc::new(entry)));
        Ok(())
    }

    /// Remembers a `kind` or `register` whose schema cannot be used, so that its documents are not called unknown.
    pub fn set_aside(&mut self, what: &str, name: &str) {
        self.set_aside.insert((what.to_owned(), name.to_owned()));
    }

    /// Whether a `kind` or `register` has a schema of the user that cannot be used.
    #[must_use]
    pub fn is_set_aside(&self, what: &str, name: &str) -> bool {
        self.set_aside.contains(&(what.to_owned(), name.to_owned()))
    }

    /// Names of all kinds, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> = self.kinds.keys().map(String::as_str).chain(KINDS.keys().copied()).collect();
        names.into_iter()
    }

    /// Names of all registers, sorted.
    pub fn registers(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> =
            self.registers.keys().map(String::as_str).chain(REGISTERS.keys().copied()).collect();
        names.into_iter()
    }

    /// The schema of a kind.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&Arc<Schema>> {
        let built_in = || Some(KINDS.get(name)?.get_or_init(|| Arc::new(load(&format!("kinds/{name}.schema.json")))));
        self.kinds.get(name).or_else(built_in)
    }

    /// The schema of a register's document.
    #[must_use]
    pub fn register(&self, name: &str) -> Option<&Arc<Schema>> {
        self.register_pair(name).map(|(whole, _)| whole)
    }

    /// The schema of one entry of a register.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Arc<Schema>> {
        self.register_pair(name).map(|(_, entry)| entry)
    }

    fn register_pair(&self, name: &str) -> Option<&RegisterSchemas> {
        let built_in = || {
            Some(REGISTERS.get(name)?.get_or_init(|| {
                let whole = load(&format!("registers/{name}.schema.json"));
                let entry = whole.definition("entry").unwrap_or_else(|| Schema::of(Source::new(Json::Bool(true))));
                (Arc::new(whole), Arc::new(entry))
            }))
        };
        self.registers.get(name).or_else(built_in)
    }
}

fn load(path: &str) -> Schema {
    embedded(path).unwrap_or_else(|| Schema::of(Source::new(Json::Bool(true))))
}

/// The JSON a validator sees: plain scalars are text where the schema asks for text, else YAML 1.2 core values.
#[must_use]
pub fn to_json(node: &Node, shape: &Shape) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Scalar { text, plain } => scalar(text, *plain, &shape.form),
        Data::List(items) => {
            let item = shape.item().unwrap_or(&ANY);
            Value::Array(items.iter().map(|i| to_json(i, item)).collect())
        }
        Data::Map(fields) => {
            let fields = fields.iter().filter(|f| !matches!(f.value.data, Data::Null) || shape.is_foreign(f));
            let json = fields.map(|f| (f.key.to_string(), to_json(&f.value, shape.field(&f.key).unwrap_or(&ANY))));
            Value::Object(json.collect::<Map<_, _>>())
        }
    }
}

static ANY: LazyLock<Shape> = LazyLock::new(Shape::default);

fn scalar(text: &str, plain: bool, form: &Form) -> Value {
    let core = || core_value(text).unwrap_or_else(|| Value::String(text.to_owned()));
    match form {
        Form::Text => Value::String(text.to_owned()),
        _ if plain => core(),
        _ => Value::String(text.to_owned()),
    }
}

/// Numbers and booleans of the YAML 1.2 core schema.
fn core_value(text: &str) -> Option<Value> {
    match text {
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts_like_a_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let only_number_letters = unsigned.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
    if !starts_like_a_number || !only_number_letters {
        return None;
    }
    if let Ok(integer) = text.strip_prefix('+').unwrap_or(text).parse::<i64>() {
        return Some(Value::Number(integer.into()));
    }
    text.parse().ok().and_then(Number::from_f64).map(Value::Number)
}

/// Splits text where the schema asks for a list: cells of a CSV row hold lists as `a;b`.
pub fn split_lists(node: &mut Node, shape: &Shape) {
    match (&mut node.data, &shape.form) {
        (Data::Map(fields), Form::Object { .. }) => {
            for Field { key, value, .. } in fields {
                if let Some(shape) = shape.field(key) {
                    split_lists(value, shape);
                }
            }
        }
        (Data::Scalar { text, .. }, Form::List(_)) => {
            let mut offset = node.span.start as usize;
            let mut items = Vec::new();
            for part in text.split(';') {
                let lead = part.len() - part.trim_start().len();
                let start = offset + lead;
                let span = crate::source::Span::new(node.span.file, start, start + part.trim().len());
                if !part.trim().is_empty() {
                    items.push(Node { span, data: Data::Scalar { text: part.trim().into(), plain: true } });
                }
                offset += part.len() + 1;
            }
            node.data = Data::List(items);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn node(yaml: &str) -> Node {
        crate::document::load_yaml(FileId(0), yaml, 0..yaml.len()).unwrap()
    }

    fn check(schema: &str, yaml: &str) -> Vec<String> {
        let problems = Schema::parse(schema).unwrap().check(&node(yaml));
        problems.iter().map(|p| format!("{} `{}` {}", p.rule, &yaml[p.span.range()], p.message)).collect()
    }

    const SCHEMA: &str = r#"{"type":"object","properties":{"version":{"type":"string"},"n":{"type":"integer"},
        "on":{"type":"string","format":"date"},"at":{"type":"string","format":"moment"},"kind":{"enum":["risk","opportunity"]},"list":{"type":"array","items":{"type":"string"}},
        "ok":{"type":"boolean"}},"required":["version"],"unevaluatedProperties":false,
        "allOf":[{"if":{"properties":{"kind":{"const":"risk"}},"required":["kind"]},"then":{"description":"a risk has a number","required":["n"]}}]}"#;

    #[test]
    fn every_embedded_schema_compiles() {
        for (path, text) in embedded::FILES {
            Schema::parse(text).map_err(|e| format!("{path}: {e}")).unwrap();
        }
        assert!(embedded::FILES.len() > 40);
    }

    #[test]
    fn text_is_what_the_author_wrote() {
        assert_eq!(
            check(SCHEMA, "version: 1.10\nlist: [6.2, 8.10]\nn: 3\nok: true\non: 2026-02-10\n"),
            Vec::<String>::new()
        );
        assert_eq!(to_json(&node("version: 1.10"), &Schema::parse(SCHEMA).unwrap().shape)["version"], "1.10");
    }

    #[test]
    fn violations_point_at_the_very_characters() {
        assert_eq!(
            check(SCHEMA, "verison: 1\nn: two\n"),
            [
                "field-missing `verison` the field `version` is missing".replace("`verison`", "`1`"),
                "field-invalid `two` `n`: `two` is not a number".into(),
                "field-unknown `verison` `verison` is not a field of this".into(),
            ]
        );
        assert_eq!(
            check(SCHEMA, "version:\nkind: risc\non: 2026-02-30\n"),
            [
                "field-missing `version` the field `version` is empty",
                "field-invalid `risc` `kind`: `risc` is none of risk, opportunity",
                "field-invalid `2026-02-30` `on`: `2026-02-30` is not a valid date (year-month-day)",
            ]
        );
        assert_eq!(
            check(SCHEMA, "version: 1\nkind: risk\n"),
            ["field-missing `1` the field `n` is missing: a risk has a number"]
        );
    }

    #[test]
    fn a_moment_is_a_day_with_perhaps_a_time() {
        assert_eq!(check(SCHEMA, "version: 1\nat: 2026-04-14 10:05\n"), Vec::<String>::new());
        let wanted = "`at`: `2026-04-14 25:05` is not a valid day or time (year-month-day hour:minute)";
        assert_eq!(
            check(SCHEMA, "version: 1\nat: 2026-04-14 25:05\n"),
            [format!("field-invalid `2026-04-14 25:05` {wanted}")]
        );
    }

    #[test]
    fn a_to_do_is_no_violation() {
        assert_eq!(check(SCHEMA, "version: 1\non: TODO(first day)\n"), Vec::<String>::new());
    }

    #[test]
    fn list_cells_are_split_where_the_schema_has_a_list() {
        let schema = Schema::parse(SCHEMA).unwrap();
        let text = "list: a; b";
        let mut value = node(text);
        split_lists(&mut value, &schema.shape);
        let parts: Vec<_> = value.texts("list").map(|(t, s)| (t, &text[s.range()])).collect();
        assert_eq!(parts, [("a", "a"), ("b", "b")]);
    }
}
