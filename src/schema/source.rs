//! A schema as it was written, and where its references lead: into itself or into the shared parts.

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::json::Json;
use super::{bundle, embedded};

/// The shared parts.
static COMMON: LazyLock<Json> =
    LazyLock::new(|| embedded::text("common.schema.json").and_then(Json::parse).unwrap_or(Json::Null));

/// A schema file, or one definition of it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    file: Arc<Json>,
    definition: Option<String>,
}

impl Source {
    pub(super) fn new(file: Json) -> Self {
        Self { file: Arc::new(file), definition: None }
    }

    /// A definition of this schema as a schema of its own.
    pub(super) fn definition(&self, name: &str) -> Option<Self> {
        self.file.get("$defs")?.get(name)?;
        Some(Self { file: self.file.clone(), definition: Some(name.to_owned()) })
    }

    /// Where validation starts.
    pub(super) fn root(&self) -> Part<'_> {
        let definition = self.definition.as_ref().and_then(|name| self.file.get("$defs")?.get(name));
        Part { value: definition.unwrap_or(&self.file), file: &self.file }
    }

    /// The schema in one piece, with all shared parts inside.
    pub(super) fn bundled(&self) -> Value {
        let whole = bundle::bundle(&(&*self.file).into(), &(&*COMMON).into());
        match &self.definition {
            Some(name) => alone(&whole, name).unwrap_or(Value::Bool(true)),
            None => whole,
        }
    }
}

fn alone(whole: &Value, name: &str) -> Option<Value> {
    let defs = whole.get("$defs")?;
    let mut json = defs.get(name)?.clone();
    json.as_object_mut()?.insert("$defs".into(), defs.clone());
    Some(json)
}

/// A part of a schema, and the file that its own references point into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'s> {
    pub(super) value: &'s Json,
    file: &'s Json,
}

impl<'s> Part<'s> {
    /// A part inside this one.
    pub(super) fn inner(self, value: &'s Json) -> Self {
        Self { value, ..self }
    }

    /// The part that a reference names.
    pub(super) fn referred(self, target: &str) -> Option<Self> {
        let (file, pointer) = match target.split_once(bundle::COMMON_FILE) {
            Some((_, pointer)) => (&*COMMON, pointer),
            None => (self.file, target.strip_prefix('#')?),
        };
        Some(Self { value: file.pointer(pointer)?, file })
    }
}
