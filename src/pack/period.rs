//! When the period of a pack starts: as the user says, or with the last audit of the certification body.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::facts::Since;
use crate::error::Error;
use crate::history::{Oid, Repository};
use crate::signature::commit::RawCommit;
use crate::trust::as_of;
use crate::workspace::Workspace;

/// What the user gave: a day, a tag, a revision.
///
/// # Errors
/// When it is none of them.
pub fn given(repository: &Repository, tip: Oid, text: &str) -> Result<Since, Error> {
    if let Ok(day) = text.parse::<Date>() {
        return on(repository, tip, day, format!("{day}"));
    }
    let commit = repository.resolve(text)?;
    let raw = repository.raw(commit)?;
    let parsed = RawCommit::parse(&raw).map_err(|why| Error::Object { oid: commit, reason: why.0 })?;
    let at = jiff::Timestamp::from_second(parsed.committer.time).map_err(|e| Error::Defect(e.to_string()))?;
    let label = crate::report::printable_line(text);
    Ok(Since { label, commit: Some(commit), on: at.to_zoned(TimeZone::UTC).date() })
}

/// The last audit the stage looks back to; none for a first pack.
///
/// # Errors
/// When the history cannot be read.
pub fn usual(
    ws: &Workspace,
    repository: &Repository,
    tip: Oid,
    stage: &str,
    today: Date,
) -> Result<Option<Since>, Error> {
    let wanted = match stage {
        "stage-2" | "surveillance" => last_audit(ws, today),
        "recertification" => cycle_start(ws, today),
        _ => None,
    };
    wanted.map(|(day, label)| on(repository, tip, day, label)).transpose()
}

/// The newest audit of the certification body that was held before today.
fn last_audit(ws: &Workspace, today: Date) -> Option<(Date, String)> {
    let held = ws.of_type("certification-audit").filter_map(|audit| {
        let day = audit.date("ended_on").or(audit.date("held_on"))?;
        (day < today).then(|| (day, format!("{}, {}", audit.id(), audit.label())))
    });
    held.max()
}

fn cycle_start(ws: &Workspace, today: Date) -> Option<(Date, String)> {
    let started = ws.of_type("certification").filter_map(|cycle| {
        let day = cycle.node().get("cycle")?.date("starts_on")?;
        (day < today).then(|| (day, format!("{}, {}", cycle.id(), cycle.label())))
    });
    started.max()
}

/// The last second of a day, UTC.
#[must_use]
pub fn end_of(day: Date) -> i64 {
    let next = day.tomorrow().ok().and_then(|d| d.to_zoned(TimeZone::UTC).ok());
    next.map_or(i64::MAX, |z| z.timestamp().as_second() - 1)
}

fn on(repository: &Repository, tip: Oid, day: Date, label: String) -> Result<Since, Error> {
    Ok(Since { label, commit: as_of::tip(repository, tip, end_of(day))?, on: day })
}
