//! Each date of the certification cycle that must be kept, and how it stands.

use jiff::civil::Date;

use super::{TimingMark, TimingState, last_of};
use crate::catalog::Stages;
use crate::rules::assurance::cycle::{Cycle, findings, is_deep, last_day, major_by, reply_by};
use crate::rules::assurance::{certification_change_not_told, external_audit_unprepared, stage_two_without_records};
use crate::rules::months_after;
use crate::workspace::EntityView;

/// What is looked at.
#[derive(Clone, Copy)]
struct View<'a> {
    cycle: Cycle<'a>,
    today: Date,
}

/// How a date stands, its day, and why.
type Told = (TimingMark, Option<Date>, String);

/// A date, how it is judged, and the rule.
type Row = (&'static str, fn(View<'_>) -> Told, &'static str);

/// Each date with the rule of `check` that reports it.
static TABLE: [Row; 12] = [
    ("T-01", length, "certificate-cycle-unusual"),
    ("T-02", every_year, "surveillance-missing"),
    ("T-03", first_surveillance, "surveillance-missing"),
    ("T-04", recertification, "recertification-not-planned"),
    ("T-05", between_stages, "stage-two-late"),
    ("T-06", majors, "major-finding-unverified"),
    ("T-07", replies, "finding-response-overdue"),
    ("T-08", minors, "minor-finding-open"),
    ("T-09", expiry, "certificate-expired"),
    ("T-10", preparation, "external-audit-unprepared"),
    ("T-11", operation, "stage-two-without-records"),
    ("T-12", notices, "certification-change-not-told"),
];

/// All of them.
pub(super) fn all(cycle: Cycle<'_>, today: Date) -> Vec<TimingState> {
    let state = |(id, judge, rule): &Row| {
        let (mark, on, text) = judge(View { cycle, today });
        let known = Stages::built_in().timing.iter().find(|t| t.id == *id);
        TimingState { id, title: known.map_or_else(String::new, |t| t.title.clone()), mark, on, text, rule }
    };
    TABLE.iter().map(state).collect()
}

fn told(mark: TimingMark, on: Option<Date>, text: impl Into<String>) -> Told {
    (mark, on, text.into())
}

fn nothing(text: &str) -> Told {
    told(TimingMark::NotDecided, None, text)
}

/// Still to be done by a day.
fn open(view: View<'_>, by: Date, text: impl Into<String>) -> Told {
    let mark = if by < view.today { TimingMark::Overdue } else { TimingMark::Due };
    told(mark, Some(by), text)
}

const NO_DECISION: &str = "the certification decision or the end of the certificate is not entered";

fn length(view: View<'_>) -> Told {
    let Some((decided, expires)) = view.cycle.decided().zip(view.cycle.expires()) else { return nothing(NO_DECISION) };
    let end = months_after(decided, 36);
    let usual = expires == end || end.yesterday().ok() == Some(expires);
    let mark = if usual { TimingMark::Met } else { TimingMark::NotMet };
    let text = if usual { "three years" } else { "not three years: compare with the certificate" };
    told(mark, Some(expires), format!("decided on {decided}, ends on {expires}, {text}"))
}

fn every_year(view: View<'_>) -> Told {
    let years = view.cycle.surveillance_years();
    if years.is_empty() {
        return nothing(NO_DECISION);
    }
    let held = view.cycle.surveillance_days();
    let empty = |year: &i16| held.iter().all(|on| on.year() != *year);
    match years.clone().find(empty) {
        None => told(TimingMark::Met, held.iter().max().copied(), format!("an audit was held in {}", listed(years))),
        Some(year) => match last_of(year) {
            Some(by) => open(view, by, format!("the audit of {year} is to be held{}", plan(view, "surveillance"))),
            None => nothing(NO_DECISION),
        },
    }
}

fn listed(years: impl Iterator<Item = i16>) -> String {
    years.map(|y| y.to_string()).collect::<Vec<_>>().join(" and ")
}

/// When an audit of a stage is planned, to be put behind what is asked for.
fn plan(view: View<'_>, stage: &str) -> String {
    let planned = view.cycle.planned();
    let found = planned.iter().find(|(_, a)| a.str("stage") == Some(stage));
    found.map_or_else(|| ", and no day is planned".to_owned(), |(on, a)| format!("; {} is planned for {on}", a.id()))
}

