//! `smsctl record`.

use clap::{Args, Subcommand};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::sms::{self, today};
use super::{Global, Io, edits, no_rev, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{ExitStatus, printable_line};
use crate::scaffold::record::{Addition, Edit, append, reviewed};
use crate::workspace::{EntityView, Workspace, duration};

/// Arguments of `record`.
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// What to record
    #[command(subcommand)]
    pub what: What,
    /// Show what would be written, and write nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
}

/// What to record.
#[derive(Debug, Subcommand)]
pub enum What {
    /// A value of a metric, or of the metric of an objective
    Measurement(MeasurementArgs),
    /// That a document was made known: published, announced, trained, acknowledged
    Communication(CommunicationArgs),
    /// That a document or an entry was reviewed and needed no change
    Review(ReviewArgs),
    /// An entry of any register, field by field
    Entry(EntryArgs),
}

/// Arguments of `record measurement`.
#[derive(Debug, Args)]
pub struct MeasurementArgs {
    /// Metric or objective
    #[arg(value_name = "METRIC-OR-OBJECTIVE")]
    pub of: String,
    /// The value, in the unit of the metric
    #[arg(allow_negative_numbers = true)]
    pub value: f64,
    /// Day it was taken; today when left out
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Period it is for (2026-10, 2026-Q3, 2026); the last one that had ended by then when left out
    #[arg(long)]
    pub period: Option<String>,
    /// Role that took it; the owner of the metric when left out
    #[arg(long, value_name = "ROLE")]
    pub by: Option<String>,
    /// Where the data can be seen
    #[arg(long, value_name = "TEXT")]
    pub evidence: Option<String>,
    /// What a reader should know; a missed target needs it
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
}

/// Arguments of `record communication`.
#[derive(Debug, Args)]
pub struct CommunicationArgs {
    /// Document that was made known
    #[arg(value_name = "DOCUMENT")]
    pub subject: String,
    /// publication, announcement, training, onboarding, acknowledgement or awareness-check
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: String,
    /// Role that did it
    #[arg(long, value_name = "ROLE")]
    pub by: String,
    /// Where it was done and can be seen
    #[arg(long, value_name = "TEXT")]
    pub location: String,
    /// Day it was done; today when left out
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Roles it was meant for, separated by commas
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    pub audience: Vec<String>,
    /// How many were invited
    #[arg(long, value_name = "N", requires = "reached")]
    pub invited: Option<u32>,
    /// How many were reached
    #[arg(long, value_name = "N", requires = "invited")]
    pub reached: Option<u32>,
    /// What came of it
    #[arg(long, value_name = "TEXT")]
    pub result: Option<String>,
}

/// Arguments of `record review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Id of the document or entry
    pub id: String,
    /// Day of the review; today when left out
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Day of the next review, where the entry holds one; as far away as before when left out
    #[arg(long, value_name = "DATE")]
    pub next: Option<Date>,
}

/// Arguments of `record entry`.
#[derive(Debug, Args)]
pub struct EntryArgs {
    /// The register, such as `incidents` or `complaints`
    pub register: String,
    /// Fields of the entry; `a.b=…` is a part of a field, `;` separates the items of a list
    #[arg(value_name = "FIELD=VALUE", required = true)]
    pub fields: Vec<String>,
    /// Id of the document, when several hold this register
    #[arg(long, value_name = "ID")]
    pub document: Option<String>,
}

