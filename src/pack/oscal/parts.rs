//! Small parts of OSCAL files: objects, properties, days, references.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::text::{plain, prose};

/// The name space of properties that OSCAL does not know.
pub(super) const NAMESPACE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/ns/oscal");

/// An object of the fields that hold something: OSCAL has neither null nor empty lists.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().filter(|(_, v)| holds(v)).map(|(k, v)| (k.to_owned(), v)).collect())
}

/// A list of the values that hold something.
pub(super) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(values.into_iter().filter(holds).collect())
}

fn holds(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
}

/// A property of ours; nothing when it has no value.
pub(super) fn prop(name: &str, value: &str) -> Value {
    explained(name, value, "")
}

/// A property of ours with a remark.
pub(super) fn explained(name: &str, value: &str, remark: &str) -> Value {
    let Some(value) = plain(value) else {
        return Value::Null;
    };
    object([
        ("name", json!(name)),
        ("ns", json!(NAMESPACE)),
        ("value", json!(value)),
        ("remarks", json!(prose(remark))),
    ])
}

/// A property of OSCAL itself.
pub(super) fn standard_prop(name: &str, value: &str) -> Value {
    plain(value).map_or(Value::Null, |value| object([("name", json!(name)), ("value", json!(value))]))
}

/// A day as a property of ours.
pub(super) fn day_prop(name: &str, day: Option<Date>) -> Value {
    day.map_or(Value::Null, |d| prop(name, &d.to_string()))
}

/// A day as OSCAL writes moments: its first second in UTC, because an SMS says no time. OSCAL knows years from 1900 to 2999.
pub(super) fn day(day: Option<Date>) -> Value {
    let known = day.filter(|d| (1900..3000).contains(&d.year()));
    known.map_or(Value::Null, |d| json!(format!("{d}T00:00:00Z")))
}

/// A moment as OSCAL writes it, held within the years it knows.
pub(super) fn moment(at: Timestamp) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or_default();
    // 1900-01-01 and 2999-12-31.
    let (first, last) = (-2_208_988_800, 32_503_593_600);
    Timestamp::from_second(whole.as_second().clamp(first, last)).unwrap_or_default().to_string()
}

/// A link to a resource of the same file.
pub(super) fn link(resource: Option<String>, rel: &str) -> Value {
    resource.map_or(Value::Null, |id| json!({"href": format!("#{id}"), "rel": rel}))
}

/// Required text: what is not written down is said to be so.
pub(super) fn told(text: Option<&str>) -> String {
    text.and_then(prose).unwrap_or_else(|| "Not written down.".into())
}

/// The first letter large, a full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let large = crate::report::sentence(text.trim());
    let ended = large.is_empty() || large.ends_with(['.', '!', '?', '…']);
    large + if ended { "" } else { "." }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_the_years_that_oscal_knows() {
        let at = |text: &str| moment(text.parse().unwrap());
        assert_eq!(at("2026-11-20T12:00:00.5Z"), "2026-11-20T12:00:00Z");
        assert_eq!(at("0001-01-01T00:00:00Z"), "1900-01-01T00:00:00Z");
        assert_eq!(at("9999-01-01T00:00:00Z"), "2999-12-31T00:00:00Z");
        assert_eq!(day("1899-12-31".parse().ok()), Value::Null);
        assert_eq!(day("2024-02-29".parse().ok()), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn what_holds_nothing_is_left_out() {
        let value = object([("a", Value::Null), ("b", list([prop("x", " ")])), ("c", json!({}))]);
        assert_eq!(value, json!({"c": {}}));
    }
}
