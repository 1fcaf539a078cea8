//! What several rules of this group ask of an SMS. Each fact stands once.

use jiff::civil::Date;

use crate::document::{Data, Node};
use crate::rules::Ctx;
use crate::rules::links::{self, Target};
use crate::rules::words::same_version;
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// The day so many days after (or before) another; options are untrusted, so it stops at the ends of the calendar.
pub(crate) fn days_after(date: Date, days: i64) -> Date {
    let later = jiff::Span::new().try_days(days).and_then(|span| date.checked_add(span));
    later.unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

/// The day so many months after (or before) another.
pub(crate) fn months_after(date: Date, months: i64) -> Date {
    let later = jiff::Span::new().try_months(months).and_then(|span| date.checked_add(span));
    later.unwrap_or(if months < 0 { Date::MIN } else { Date::MAX })
}

/// Days from one day to a later one.
pub(in crate::rules) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Whether a field holds something; an empty list does not.
pub(in crate::rules) fn filled(node: &Node, field: &str) -> bool {
    node.get(field).is_some_and(|value| !matches!(&value.data, Data::List(items) if items.is_empty()))
}

/// The service management policy once it applies: approved, and its first day has come.
pub(in crate::rules) fn policy_in_force<'a>(ctx: &Ctx<'a>) -> Option<ArtifactView<'a>> {
    let starts_later = |p: &ArtifactView<'_>| p.front().date("effective_on").is_some_and(|on| on > ctx.today);
    ctx.ws.policy().filter(|p| p.is_approved() && !starts_later(p))
}

/// The field that started the review clock: the later of `effective_on` and `reviewed_on`.
pub(in crate::rules) fn review_field(artifact: ArtifactView<'_>) -> &'static str {
    let front = artifact.front();
    if front.date("reviewed_on") > front.date("effective_on") { "reviewed_on" } else { "effective_on" }
}

/// Services customers use now and the SMS covers.
pub(in crate::rules) fn live_services(ws: &Workspace) -> impl Iterator<Item = EntityView<'_>> {
    let live = |s: &EntityView<'_>| s.str("lifecycle") == Some("live") && s.node().bool("in_scope") == Some(true);
    ws.of_type("service").filter(move |s| !s.is_retired() && live(s))
}

/// Suppliers whose contract runs, notice given or not.
pub(in crate::rules) fn active_suppliers(ws: &Workspace) -> impl Iterator<Item = EntityView<'_>> {
    let runs = |s: &EntityView<'_>| matches!(s.str("status"), Some("active" | "under-notice"));
    ws.of_type("supplier").filter(move |s| !s.is_retired() && runs(s))
}

/// Active suppliers that matter (criticality high or critical) and carry a live service of the scope.
pub(in crate::rules) fn material_suppliers(ws: &Workspace) -> Vec<EntityView<'_>> {
    let live: Vec<_> = live_services(ws).collect();
    let carries = |supplier: &EntityView<'_>| {
        supplier.refs("provides").any(|target| live.contains(&target))
            || live.iter().any(|s| s.refs("other_parties").chain(s.refs("components")).any(|p| p == *supplier))
    };
    let matters = |s: &EntityView<'_>| matches!(s.str("criticality"), Some("high" | "critical"));
    active_suppliers(ws).filter(matters).filter(carries).collect()
}

/// Communication about a document, of whatever version.
pub(in crate::rules) fn communication(about: ArtifactView<'_>) -> impl Iterator<Item = EntityView<'_>> {
    let entity = about.entity();
    entity.into_iter().flat_map(|e| e.referrers_by("communication-evidence", "subject_ref"))
}

/// Communication about the current version of a document.
pub(in crate::rules) fn current_communication(about: ArtifactView<'_>) -> impl Iterator<Item = EntityView<'_>> {
    communication(about).filter(move |e| e.str("subject_version").is_some_and(|v| same_version(v, about.version())))
}

/// Whether a document leads to another: by a link, or by its id in the text or the front matter.
pub(in crate::rules) fn mentions(from: ArtifactView<'_>, to: ArtifactView<'_>) -> bool {
    let links = &from.document().body.links;
    links.iter().any(|link| link_path(from.path(), &link.target).as_deref() == Some(to.path()))
        || names(from.text(), to.id())
}

/// The file of this SMS a link leads to.
pub(in crate::rules) fn link_path(from: &str, target: &str) -> Option<String> {
    match links::target(from, target) {
        Target::Inside { path, .. } if path != from => Some(path),
        _ => None,
    }
}

/// Whether an id stands in a text as a word of its own.
fn names(text: &str, id: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '-';
    let free = |start: usize| {
        let before = text.get(..start).and_then(|t| t.chars().next_back());
        let after = text.get(start + id.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    };
    !id.is_empty() && text.match_indices(id).any(|(start, _)| free(start))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ids_are_found_as_whole_words() {
        assert!(names("see SMS-REG-OBL.", "SMS-REG-OBL") && names("[SMS-REG-OBL]", "SMS-REG-OBL"));
        assert!(!names("see SMS-REG-OBL-2", "SMS-REG-OBL") && !names("anything", ""));
    }

    #[test]
    fn links_lead_to_files_and_not_to_the_web() {
        assert_eq!(link_path("policies/p.md", "../registers/a%20b.md#x").as_deref(), Some("registers/a b.md"));
        assert_eq!(
            link_path("p.md", "Verpflichtungen-f%C3%BCr-alle.md").as_deref(),
            Some("Verpflichtungen-für-alle.md")
        );
        assert_eq!(link_path("p.md", "https://example.org/a.md"), None);
        assert_eq!(link_path("p.md", "#only-here"), None);
    }

    #[test]
    fn the_calendar_has_ends() {
        assert_eq!(days_after(date(2026, 11, 20), i64::MAX), Date::MAX);
        assert_eq!(months_after(date(2026, 11, 20), i64::MIN), Date::MIN);
        assert_eq!(months_after(date(2026, 11, 20), -12), date(2025, 11, 20));
        assert_eq!(days_between(date(2026, 11, 1), date(2026, 11, 20)), 19);
    }
}