pub(super) fn run(args: &RecordArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    no_rev("record", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let today = today(global, &ws, io);
    let edit = match &args.what {
        What::Measurement(of) => append(&ws, &measurement(&ws, of, today)?)?,
        What::Communication(of) => append(&ws, &communication(&ws, of, today)?)?,
        What::Review(of) => reviewed(&ws, &of.id, not_ahead(of.on, today)?, of.next)?,
        What::Entry(of) => append(&ws, &entry(of, today)?)?,
    };
    let edits = std::slice::from_ref(&edit);
    let hints = edits::judged(&sms, &ws, edits, today)?;
    if args.dry_run {
        print(io, &edits::shown(edits))?;
        return Ok(ExitStatus::Clean);
    }
    edits::write(&sms, edits)?;
    if !global.quiet {
        print(io, &closing(&ws, &args.what, &edit, &hints))?;
    }
    Ok(ExitStatus::Clean)
}

/// What happened lies behind us.
pub(super) fn not_ahead(on: Option<Date>, today: Date) -> Result<Date, Error> {
    match on {
        Some(on) if on > today => {
            Err(Error::usage(format!("{on} lies in the future (today is {today})"), "Record it once it has happened."))
        }
        on => Ok(on.unwrap_or(today)),
    }
}

fn measurement(ws: &Workspace, args: &MeasurementArgs, today: Date) -> Result<Addition, Error> {
    let on = not_ahead(args.on, today)?;
    let metric = metric(ws, &args.of)?;
    let period = match &args.period {
        Some(period) => period.clone(),
        None => ended(metric.str("frequency"), on).ok_or_else(|| {
            let message =
                format!("for which period the value of {} is does not follow from its frequency", metric.id());
            Error::usage(message, "Say it with `--period 2026-10`, `--period 2026-Q3` or `--period 2026`.")
        })?,
    };
    let twice =
        ws.of_type("measurement").find(|m| m.str("metric") == Some(metric.id()) && m.str("period") == Some(&period));
    if let Some(twice) = twice {
        let message = format!("{} holds the value of {} for {period} already", twice.id(), metric.id());
        let path = ws.sources.path(twice.span());
        return Err(Error::usage(message, format!("Correct it in {path}, or name another `--period`.")));
    }
    let by = args.by.clone().or_else(|| metric.str("owner").map(str::to_owned));
    let mut fields = vec![
        ("metric", Some(metric.id().to_owned())),
        ("period", Some(period)),
        ("value", Some(args.value.to_string())),
        ("collected_on", Some(on.to_string())),
        ("collected_by", by),
    ];
    fields.extend([("evidence_ref", args.evidence.clone()), ("comment", args.comment.clone())]);
    Ok(Addition { document: Some(metric.artifact().id().to_owned()), ..addition("measurements", fields, on) })
}

fn addition(register: &str, fields: Vec<(&str, Option<String>)>, on: Date) -> Addition {
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Addition { register: register.to_owned(), document: None, fields: given.collect(), year: on.year() }
}

/// The metric of that id, or the one metric of the objective of that id.
fn metric<'a>(ws: &'a Workspace, id: &str) -> Result<EntityView<'a>, Error> {
    if let Some(found) = ws.of_type("metric").find(|m| m.id() == id) {
        return Ok(found);
    }
    let Some(objective) = ws.of_type("objective").find(|o| o.id() == id) else {
        let known = ws.of_type("metric").chain(ws.of_type("objective")).map(EntityView::id);
        let near = did_you_mean(id, known);
        let help = if near.is_empty() { "`smsctl list --entities --kind metric` lists them.".to_owned() } else { near };
        return Err(Error::usage(format!("`{id}` is no metric and no objective"), help));
    };
    let of = |m: &EntityView<'_>| m.refs("objective_refs").any(|o| o.id() == id);
    let mut found: Vec<_> = objective.refs("metric_ref").chain(ws.of_type("metric").filter(of)).collect();
    found.sort_by_key(|m| m.ix);
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let message = format!("no metric measures {id} {}", objective.label());
            Err(Error::usage(message, "Add a metric with this objective to the measurements register first."))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|m| m.id()).collect();
            Err(Error::usage(format!("{id} has {} metrics", several.len()), format!("Name one: {}.", ids.join(", "))))
        }
    }
}

