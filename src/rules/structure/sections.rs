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
    let headings: Vec<&str> = artifact.document().body.headings.iter().map(|h| words(&h.text)).collect();
    list.iter().map(titles).filter(|t| !t.is_empty()).map(|titles| found(&headings, titles)).collect()
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

fn found<'a>(headings: &[&str], titles: Vec<&'a str>) -> Section<'a> {
    let wanted: Vec<&str> = titles.iter().map(|t| words(t)).collect();
    let headings = headings.iter().enumerate();
    let headings = headings.filter(|(_, heading)| wanted.iter().any(|w| equal(w, heading)));
    let headings = headings.map(|(index, _)| index).take(MOST).collect();
    Section { titles, headings }
}

/// Whether two headings say the same: no number before them, no case, no punctuation behind them counts.
///
/// `3.1 Roles and RACI:` counts as `roles and raci`.
pub(super) fn same(heading: &str, title: &str) -> bool {
    equal(words(heading), words(title))
}

/// What counts of a heading, as it is written.
fn words(title: &str) -> &str {
    let title = title.trim();
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    let number = title.get(..title.len() - rest.len()).unwrap_or_default();
    let numbered = number.ends_with(['.', ')']) || (!number.is_empty() && rest.starts_with(char::is_whitespace));
    let words = if numbered { rest } else { title };
    let dash = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':');
    let end = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '…' | '–' | '—');
    words.trim_start_matches(dash).trim_end_matches(end)
}

/// Compared word by word: nearly all differ in the first, so that no text is copied.
fn equal(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split_whitespace(), other.split_whitespace());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            (Some(a), Some(b)) if !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase() => {}
            _ => return false,
        }
    }
}

/// Where something is said of a text as a whole: its first heading, else the artifact's id.
pub(super) fn place(artifact: ArtifactView<'_>) -> Span {
    artifact.document().body.headings.first().map_or_else(|| artifact.span(), |h| h.span)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn numbers_case_and_punctuation_do_not_count() {
        for title in
            ["Roles and RACI", "3.1 Roles and RACI", "3. roles  and raci:", "4) Roles and RACI", "5 – Roles and RACI."]
        {
            assert!(same(title, "roles and raci"), "{title}");
        }
        assert!(same("ÜBERSICHT DER ΛΌΓΟΣ", "Übersicht der λόγος") && same("\u{212a}PIs", "kpis"));
        for (one, other) in
            [("24/7 support", "7 support"), ("3D models", "D models"), ("2026", ""), ("a b", "a"), ("ä", "a")]
        {
            assert!(!same(one, other), "{one}");
        }
    }
}
