//! The sections a kind asks for (`x-sections`) and where a document has them; shared by the rules about sections.

use serde_json::Value;

use super::empty_document;
use crate::rules::{Ctx, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// A section: the titles it may have (the first is the usual one), and the headings (by index) that have one of them.
pub(super) struct Section<'a> {
    pub(super) titles: Vec<&'a str>,
    pub(super) headings: Vec<usize>,
}

/// Headings of one section that are looked at: a text of nothing but equal headings must not cost a lifetime.
const MOST: usize = 8;

/// The sections an artifact must have; none when its kind asks for none, or when another rule speaks of it.
pub(super) fn wanted<'a>(ctx: &Ctx<'_>, artifact: ArtifactView<'a>, out: &mut Sink) -> Vec<Section<'a>> {
    let schema = artifact.ws.schemas.kind(artifact.kind());
    let list = schema.and_then(|s| s.annotation("x-sections")).and_then(Value::as_array);
    let Some(list) = list.filter(|_| artifact.is_current() && !empty_document::is_empty(ctx, artifact)) else {
        return Vec::new();
    };
    if !in_known_language(artifact) {
        out.not_evaluated(
            "the titles of sections are known in English only; a kind of your own with `x-sections` gives them in your language",
        );
        return Vec::new();
    }
    let keys: Vec<String> = artifact.document().body.headings.iter().map(|h| key(&h.text)).collect();
    list.iter().map(titles).filter(|t| !t.is_empty()).map(|titles| found(&keys, titles)).collect()
}

/// Kinds of the user name their sections in the user's language.
fn in_known_language(artifact: ArtifactView<'_>) -> bool {
    let config = &artifact.ws.config;
    let language = artifact.front().str("language").unwrap_or(&config.language);
    let base = language.split('-').next().unwrap_or_default();
    base.eq_ignore_ascii_case("en") || config.kinds.iter().any(|k| k.name == artifact.kind())
}

fn titles(item: &Value) -> Vec<&str> {
    match item {
        Value::String(title) => vec![title],
        Value::Array(titles) => titles.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn found<'a>(headings: &[String], titles: Vec<&'a str>) -> Section<'a> {
    let keys: Vec<String> = titles.iter().map(|t| key(t)).collect();
    let headings = headings.iter().enumerate();
    let headings = headings.filter(|(_, heading)| keys.contains(heading)).map(|(index, _)| index).take(MOST).collect();
    Section { titles, headings }
}

/// What counts of a heading: no number before it, no case, no punctuation behind it.
///
/// `3.1 Roles and RACI:` counts as `roles and raci`.
pub(super) fn key(title: &str) -> String {
    let title = title.trim();
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    let number = title.get(..title.len() - rest.len()).unwrap_or_default();
    let numbered = number.ends_with(['.', ')']) || (!number.is_empty() && rest.starts_with(char::is_whitespace));
    let words = if numbered { rest } else { title };
    let dash = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':');
    let end = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '…' | '–' | '—');
    let words = words.trim_start_matches(dash).trim_end_matches(end).to_lowercase();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where something is said of a text as a whole: its first heading, else the artifact's id.
pub(super) fn place(artifact: ArtifactView<'_>) -> Span {
    artifact.document().body.headings.first().map_or_else(|| artifact.span(), |h| h.span)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn numbers_case_and_punctuation_do_not_count() {
        for title in
            ["Roles and RACI", "3.1 Roles and RACI", "3. roles  and raci:", "4) Roles and RACI", "5 – Roles and RACI."]
        {
            assert_eq!(key(title), "roles and raci", "{title}");
        }
        assert_eq!(key("24/7 support"), "24/7 support");
        assert_eq!(key("3D models"), "3d models");
        assert_eq!(key("2026"), "2026");
    }
}
