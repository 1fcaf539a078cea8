//! One self-contained schema out of several: every reference into the shared parts becomes a local one.

use serde_json::{Map, Value};

/// What a reference into the shared parts has before its pointer.
pub(super) const COMMON_FILE: &str = "common.schema.json#";
const COMMON: &str = "common.schema.json#/$defs/";
const LOCAL: &str = "#/$defs/";

/// Copies the shared definitions into `schema` and rewrites its references to them.
pub(super) fn bundle(schema: &Value, common: &Value) -> Value {
    let mut out = rewrite(schema, "");
    let needed = wants_common(&out);
    if let (true, Some(root)) = (needed, out.as_object_mut()) {
        let defs = root.entry("$defs").or_insert_with(|| Value::Object(Map::new()));
        if let (Some(defs), Some(shared)) = (defs.as_object_mut(), common.get("$defs").and_then(Value::as_object)) {
            let mut wanted = Vec::new();
            collect(&Value::Object(defs.clone()), &mut wanted);
            collect(schema_without_defs(schema).as_ref().unwrap_or(&Value::Null), &mut wanted);
            add_reachable(defs, shared, wanted);
        }
    }
    out
}

fn schema_without_defs(schema: &Value) -> Option<Value> {
    let mut rewritten = rewrite(schema, "");
    rewritten.as_object_mut()?.remove("$defs");
    Some(rewritten)
}

fn add_reachable(defs: &mut Map<String, Value>, shared: &Map<String, Value>, mut wanted: Vec<String>) {
    while let Some(name) = wanted.pop() {
        let key = format!("common-{name}");
        if let (false, Some(value)) = (defs.contains_key(&key), shared.get(&name)) {
            let value = rewrite(value, "common-");
            collect(&value, &mut wanted);
            defs.insert(key, value);
        }
    }
}

/// Names of the shared definitions a rewritten schema refers to.
fn collect(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/$defs/common-"))
            {
                out.push(name.to_owned());
            }
            map.values().for_each(|v| collect(v, out));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, out)),
        _ => {}
    }
}

fn wants_common(value: &Value) -> bool {
    let mut names = Vec::new();
    collect(value, &mut names);
    !names.is_empty()
}

/// `prefix` is put before names of local definitions: the shared file's own are `common-…` in a bundle.
fn rewrite(value: &Value, prefix: &str) -> Value {
    match value {
        Value::Object(map) => {
            let fields = map.iter().map(|(key, value)| {
                let value = match (key.as_str(), value.as_str()) {
                    ("$ref", Some(target)) => Value::String(rewrite_ref(target, prefix)),
                    _ => rewrite(value, prefix),
                };
                (key.clone(), value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|v| rewrite(v, prefix)).collect()),
        other => other.clone(),
    }
}

fn rewrite_ref(target: &str, prefix: &str) -> String {
    if let Some(at) = target.find(COMMON) {
        return format!("{LOCAL}common-{}", &target[at + COMMON.len()..]);
    }
    match target.strip_prefix(LOCAL) {
        Some(name) => format!("{LOCAL}{prefix}{name}"),
        None => target.to_owned(),
    }
}
