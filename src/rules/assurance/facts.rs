//! What several rules of this group ask of an SMS. Each fact stands once.

use jiff::civil::{Date, date};

pub(super) use crate::rules::evidence::facts::{active_suppliers, days_after, filled, live_services, months_after};

use crate::document::Node;
use crate::workspace::{ArtifactView, EntityView, Workspace, duration};

/// Whether a register is in use: one of its documents is approved. A draft is still being filled in.
pub(in crate::rules) fn in_use(ws: &Workspace, register: &str) -> bool {
    ws.register(register).any(ArtifactView::is_approved)
}

/// A field in the header of a register, from the first current document that has it.
pub(super) fn header<'a>(ws: &'a Workspace, register: &'a str, field: &str) -> Option<&'a str> {
    ws.register(register).filter(|a| a.is_current()).find_map(|a| a.front().str(field))
}

/// Live services of the scope whose loss hurts most.
pub(super) fn critical_services(ws: &Workspace) -> impl Iterator<Item = EntityView<'_>> {
    live_services(ws).filter(|s| s.str("criticality") == Some("critical"))
}

/// Entities of a type that are still in use.
pub(in crate::rules) fn current<'a>(ws: &'a Workspace, kind: &str) -> impl Iterator<Item = EntityView<'a>> + use<'a> {
    ws.of_type(kind).filter(|e| !e.is_retired())
}

/// Name and id, as messages show an entity.
pub(in crate::rules) fn named(entity: EntityView<'_>) -> String {
    if entity.label() == entity.id() {
        return entity.id().to_owned();
    }
    format!("{} ({})", entity.label(), entity.id())
}

/// The day an interval is over: a header's or an entry's own text, else so many months.
pub(in crate::rules) fn due(from: Date, interval: Option<&str>, months: i64) -> Date {
    let own = interval.and_then(duration).and_then(|span| from.checked_add(span).ok());
    own.unwrap_or_else(|| months_after(from, months))
}

/// A duration in minutes, days and months taken at their usual length; none when it is not one.
pub(super) fn minutes(text: &str) -> Option<f64> {
    duration(text)?.total((jiff::Unit::Minute, date(2026, 2, 1))).ok()
}

/// A duration as people say it: `4 hours`, `15 minutes`.
pub(super) fn spoken(minutes: f64) -> String {
    let (number, unit) = match minutes {
        m if m >= 2880.0 => (m / 1440.0, "days"),
        m if m >= 120.0 => (m / 60.0, "hours"),
        m => (m, "minutes"),
    };
    let number = (number * 10.0).round() / 10.0;
    format!("{number} {unit}")
}

/// Items of a list whose field is false.
pub(super) fn not_met<'a>(node: &'a Node, list: &str) -> impl Iterator<Item = &'a Node> + use<'a> {
    node.list(list).iter().filter(|item| item.bool("met") == Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_compared_in_minutes() {
        assert_eq!(minutes("PT4H"), Some(240.0));
        assert_eq!(minutes("P1D"), Some(1440.0));
        assert_eq!(minutes("PT0S"), Some(0.0));
        assert_eq!(minutes("soon"), None);
    }

    #[test]
    fn durations_are_said_in_the_unit_people_use() {
        assert_eq!(spoken(240.0), "4 hours");
        assert_eq!(spoken(15.0), "15 minutes");
        assert_eq!(spoken(2880.0), "2 days");
        assert_eq!(spoken(150.0), "2.5 hours");
    }

    #[test]
    fn an_interval_that_is_none_leaves_the_months() {
        assert_eq!(due(date(2026, 1, 31), Some("P1Y"), 3), date(2027, 1, 31));
        assert_eq!(due(date(2026, 1, 31), Some("soon"), 3), date(2026, 4, 30));
        assert_eq!(due(date(2026, 1, 31), None, i64::MAX), Date::MAX);
    }
}