fn first_surveillance(view: View<'_>) -> Told {
    let Some(by) = view.cycle.first_surveillance_by() else { return nothing(NO_DECISION) };
    match view.cycle.surveillance_days().into_iter().min() {
        Some(on) if on <= by => told(TimingMark::Met, Some(on), format!("held on {on}, the last day was {by}")),
        Some(on) => told(TimingMark::NotMet, Some(by), format!("held on {on}, the last day was {by}")),
        None => open(view, by, format!("the first surveillance is to be held{}", plan(view, "surveillance"))),
    }
}

fn recertification(view: View<'_>) -> Told {
    let Some((by, expires)) = view.cycle.recertification_by().zip(view.cycle.expires()) else {
        return nothing(NO_DECISION);
    };
    match view.cycle.held("recertification") {
        Some((on, _)) if on <= by => told(TimingMark::Met, Some(on), format!("held on {on}, before {expires}")),
        Some((on, _)) => told(TimingMark::NotMet, Some(by), format!("held on {on}, the last day was {by}")),
        None => open(view, by, format!("to be held before {expires}{}", plan(view, "recertification"))),
    }
}

fn between_stages(view: View<'_>) -> Told {
    let Some((by, (first, _))) = view.cycle.stage_two_by().zip(view.cycle.held("stage-1")) else {
        return nothing("stage 1 was not held yet");
    };
    match view.cycle.held("stage-2") {
        Some((on, _)) if on <= by => told(TimingMark::Met, Some(on), format!("stage 1 on {first}, stage 2 on {on}")),
        Some((on, _)) => told(TimingMark::NotMet, Some(by), format!("stage 1 on {first}, stage 2 only on {on}")),
        None => open(view, by, format!("stage 1 was on {first}, stage 2 is to be held{}", plan(view, "stage-2"))),
    }
}

/// Findings of a grade that the body has not verified, with their audits.
pub(super) fn unverified<'a>(cycle: Cycle<'a>, grades: &[&str]) -> Vec<(EntityView<'a>, EntityView<'a>)> {
    let all = cycle.audits().flat_map(|audit| findings(audit).map(move |finding| (audit, finding)));
    let open = all.filter(|(_, f)| f.str("grade").is_some_and(|g| grades.contains(&g)) && !f.has("verified_on"));
    open.collect()
}

/// The earliest of several days, and the ids behind it.
fn earliest(view: View<'_>, found: &[(Date, &str)], done: Told, what: &str) -> Told {
    let Some(by) = found.iter().map(|(on, _)| *on).min() else { return done };
    let ids: Vec<&str> = found.iter().map(|(_, id)| *id).collect();
    open(view, by, format!("{what} {}", ids.join(", ")))
}

fn majors(view: View<'_>) -> Told {
    let Some((on, _)) = view.cycle.held("stage-2") else { return nothing("stage 2 was not held yet") };
    let open = unverified(view.cycle, &["major"]);
    let of_stage_two = open.iter().filter(|(audit, _)| audit.str("stage") == Some("stage-2"));
    let found: Vec<_> = of_stage_two.filter_map(|(audit, f)| Some((major_by(*audit)?, f.id()))).collect();
    let done = told(TimingMark::Met, Some(on), "no major finding of stage 2 is open");
    earliest(view, &found, done, "to be verified by the body:")
}

/// Findings that wait for an answer to the body, with the last day for it.
pub(super) fn unanswered(cycle: Cycle<'_>) -> Vec<(Date, EntityView<'_>)> {
    let open = unverified(cycle, &["major", "minor"]).into_iter().filter(|(_, f)| !f.has("responded_on"));
    open.filter_map(|(audit, f)| Some((reply_by(audit, f)?, f))).collect()
}

fn replies(view: View<'_>) -> Told {
    let last = view.cycle.audits().filter_map(last_day).max();
    let Some(last) = last else { return nothing("no audit was held yet") };
    let open = unanswered(view.cycle);
    let found: Vec<_> = open.iter().map(|(on, f)| (*on, f.id())).collect();
    earliest(
        view,
        &found,
        told(TimingMark::Met, Some(last), "every finding is answered"),
        "the body waits for an answer to",
    )
}

