//! The deadlines of the cycle as duties: also those nobody has planned or entered yet.

use jiff::civil::Date;

use super::last_of;
use super::timing::{open_minors, planned, unanswered, unverified};
use crate::readiness::due::Duty;
use crate::rules::assurance::cycle::{self, Cycle, major_by};
use crate::rules::assurance::recertification_not_planned;
use crate::rules::{self, days_after, months_after};
use crate::workspace::{EntityView, Workspace};

/// Days before the last day of the first surveillance on which it should have a date.
const PLANNED_AHEAD: i64 = 60;

/// All deadlines of the cycle that counts.
pub(in crate::readiness) fn deadlines(ws: &Workspace, today: Date) -> Vec<Duty> {
    let Some(cycle) = cycle::latest(ws) else { return Vec::new() };
    let mut list = List { cycle, today, out: Vec::new() };
    list.surveillance();
    list.recertification();
    list.findings();
    list.out
}

struct List<'a> {
    cycle: Cycle<'a>,
    today: Date,
    out: Vec<Duty>,
}

impl List<'_> {
    fn add(
        &mut self,
        (rule, kind): (&'static str, &'static str),
        on: Date,
        of: EntityView<'_>,
        field: &str,
        title: &str,
    ) {
        let cycle = self.cycle.entity;
        let owner = cycle.str("owner").or_else(|| cycle.artifact().front().str("owner")).unwrap_or_default();
        self.out.push(Duty {
            on,
            path: cycle.ws.sources.path(of.span()).to_owned(),
            id: of.id().to_owned(),
            field: field.to_owned(),
            kind,
            title: title.to_owned(),
            owner: owner.to_owned(),
            days_left: (on - self.today).get_days(),
            rule: Some(rule),
        });
    }

    /// The first surveillance within twelve months; then one in each calendar year.
    fn surveillance(&mut self) {
        const T02: (&str, &str) = ("T-02", "surveillance");
        const T03: (&str, &str) = ("T-03", "surveillance");
        let (cycle, held) = (self.cycle, self.cycle.surveillance_days());
        let first = cycle.first_surveillance_by().filter(|_| held.is_empty());
        if let Some(by) = first {
            if planned(cycle, "surveillance").is_none() {
                let ahead = days_after(by, -PLANNED_AHEAD);
                self.add(T03, ahead, cycle.entity, "decided_on", "Agree on the day of the first surveillance audit");
            }
            self.add(T03, by, cycle.entity, "decided_on", "Last day for the first surveillance audit");
        }
        let empty = cycle.surveillance_years().filter(|y| held.iter().all(|on| on.year() != *y));
        for year in empty.filter(|y| first.is_none_or(|by| by.year() != *y)) {
            let title = format!("Last day for the surveillance audit of {year}");
            if let Some(by) = last_of(year) {
                self.add(T02, by, cycle.entity, "decided_on", &title);
            }
        }
    }

    fn recertification(&mut self) {
        const T04: (&str, &str) = ("T-04", "recertification");
        let cycle = self.cycle;
        let Some((by, expires)) = cycle.recertification_by().zip(cycle.expires()) else { return };
        if cycle.held("recertification").is_some() {
            return;
        }
        if planned(cycle, "recertification").is_none() {
            let months = rules::number(cycle.entity.ws, &recertification_not_planned::RULE, "months");
            let ahead = months_after(expires, -months);
            self.add(T04, ahead, cycle.entity, "expires_on", "Agree on the day of the recertification audit");
        }
        self.add(T04, by, cycle.entity, "expires_on", "Last day for the recertification audit");
    }

    fn findings(&mut self) {
        let cycle = self.cycle;
        for (audit, finding) in unverified(cycle, &["major"]) {
            let by = major_by(audit).filter(|_| audit.str("stage") == Some("stage-2"));
            let title = "Last day for the body to verify the major finding";
            if let Some(on) = by {
                self.add(("T-06", "finding-verification"), on, finding, "ended_on", title);
            }
        }
        // A day the body has set is a duty by itself.
        for (on, finding) in unanswered(cycle).into_iter().filter(|(_, f)| !f.has("response_due_on")) {
            self.add(
                ("T-07", "finding-reply"),
                on,
                finding,
                "raised_on",
                "Answer the finding of the certification body",
            );
        }
        for (on, finding) in open_minors(cycle) {
            let title = "Have the minor finding verified in the next audit";
            if let Some(on) = on {
                self.add(("T-08", "finding-verification"), on, finding, "grade", title);
            }
        }
    }
}
