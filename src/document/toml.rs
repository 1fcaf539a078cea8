//! TOML to [`Node`]s with places, so that smsctl.toml is checked like everything else.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::node::{Data, Field, Node};
use crate::source::{FileId, Span};

/// Reads a TOML file.
///
/// # Errors
/// The syntax error and its place.
pub fn load(file: FileId, text: &str) -> Result<Node, (Span, String)> {
    match DeTable::parse(text) {
        Ok(table) => Ok(Node { span: Span::new(file, 0, text.len()), data: fields(file, text, table.get_ref()) }),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            Err((Span::new(file, range.start, range.end), error.message().to_owned()))
        }
    }
}

fn fields(file: FileId, text: &str, table: &DeTable<'_>) -> Data {
    let mut fields: Vec<Field> = table
        .iter()
        .map(|(key, value)| Field {
            key: key.get_ref().as_ref().into(),
            key_span: Span::new(file, key.span().start, key.span().end),
            value: node(file, text, value),
        })
        .collect();
    fields.sort_by_key(|f| f.key_span);
    Data::Map(fields)
}

fn node(file: FileId, text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    let range = value.span();
    let span = Span::new(file, range.start, range.end);
    let data = match value.get_ref() {
        DeValue::String(s) => Data::Scalar { text: s.as_ref().into(), plain: false },
        DeValue::Array(items) => Data::List(items.iter().map(|i| node(file, text, i)).collect()),
        DeValue::Table(table) => fields(file, text, table),
        _ => Data::Scalar { text: text.get(range).unwrap_or_default().into(), plain: true },
    };
    Node { span, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_places() {
        let text = "[sms]\norganization = \"N\"\n[check]\ntoday = 2026-11-20\n[[waivers]]\nrule = \"x\"\n";
        let node = load(FileId(0), text).unwrap();
        assert_eq!(node.get("sms").and_then(|s| s.str("organization")), Some("N"));
        assert_eq!(node.get("check").and_then(|s| s.date("today")), Some(jiff::civil::date(2026, 11, 20)));
        let waiver = &node.list("waivers")[0];
        assert_eq!(&text[waiver.span_of("rule").range()], "\"x\"");
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let (span, message) = load(FileId(0), "[sms\n").unwrap_err();
        assert!(span.start >= 3 && !message.is_empty());
    }
}
