//! The document register (master list) and the list of all entities: computed, never typed.

use super::{ArtifactView, EntityView, Workspace};

/// What a list is narrowed to; an empty one takes everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kind of artifact, or type of entity.
    pub kind: Option<String>,
    /// Status as written.
    pub status: Option<String>,
    /// The accountable role.
    pub owner: Option<String>,
    /// A clause; those below it count too.
    pub clause: Option<String>,
}

impl Filter {
    /// Whether an artifact is wanted.
    #[must_use]
    pub fn takes_artifact(&self, artifact: ArtifactView<'_>) -> bool {
        let owner = artifact.front().str("owner").unwrap_or_default();
        wanted(self.kind.as_ref(), artifact.kind())
            && wanted(self.status.as_ref(), artifact.status())
            && wanted(self.owner.as_ref(), owner)
            && self.clause.as_ref().is_none_or(|c| artifact.clauses().iter().any(|a| is_within(a, c)))
    }

    /// Whether an entity is wanted. What an entry does not say of itself, its document says for it.
    #[must_use]
    pub fn takes_entity(&self, entity: EntityView<'_>) -> bool {
        let front = entity.artifact().front();
        let said = |field: &str| entity.str(field).or_else(|| front.str(field)).unwrap_or_default();
        let typed = self.kind.as_ref().is_none_or(|k| entity.kind() == k || entity.is(k));
        typed
            && wanted(self.status.as_ref(), said("status"))
            && wanted(self.owner.as_ref(), said("owner"))
            && self.clause.as_ref().is_none_or(|c| clauses(entity).iter().any(|a| is_within(a, c)))
    }
}

fn wanted(filter: Option<&String>, value: &str) -> bool {
    filter.is_none_or(|f| f == value)
}

/// Clauses an entity names; those of its document when it names none.
fn clauses(entity: EntityView<'_>) -> Vec<&str> {
    let node = entity.node();
    let own: Vec<&str> = node.texts("clauses").chain(node.texts("clause")).map(|(t, _)| t).collect();
    if own.is_empty() { entity.artifact().clauses().iter().map(String::as_str).collect() } else { own }
}

/// Whether a clause is another one or stands below it.
///
/// ```
/// use smsctl::workspace::is_within;
/// assert!(is_within("6.2.1", "6.2") && is_within("6.2", "6.2"));
/// assert!(!is_within("6.20", "6.2"));
/// ```
#[must_use]
pub fn is_within(clause: &str, wanted: &str) -> bool {
    clause.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Workspace {
    /// The artifacts a filter takes, by document number.
    #[must_use]
    pub fn master_list(&self, filter: &Filter) -> Vec<ArtifactView<'_>> {
        let mut found: Vec<_> = self.artifacts().filter(|a| filter.takes_artifact(*a)).collect();
        found.sort_by_key(|a| (a.id(), a.path()));
        found
    }

    /// The entities a filter takes, by type, in the order they stand.
    #[must_use]
    pub fn entity_list(&self, filter: &Filter) -> Vec<EntityView<'_>> {
        let all = (0..self.entities.len()).map(|ix| self.entity_at(ix));
        let mut found: Vec<_> = all.filter(|e| filter.takes_entity(*e)).collect();
        found.sort_by_key(|e| e.kind());
        found
    }

    /// Paths of files that belong to the SMS and could not be read, sorted: no list may be silent about them.
    #[must_use]
    pub fn broken_files(&self) -> Vec<&str> {
        const FATAL: [&str; 6] = [
            "front-matter-malformed",
            "not-utf8",
            "unreadable-file",
            "yaml-duplicate-key",
            "yaml-syntax",
            "yaml-unsupported",
        ];
        let fatal = self.problems.iter().filter(|p| FATAL.contains(&p.rule) && p.span.file != self.config.file);
        let mut paths: Vec<&str> = fatal.map(|p| self.sources.path(p.span)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}
