//! Cycles of certification with their audits and findings.

use jiff::civil::Date;

use super::facts::{current, days_after, months_after};
use super::{finding_response_overdue, recertification_not_planned, stage_two_late};
use crate::rules;
use crate::source::Span;
use crate::workspace::{EntityView, Workspace};

/// Steps of certification that look at how the SMS runs.
const DEEP: [&str; 3] = ["stage-2", "surveillance", "recertification"];

/// One cycle of certification.
#[derive(Clone, Copy)]
pub struct Cycle<'a> {
    /// Its entry.
    pub entity: EntityView<'a>,
}

/// The cycles that are planned or run.
pub fn cycles(ws: &Workspace) -> impl Iterator<Item = Cycle<'_>> {
    let runs = |e: &EntityView<'_>| matches!(e.str("status"), Some("planned" | "running" | "suspended"));
    current(ws, "certification").filter(runs).map(|entity| Cycle { entity })
}

/// Of the cycles that are planned or run the one that ends last; without an end, the first one.
#[must_use]
pub fn latest(ws: &Workspace) -> Option<Cycle<'_>> {
    cycles(ws).reduce(|best, other| if other.expires() > best.expires() { other } else { best })
}

impl<'a> Cycle<'a> {
    /// The day of the certification decision.
    pub fn decided(self) -> Option<Date> {
        let cycle = self.entity.node().get("cycle")?;
        cycle.date("decided_on").or(cycle.date("issued_on"))
    }

    /// The last day of the certificate.
    pub fn expires(self) -> Option<Date> {
        self.entity.node().get("cycle")?.date("expires_on")
    }

    /// Where a field of the certificate or of the entry stands.
    pub fn span_of(self, field: &str) -> Span {
        let of_certificate = self.entity.node().get("cycle").filter(|c| c.field(field).is_some());
        of_certificate.map_or_else(|| self.entity.span_of(field), |c| c.span_of(field))
    }

    /// Its audits, planned and held.
    pub fn audits(self) -> impl Iterator<Item = EntityView<'a>> {
        inside(self.entity, "certification-audit")
    }

    /// The audit of a stage that was held last, with its first day.
    #[must_use]
    pub fn held(self, stage: &str) -> Option<(Date, EntityView<'a>)> {
        let of_stage = self.audits().filter(|a| a.str("stage") == Some(stage));
        of_stage.filter_map(|a| Some((a.date("held_on")?, a))).max_by_key(|(on, _)| *on)
    }

    /// The audits that have a day and were not held, earliest first.
    #[must_use]
    pub fn planned(self) -> Vec<(Date, EntityView<'a>)> {
        let open = self.audits().filter(|a| !a.has("held_on"));
        let mut out: Vec<_> = open.filter_map(|a| Some((a.date("planned_on")?, a))).collect();
        out.sort_by_key(|(on, _)| *on);
        out
    }

    /// The last day of the first surveillance audit: twelve months from the decision.
    #[must_use]
    pub fn first_surveillance_by(self) -> Option<Date> {
        self.decided().map(|on| months_after(on, 12))
    }

    /// Days on which a surveillance was held; a later audit of the cycle stands for one.
    #[must_use]
    pub fn surveillance_days(self) -> Vec<Date> {
        self.surveillance().filter_map(|a| a.date("held_on")).collect()
    }

    /// Audits that count as the surveillance of their year.
    pub fn surveillance(self) -> impl Iterator<Item = EntityView<'a>> {
        let counts = |stage: &str| matches!(stage, "surveillance" | "recertification" | "special");
        self.audits().filter(move |a| a.str("stage").is_some_and(counts))
    }

    /// Calendar years that need a surveillance: those between that of the decision and that of the end.
    #[must_use]
    pub fn surveillance_years(self) -> std::ops::Range<i16> {
        let years = self.decided().zip(self.expires()).map(|(from, to)| from.year().saturating_add(1)..to.year());
        years.unwrap_or(0..0)
    }

    /// The last day on which the recertification audit leaves time for corrections and the decision.
    #[must_use]
    pub fn recertification_by(self) -> Option<Date> {
        let days = rules::number(self.entity.ws, &recertification_not_planned::RULE, "days");
        self.expires().map(|on| days_after(on, -days))
    }

    /// The last day of stage 2 that lies near enough to stage 1.
    #[must_use]
    pub fn stage_two_by(self) -> Option<Date> {
        let months = rules::number(self.entity.ws, &stage_two_late::RULE, "months");
        self.held("stage-1").map(|(on, _)| months_after(on, months))
    }
}

/// Whether an audit looks at how the SMS runs: stage 2 and what follows it.
#[must_use]
pub fn is_deep(audit: EntityView<'_>) -> bool {
    audit.str("stage").is_some_and(|stage| DEEP.contains(&stage))
}

/// The last day for the verification of a major finding of this audit.
#[must_use]
pub fn major_by(audit: EntityView<'_>) -> Option<Date> {
    last_day(audit).map(|on| months_after(on, 6))
}

/// The day by which the body wants an answer: the finding's own, else counted from the day it was raised.
#[must_use]
pub fn reply_by(audit: EntityView<'_>, finding: EntityView<'_>) -> Option<Date> {
    let raised = finding.date("raised_on").or_else(|| last_day(audit));
    let days = || rules::number(finding.ws, &finding_response_overdue::RULE, "response-days");
    finding.date("response_due_on").or_else(|| raised.map(|on| days_after(on, days())))
}

/// Findings of an audit.
pub fn findings(audit: EntityView<'_>) -> impl Iterator<Item = EntityView<'_>> {
    inside(audit, "audit-finding")
}

/// All findings of all cycles with their audits.
pub fn all_findings(ws: &Workspace) -> impl Iterator<Item = (EntityView<'_>, EntityView<'_>)> {
    cycles(ws).flat_map(Cycle::audits).flat_map(|audit| findings(audit).map(move |finding| (audit, finding)))
}

/// The last day an audit was held.
pub fn last_day(audit: EntityView<'_>) -> Option<Date> {
    let held = audit.date("held_on")?;
    Some(audit.date("ended_on").unwrap_or(held))
}

/// Entities of a type that stand within another.
fn inside<'a>(outer: EntityView<'a>, kind: &'static str) -> impl Iterator<Item = EntityView<'a>> {
    let within = move |e: &EntityView<'_>| e.path().len() > outer.path().len() && e.path().starts_with(outer.path());
    outer.artifact().children().filter(move |e| e.is(kind)).filter(within)
}
