//! Cycles of certification with their audits and findings.

use jiff::civil::Date;

use super::facts::current;
use crate::source::Span;
use crate::workspace::{EntityView, Workspace};

/// One cycle of certification.
#[derive(Clone, Copy)]
pub(super) struct Cycle<'a> {
    /// Its entry.
    pub(super) entity: EntityView<'a>,
}

/// The cycles that are planned or run.
pub(super) fn cycles(ws: &Workspace) -> impl Iterator<Item = Cycle<'_>> {
    let runs = |e: &EntityView<'_>| matches!(e.str("status"), Some("planned" | "running" | "suspended"));
    current(ws, "certification").filter(runs).map(|entity| Cycle { entity })
}

impl<'a> Cycle<'a> {
    /// The day of the certification decision.
    pub(super) fn decided(self) -> Option<Date> {
        let cycle = self.entity.node().get("cycle")?;
        cycle.date("decided_on").or(cycle.date("issued_on"))
    }

    /// The last day of the certificate.
    pub(super) fn expires(self) -> Option<Date> {
        self.entity.node().get("cycle")?.date("expires_on")
    }

    /// Where a field of the certificate or of the entry stands.
    pub(super) fn span_of(self, field: &str) -> Span {
        let of_certificate = self.entity.node().get("cycle").filter(|c| c.field(field).is_some());
        of_certificate.map_or_else(|| self.entity.span_of(field), |c| c.span_of(field))
    }

    /// Its audits, planned and held.
    pub(super) fn audits(self) -> impl Iterator<Item = EntityView<'a>> {
        inside(self.entity, "certification-audit")
    }
}

/// Findings of an audit.
pub(super) fn findings(audit: EntityView<'_>) -> impl Iterator<Item = EntityView<'_>> {
    inside(audit, "audit-finding")
}

/// All findings of all cycles with their audits.
pub(super) fn all_findings(ws: &Workspace) -> impl Iterator<Item = (EntityView<'_>, EntityView<'_>)> {
    cycles(ws).flat_map(Cycle::audits).flat_map(|audit| findings(audit).map(move |finding| (audit, finding)))
}

/// The last day an audit was held.
pub(super) fn last_day(audit: EntityView<'_>) -> Option<Date> {
    let held = audit.date("held_on")?;
    Some(audit.date("ended_on").unwrap_or(held))
}

/// Entities of a type that stand within another.
fn inside<'a>(outer: EntityView<'a>, kind: &'static str) -> impl Iterator<Item = EntityView<'a>> {
    let within = move |e: &EntityView<'_>| e.path().len() > outer.path().len() && e.path().starts_with(outer.path());
    outer.artifact().children().filter(move |e| e.is(kind)).filter(within)
}
