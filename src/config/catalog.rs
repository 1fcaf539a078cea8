//! `[catalog]`: files of the user that add to the toolkit and the standard.

use crate::document::Node;
use crate::source::Span;

/// Files that add to the catalogue, as paths below the root.
#[derive(Clone, Debug, Default)]
pub struct CatalogFiles {
    /// Tables of toolkit entries.
    pub entries: Vec<NamedPath>,
    /// Practices: what belongs together.
    pub families: Vec<NamedPath>,
    /// Questions of readiness.
    pub checklists: Vec<NamedPath>,
    /// Clause trees, by the name of the standard.
    pub clauses: Vec<(String, NamedPath)>,
    /// Folder of templates.
    pub templates: Option<NamedPath>,
}

/// A path of smsctl.toml.
#[derive(Clone, Debug)]
pub struct NamedPath {
    /// As written.
    pub path: String,
    /// Where it stands in smsctl.toml.
    pub span: Span,
}

impl CatalogFiles {
    pub(super) fn read(section: &Node) -> Self {
        let all = |key: &str| section.texts(key).map(|(path, span)| named(path, span)).collect();
        let clauses = section.get("clauses").map(Node::fields).unwrap_or_default();
        Self {
            entries: all("entries"),
            families: all("families"),
            checklists: all("checklists"),
            clauses: clauses
                .iter()
                .filter_map(|f| Some((f.key.to_string(), named(f.value.as_str()?, f.value.span))))
                .collect(),
            templates: section.str("templates").map(|path| named(path, section.span_of("templates"))),
        }
    }

    /// Whether nothing is added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lists = [&self.entries, &self.families, &self.checklists];
        lists.iter().all(|l| l.is_empty()) && self.clauses.is_empty() && self.templates.is_none()
    }

    /// Whether a file is a template and no document.
    #[must_use]
    pub fn is_template(&self, path: &str) -> bool {
        let folder = self.templates.as_ref().map(|t| t.path.trim_start_matches("./").trim_end_matches('/'));
        folder.is_some_and(|f| !f.is_empty() && path.strip_prefix(f).is_some_and(|rest| rest.starts_with('/')))
    }
}

fn named(path: &str, span: Span) -> NamedPath {
    NamedPath { path: path.to_owned(), span }
}
