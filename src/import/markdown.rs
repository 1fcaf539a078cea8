//! Markdown without front matter: its title is its first heading, the rest stays as it is.

use super::{ControlBlock, Imported};
use crate::document;
use crate::source::FileId;

/// Reads a Markdown text; `None` when it has front matter already.
pub(super) fn read(text: &str) -> Option<Imported> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (parsed, _) = document::parse(FileId(0), text);
    if !matches!(parsed.front, document::FrontMatter::Absent) {
        return None;
    }
    let first = parsed.body.headings.first().filter(|h| h.level == 1);
    let mut out = Imported { body: text.to_owned(), control: ControlBlock::default(), ..Imported::default() };
    // Only a heading at the top is the title; what stands above it would change its place.
    if let Some(heading) = first.filter(|h| text.get(..h.span.start as usize).is_some_and(|t| t.trim().is_empty())) {
        out.title = Some(heading.text.trim().to_owned()).filter(|t| !t.is_empty());
        let rest = text.get(heading.span.end as usize..).unwrap_or_default();
        rest.trim_start_matches(['\r', '\n']).clone_into(&mut out.body);
    }
    Some(out)
}
