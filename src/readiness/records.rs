//! Records and their days.

use jiff::civil::Date;

use super::Evidence;
use crate::document::{Data, Node};
use crate::workspace::EntityView;

/// Something with the day it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dated {
    /// The newest day in it that is not in the future.
    pub on: Date,
    /// What and where.
    pub evidence: Evidence,
}

/// An entry as a record; none when it has no day up to today.
pub(super) fn dated(entity: EntityView<'_>, today: Date) -> Option<Dated> {
    let own = newest(entity.node(), today);
    let front = entity.artifact().front();
    // A record, or the one-entity form, may have its day in the control block.
    let on = own.or_else(|| if entity.is_artifact() { newest_of_control(front, today) } else { None })?;
    let path = entity.ws.sources.path(entity.span()).to_owned();
    Some(Dated { on, evidence: Evidence { path, id: entity.id().to_owned() } })
}

fn newest_of_control(front: &Node, today: Date) -> Option<Date> {
    ["effective_on", "reviewed_on"].into_iter().filter_map(|f| front.date(f)).filter(|d| *d <= today).max()
}

/// The newest day of something that happened, in a value or its parts.
pub(crate) fn newest(node: &Node, today: Date) -> Option<Date> {
    let of_field = |f: &crate::document::Field| match &f.value.data {
        Data::Scalar { text, .. } if !is_ahead(&f.key) => day(text).filter(|d| *d <= today),
        Data::Scalar { .. } | Data::Null => None,
        Data::Map(_) | Data::List(_) => newest(&f.value, today),
    };
    let of_items = node.items().iter().filter_map(|i| newest(i, today));
    node.fields().iter().filter_map(of_field).chain(of_items).max()
}

/// A date, or the date of a moment.
pub(super) fn day(text: &str) -> Option<Date> {
    let head = text.get(..10)?;
    let rest = text.get(10..).unwrap_or_default();
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| head.parse().ok()).flatten()
}

/// Fields that say what is to come, not what was.
fn is_ahead(field: &str) -> bool {
    field.starts_with("next_")
        || field.starts_with("planned_")
        || field.ends_with("due_on")
        || [
            "ends_on",
            "expires_on",
            "notice_by",
            "valid_to",
            "valid_from",
            "starts_on",
            "period_from",
            "period_to",
            "by",
        ]
        .contains(&field)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::document::load_toml;
    use crate::source::FileId;

    #[test]
    fn what_is_to_come_is_no_record() {
        let newest = |text: &str| newest(&load_toml(FileId(0), text).unwrap(), date(2026, 11, 20));
        assert_eq!(newest("held_on = '2026-01-05'\nnext_on = '2026-06-01'"), Some(date(2026, 1, 5)));
        assert_eq!(newest("due_on = '2026-01-05'\n[a]\nresult = {on = '2025-02-03'}"), Some(date(2025, 2, 3)));
        assert_eq!(newest("held_on = '2027-01-05'\nopened_at = '2026-04-14T10:05:00Z'"), Some(date(2026, 4, 14)));
        assert_eq!(newest("title = '2026-01-05-notes'\nactions = [{done_on = 'TODO(when)'}]"), None);
    }
}
