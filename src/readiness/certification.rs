//! Where an SMS stands in the cycle of its certificate: the next audit, and each date that must be kept.

mod deadlines;
mod timing;

use jiff::civil::Date;

pub(super) use deadlines::deadlines;

use crate::catalog::Stages;
use crate::rules::assurance::cycle::{self, Cycle};
use crate::workspace::Workspace;

/// How a date of the cycle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimingMark {
    /// What was asked for is there.
    Met,
    /// It is still to come, and its day has not passed.
    Due,
    /// Its day has passed.
    Overdue,
    /// It was done otherwise than asked for, and no day can mend it.
    NotMet,
    /// Nothing it speaks of has happened yet, or nothing says when.
    NotDecided,
}

impl TimingMark {
    /// As reports write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::NotMet => "not-met",
            Self::NotDecided => "not-decided",
        }
    }
}

/// A date of the cycle that must be kept, with its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimingState {
    /// `T-03`.
    pub id: &'static str,
    /// Its short name.
    pub title: String,
    /// How it stands.
    pub mark: TimingMark,
    /// Its day: the last one to do it on, or the one that was kept; none when nothing says when.
    pub on: Option<Date>,
    /// Why it stands so, in words; lower case start, no full stop.
    pub text: String,
    /// The rule of `check` that reports it.
    pub rule: &'static str,
}

/// The next audit of the certification body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAudit {
    /// Its id; none when it is not entered yet.
    pub id: Option<String>,
    /// `surveillance`.
    pub stage: String,
    /// Its title, or that of the stage.
    pub title: String,
    /// The day it is planned for.
    pub planned_on: Option<Date>,
    /// The last day it may be held on.
    pub latest: Option<Date>,
    /// The date that must be kept which says so: `T-03`.
    pub timing: Option<&'static str>,
}

/// Where an SMS stands in the cycle of its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certification {
    /// Id of the cycle.
    pub id: String,
    /// File it stands in.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The certification body.
    pub body: String,
    /// `planned`, `running` or `suspended`.
    pub status: String,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// Last day of the certificate.
    pub expires_on: Option<Date>,
    /// Where it stands, in words; lower case start, no full stop.
    pub phase: String,
    /// The next audit; none when the cycle asks for no other.
    pub next: Option<NextAudit>,
    /// All dates that must be kept, in their order.
    pub timing: Vec<TimingState>,
}

/// The cycle that counts; none when the register is missing or holds no cycle that is planned or run.
#[must_use]
pub fn certification(ws: &Workspace, today: Date) -> Option<Certification> {
    let cycle = cycle::latest(ws)?;
    let own = |field: &str| cycle.entity.str(field).unwrap_or_default().to_owned();
    Some(Certification {
        id: cycle.entity.id().to_owned(),
        path: ws.sources.path(cycle.entity.span()).to_owned(),
        title: cycle.entity.label().to_owned(),
        body: own("certification_body"),
        status: own("status"),
        decided_on: cycle.decided(),
        expires_on: cycle.expires(),
        phase: phase(cycle, today),
        next: next(cycle),
        timing: timing::all(cycle, today),
    })
}

fn phase(cycle: Cycle<'_>, today: Date) -> String {
    let suspended = if cycle.entity.str("status") == Some("suspended") { "suspended, " } else { "" };
    match (cycle.decided().filter(|on| *on <= today), cycle.expires()) {
        (Some(_), Some(end)) if end < today => format!("{suspended}the certificate ran out on {end}"),
        (Some(decided), Some(end)) => {
            let (month, all) = (months(decided, today) + 1, months(decided, end.tomorrow().unwrap_or(end)));
            format!("{suspended}certified until {end}, month {} of {all}", month.min(all))
        }
        (Some(decided), None) => {
            format!("{suspended}certified since {decided}; the end of the certificate is not entered")
        }
        (None, _) => before_certificate(cycle),
    }
}

fn before_certificate(cycle: Cycle<'_>) -> String {
    let mut held = ["stage-2", "stage-1", "pre-audit", "application", "questionnaire"].into_iter();
    let last = held.find_map(|stage| Some((cycle.held(stage)?.0, stage)));
    match last {
        Some((on, "stage-2")) => format!("stage 2 was held on {on}, the decision is not entered"),
        Some((on, stage)) => format!("on the way to the certificate, {} on {on}", title(stage).to_lowercase()),
        None => "on the way to the certificate, no audit held yet".to_owned(),
    }
}

fn months(from: Date, to: Date) -> i32 {
    let span = from.until((jiff::Unit::Month, to)).unwrap_or_default();
    span.get_months().max(0)
}

/// The usual name of a stage.
fn title(stage: &str) -> String {
    let known = Stages::built_in().stages.iter().find(|s| s.id == stage);
    known.map_or_else(|| stage.to_owned(), |s| s.title.clone())
}

/// The stage the cycle asks for next, the last day for it, and the date that says so.
fn expected(cycle: Cycle<'_>) -> Option<(&'static str, Option<Date>, Option<&'static str>)> {
    if cycle.decided().is_none() {
        return match (cycle.held("stage-1"), cycle.held("stage-2")) {
            (_, Some(_)) => None,
            (Some(_), None) => Some(("stage-2", cycle.stage_two_by(), Some("T-05"))),
            (None, None) => Some(("stage-1", None, None)),
        };
    }
    let held = cycle.surveillance_days();
    let year = cycle.surveillance_years().find(|y| held.iter().all(|on| on.year() != *y));
    match year {
        Some(_) if held.is_empty() => Some(("surveillance", cycle.first_surveillance_by(), Some("T-03"))),
        Some(year) => Some(("surveillance", last_of(year), Some("T-02"))),
        None if cycle.held("recertification").is_none() && cycle.expires().is_some() => {
            Some(("recertification", cycle.recertification_by(), Some("T-04")))
        }
        None => None,
    }
}

fn last_of(year: i16) -> Option<Date> {
    Date::new(year, 12, 31).ok()
}

/// What the cycle asks for next, with the plan for it; another audit when that is planned before it.
fn next(cycle: Cycle<'_>) -> Option<NextAudit> {
    let (planned, expected) = (cycle.planned(), expected(cycle));
    let same = expected.and_then(|(stage, ..)| planned.iter().find(|(_, a)| a.str("stage") == Some(stage)));
    let sooner = planned.first().filter(|(on, _)| expected.and_then(|e| e.1).is_none_or(|latest| *on < latest));
    let shown = same.or(sooner).copied();
    let stage = shown.and_then(|(_, a)| a.str("stage")).or(expected.map(|e| e.0))?;
    let limit = expected.filter(|e| e.0 == stage);
    Some(NextAudit {
        id: shown.map(|(_, a)| a.id().to_owned()),
        stage: stage.to_owned(),
        title: shown.and_then(|(_, a)| a.str("title")).map_or_else(|| title(stage), str::to_owned),
        planned_on: shown.map(|(on, _)| on),
        latest: limit.and_then(|l| l.1),
        timing: limit.and_then(|l| l.2),
    })
}