/// The last period of this length that had ended by a day, its last day included.
fn ended(frequency: Option<&str>, on: Date) -> Option<String> {
    let length = frequency.and_then(duration)?;
    let months = i32::from(length.get_years()) * 12 + length.get_months();
    let next = on.tomorrow().ok()?;
    let before = |months: i64| next.checked_sub(months.months()).ok();
    match months {
        1 => before(1).map(|d| format!("{:04}-{:02}", d.year(), d.month())),
        3 => before(3).map(|d| format!("{:04}-Q{}", d.year(), (d.month() - 1) / 3 + 1)),
        12 => before(12).map(|d| format!("{:04}", d.year())),
        _ => None,
    }
}

fn communication(ws: &Workspace, args: &CommunicationArgs, today: Date) -> Result<Addition, Error> {
    let on = not_ahead(args.on, today)?;
    let Some(subject) = ws.artifacts().find(|a| a.id() == args.subject && !args.subject.is_empty()) else {
        let near = did_you_mean(&args.subject, ws.artifacts.iter().enumerate().map(|(ix, _)| ws.artifact(ix).id()));
        let help = if near.is_empty() { "`smsctl list` lists the documents.".to_owned() } else { near };
        return Err(Error::usage(format!("no document has the id `{}`", args.subject), help));
    };
    let audience = args.audience.iter().map(|r| r.trim()).collect::<Vec<_>>().join(";");
    let fields = vec![
        ("type", Some(args.kind.clone())),
        ("subject_ref", Some(subject.id().to_owned())),
        ("subject_version", Some(subject.version().to_owned())),
        ("on", Some(on.to_string())),
        ("by", Some(args.by.clone())),
        ("audience", (!audience.is_empty()).then_some(audience)),
        ("reach.invited", args.invited.map(|n| n.to_string())),
        ("reach.reached", args.reached.map(|n| n.to_string())),
        ("location", Some(args.location.clone())),
        ("result", args.result.clone()),
    ];
    Ok(addition("communication-evidence", fields, on))
}

fn entry(args: &EntryArgs, today: Date) -> Result<Addition, Error> {
    let mut fields = Vec::new();
    for given in &args.fields {
        let Some((name, value)) = given.split_once('=').filter(|(name, _)| !name.trim().is_empty()) else {
            let message = format!("`{}` is no field with a value", printable_line(given));
            return Err(Error::usage(message, "Write `field=value`, with quotes around it when it holds blanks."));
        };
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let document = args.document.clone();
    Ok(Addition { register: args.register.clone(), document, fields, year: today.year() })
}

fn closing(ws: &Workspace, what: &What, edit: &Edit, hints: &[String]) -> String {
    let path = printable_line(&edit.path);
    let mut text = match what {
        What::Review(_) => format!("Noted the review of {} in {path}.\n{}", edit.id, of_approved(ws, edit)),
        _ => format!("Added {} to {path}.\n", edit.id),
    };
    text += &edits::told(hints);
    text + "Commit the file when you are done.\n"
}

/// What is signed is every byte of a document, the day of its review among them.
fn of_approved(ws: &Workspace, edit: &Edit) -> String {
    let approved = ws.artifact_at(&edit.path).filter(|a| a.id() == edit.id && a.is_approved());
    approved.map_or_else(String::new, |a| {
        format!("The day is part of its approved text: raise the version, and `smsctl approve {}` signs it.\n", a.id())
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_is_for_the_period_that_has_ended() {
        assert_eq!(ended(Some("P1M"), date(2026, 10, 31)).as_deref(), Some("2026-10"));
        assert_eq!(ended(Some("P1M"), date(2026, 11, 5)).as_deref(), Some("2026-10"));
        assert_eq!(ended(Some("P1M"), date(2027, 1, 1)).as_deref(), Some("2026-12"));
        assert_eq!(ended(Some("P3M"), date(2026, 9, 30)).as_deref(), Some("2026-Q3"));
        assert_eq!(ended(Some("P3M"), date(2026, 11, 5)).as_deref(), Some("2026-Q3"));
        assert_eq!(ended(Some("P1Y"), date(2026, 12, 31)).as_deref(), Some("2026"));
        assert_eq!(ended(Some("P1W"), date(2026, 12, 31)), None);
        assert_eq!(ended(None, date(2026, 12, 31)), None);
    }
}
