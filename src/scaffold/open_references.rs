//! A template refers to what the core profile holds. In an SMS without it, such a reference is a to-do, not a defect.

use crate::artifact;
use crate::document::{self, FrontMatter};
use crate::source::FileId;
use crate::workspace::Workspace;

/// The text with each reference that leads nowhere in this SMS, or to the wrong sort of thing, turned into `TODO(…)`.
pub(super) fn opened(ws: &Workspace, text: String) -> String {
    let (mut parsed, _) = document::parse(FileId(0), &text);
    let FrontMatter::Present { node, .. } = &mut parsed.front else { return text };
    let read = artifact::read(node, &ws.schemas);
    let own = |id: &str, accepts: &[String]| {
        let fits =
            |types: &[std::sync::Arc<str>]| accepts.iter().any(|a| a == "any" || types.iter().any(|t| **t == **a));
        read.entities.iter().any(|e| e.id == id && fits(&e.types))
    };
    let mut out = text;
    let mut spans: Vec<_> = read
        .references
        .iter()
        .filter(|r| !matches!(r.accepts.first().map(String::as_str), Some("clause" | "toolkit-entry")))
        .filter(|r| !ws.entity(&r.to).is_some_and(|e| e.accepted(&r.accepts)) && !own(&r.to, &r.accepts))
        .map(|r| (r.span.range(), format!("TODO({} instead of {})", wanted(&r.accepts), r.to)))
        .collect();
    spans.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    spans.dedup_by(|a, b| a.0 == b.0);
    for (range, to_do) in spans {
        out.replace_range(range, &to_do);
    }
    out
}

fn wanted(accepts: &[String]) -> String {
    let words = accepts.iter().map(|a| match a.strip_prefix("artifact:") {
        Some(kind) => format!("{kind} document"),
        None if matches!(a.as_str(), "any" | "artifact") => "document".to_owned(),
        None => a.replace('-', " "),
    });
    format!("id of a {}", words.collect::<Vec<_>>().join(" or "))
}