/// Minor findings that are open, with the day of the audit in which they must be verified at the latest.
pub(super) fn open_minors(cycle: Cycle<'_>) -> Vec<(Option<Date>, EntityView<'_>)> {
    let next = super::next(cycle).and_then(|n| n.planned_on.or(n.latest));
    let by = |raised: Option<Date>| {
        let later = cycle.audits().filter_map(last_day).filter(|on| raised.is_some_and(|r| *on > r));
        later.min().or(next)
    };
    unverified(cycle, &["minor"]).into_iter().map(|(audit, f)| (by(last_day(audit)), f)).collect()
}

fn minors(view: View<'_>) -> Told {
    let Some(last) = view.cycle.audits().filter_map(last_day).max() else { return nothing("no audit was held yet") };
    let open = open_minors(view.cycle);
    let found: Vec<_> = open.iter().filter_map(|(on, f)| Some(((*on)?, f.id()))).collect();
    if found.is_empty() && !open.is_empty() {
        return nothing("a minor finding is open, and nothing says when the next audit is");
    }
    let done = told(TimingMark::Met, Some(last), "no minor finding is open");
    earliest(view, &found, done, "to be verified in the next audit:")
}

fn expiry(view: View<'_>) -> Told {
    let Some(expires) = view.cycle.expires() else { return nothing("no certificate is entered") };
    if view.today <= expires {
        return told(TimingMark::Met, Some(expires), format!("the certificate holds until {expires}"));
    }
    let until = months_after(expires, 6);
    let text = if view.today <= until {
        format!("it ended on {expires}; the body may restore it until {until} when the open work is finished")
    } else {
        format!("it ended on {expires}; a stage 2 audit is needed at least")
    };
    told(TimingMark::Overdue, Some(expires), text)
}

fn preparation(view: View<'_>) -> Told {
    let ahead = view.cycle.planned().into_iter().find(|(on, a)| *on >= view.today && is_deep(*a)).map(|(on, _)| on);
    let by = ahead.or_else(|| super::expected(view.cycle).filter(|e| e.0 != "stage-1").and_then(|e| e.1));
    let Some(by) = by else { return nothing("nothing says when the next external audit is") };
    let missing = external_audit_unprepared::missing(view.cycle, by, view.today);
    if missing.is_empty() {
        return told(TimingMark::Met, Some(by), "internal audit and management review were held since the last audit");
    }
    open(view, by, format!("to be held before the next external audit: {}", missing.join(" and ")))
}

fn operation(view: View<'_>) -> Told {
    let enough = stage_two_without_records::enough_from(view.cycle.entity.ws);
    if let Some((held, _)) = view.cycle.held("stage-2") {
        return match enough {
            Some(on) if on <= held => {
                told(TimingMark::Met, Some(held), format!("records went back far enough on {held}"))
            }
            // Older values may be kept elsewhere by now.
            _ => nothing("stage 2 was held; the measurements on record begin later"),
        };
    }
    match (planned(view.cycle, "stage-2"), enough) {
        (None, _) => nothing("stage 2 has no day yet"),
        (Some(audit), Some(on)) if on <= audit => {
            told(TimingMark::Met, Some(audit), format!("records go back far enough for stage 2 on {audit}"))
        }
        (Some(audit), Some(on)) => {
            told(TimingMark::NotMet, Some(on), format!("records go back far enough from {on}, stage 2 is on {audit}"))
        }
        (Some(audit), None) => {
            told(TimingMark::NotMet, Some(audit), format!("nothing is measured, stage 2 is on {audit}"))
        }
    }
}

fn notices(view: View<'_>) -> Told {
    if view.cycle.decided().is_none() {
        return nothing(NO_DECISION);
    }
    let mut untold = certification_change_not_told::untold(view.cycle);
    untold.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    match untold.first() {
        None => told(TimingMark::Met, None, "the body was told of every change of scope and top management on record"),
        Some((by, on, what, _)) => open(view, *by, format!("the body is to be told of {what} of {on}")),
    }
}

/// When the audit of a stage is planned; none when nobody planned it.
pub(super) fn planned(cycle: Cycle<'_>, stage: &str) -> Option<Date> {
    cycle.planned().into_iter().find(|(_, a)| a.str("stage") == Some(stage)).map(|(on, _)| on)
}
