//! What front matter says of an artifact, read fast: a history holds it many thousand times.

use super::plain::{self, Value};
use crate::document::{FrontMatter, front_matter};
use crate::source::{FileId, MAX_TEXT_BYTES, decode};

/// What the front matter of an artifact says of it. Fields that are absent are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its kind; a register has one too.
    pub kind: String,
    /// The register it is, or its entry belongs to.
    pub register: Option<String>,
    /// The version as written.
    pub version: String,
    /// The status as written.
    pub status: String,
    /// The title.
    pub title: String,
    /// Who wrote it, when it says so.
    pub author: Option<String>,
    /// The accountable role.
    pub owner: String,
    /// The roles named as approvers.
    pub approvers: Vec<String>,
}

/// Reads the front matter of a Markdown file; `None` when it has none that can be read, or no id.
///
/// Plain front matter is read by a light scanner; all else goes to the reader that [`crate::document`] is.
#[must_use]
pub fn head(bytes: &[u8]) -> Option<Head> {
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        return None;
    }
    let text = decode(bytes.to_vec()).ok()?;
    if let Some(fields) = plain::fields(&text) {
        return of_plain(&fields);
    }
    match front_matter(FileId(0), &text) {
        FrontMatter::Present { node, .. } => {
            let approvers = node.texts(APPROVERS).map(|(text, _)| text.to_owned()).collect();
            of(|key| node.str(key).map(str::to_owned), approvers)
        }
        _ => None,
    }
}

const APPROVERS: &str = "approvers";

fn of_plain(fields: &[(&str, Value<'_>)]) -> Option<Head> {
    let value = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
    let approvers = match value(APPROVERS) {
        Some(Value::Text(one)) => vec![(*one).to_owned()],
        Some(Value::List(all)) => all.iter().map(|one| (*one).to_owned()).collect(),
        Some(Value::Map | Value::Nothing) | None => Vec::new(),
    };
    let text = |key: &str| match value(key) {
        Some(Value::Text(text)) => Some((*text).to_owned()),
        _ => None,
    };
    of(text, approvers)
}

fn of(text: impl Fn(&str) -> Option<String>, approvers: Vec<String>) -> Option<Head> {
    let id = text("id").filter(|id| !id.is_empty())?;
    Some(Head {
        id,
        kind: text("kind").unwrap_or_default(),
        register: text("register"),
        version: text("version").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        author: text("author"),
        owner: text("owner").unwrap_or_default(),
        approvers,
    })
}
