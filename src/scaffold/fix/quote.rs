//! Quotes around text that other YAML readers would take for a number, a boolean or a date and write back differently.

use super::Shapes;
use crate::document::{Data, Node};
use crate::schema::{Form, Shape};
use crate::source::Span;

/// The text with such values in quotes, and how many there were.
pub(super) fn values(text: &str, front: &Node, shapes: &Shapes) -> (String, usize) {
    let mut found = Vec::new();
    for field in front.fields() {
        if let Some(shape) = shapes.field(&field.key) {
            collect(text, &field.value, shape, &mut found);
        }
    }
    found.sort_by_key(|s| std::cmp::Reverse(s.start));
    let mut out = text.to_owned();
    for span in &found {
        let quoted = format!("\"{}\"", text.get(span.range()).unwrap_or_default());
        out.replace_range(span.range(), &quoted);
    }
    (out, found.len())
}

fn collect(text: &str, node: &Node, shape: &Shape, out: &mut Vec<Span>) {
    match (&node.data, &shape.form) {
        (Data::Scalar { text: value, plain: true }, Form::Text) => {
            // What stands there is the value itself, or it is not ours to quote.
            let written = text.get(node.span.range()).unwrap_or_default();
            if written == &**value && changes_elsewhere(value, shape.date) {
                out.push(node.span);
            }
        }
        (Data::List(items), Form::List(item)) => items.iter().for_each(|i| collect(text, i, item, out)),
        (Data::Map(fields), Form::Object { .. }) => {
            for field in fields {
                if let Some(shape) = shape.field(&field.key) {
                    collect(text, &field.value, shape, out);
                }
            }
        }
        _ => {}
    }
}

/// Whether a reader of YAML 1.1 or 1.2 may take a plain text for something else that does not read the same: 1.10 becomes
/// 1.1, `no` becomes false. A date in a field for dates is a date.
fn changes_elsewhere(text: &str, date_field: bool) -> bool {
    is_word(text) || (is_date(text) && !date_field) || is_odd_number(text)
}

fn is_word(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~" | "=")
        || matches!(lower.trim_start_matches(['-', '+']), ".inf" | ".nan")
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, length: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|p| length.contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let (year, month) = (digits(parts.next(), 4..=4), digits(parts.next(), 1..=2));
    let day = parts.next().map(|rest| rest.split(['T', 't', ' ']).next().unwrap_or_default());
    year && month && digits(day, 1..=2)
}

/// Numbers that are written back in another way: leading zeros, closing zeros, signs, underscores, bases, times of day.
fn is_odd_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let bare = unsigned.replace('_', "");
    let based = ["0x", "0o", "0b"].iter().any(|b| bare.strip_prefix(b).is_some_and(is_hex));
    let clock = bare.contains(':')
        && bare.split(':').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    if based || clock {
        return true;
    }
    let numeric = bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    if !numeric {
        return false;
    }
    match bare.parse::<f64>() {
        Ok(number) => text.starts_with('+') || bare != unsigned || number.to_string() != bare || text == "-0",
        Err(_) => false,
    }
}

fn is_hex(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_differently_elsewhere_is_quoted() {
        let odd = [
            "1.10",
            "2.0",
            "007",
            "1_000",
            "+1",
            "0x1F",
            "0o17",
            "12:30",
            "1e3",
            ".5",
            "no",
            "Yes",
            "OFF",
            "true",
            "~",
            ".inf",
            "2026-02-10",
            "2026-2-1",
            "2026-02-10T10:00:00",
            "12345678901234567890",
        ];
        assert_eq!(odd.iter().find(|t| !changes_elsewhere(t, false)), None);
        let plain =
            ["1.9", "6.2", "12", "1.2.3", "0", "-3", "none", "2026-02", "P1Y", "PC-01", "a: b", "1.2.10", "0xZZ", "."];
        assert_eq!(plain.iter().find(|t| changes_elsewhere(t, false)), None);
        assert!(!changes_elsewhere("2026-02-10", true) && changes_elsewhere("no", true));
    }
}
