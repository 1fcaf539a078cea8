//! `smsctl due`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::sms::{self, warn_of_broken_files};
use super::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::readiness::{Duty, duties};
use crate::report::{self, ExitStatus};
use crate::workspace::Workspace;

/// Arguments of `due`.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// How far ahead to look: 30d, 2 weeks, P3M
    #[arg(long, value_name = "TIME", default_value = "90d", conflicts_with = "overdue")]
    pub within: String,
    /// Only what is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only what this role answers for
    #[arg(long, value_name = "ROLE")]
    pub owner: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns, cut to the width of a terminal; whole in a pipe
    Human,
    /// JSON (schema smsctl-due/1)
    Json,
    /// RFC 4180, safe to open in a spreadsheet
    Csv,
    /// A Markdown table
    Markdown,
    /// A calendar (iCalendar, RFC 5545): one all-day event for each date
    Ics,
}

pub(super) fn run(args: &DueArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let today = sms::today(global, &ws, io);
    let until = until(args, today)?;
    let mut found = duties(&ws, today);
    if let Some(owner) = &args.owner {
        known(owner, &ws, &found)?;
        found.retain(|d| d.owner == *owner);
    }
    found.retain(|d| d.on <= until);
    let text = match args.format {
        Format::Json => report::due_json(&found, today, until, &ws.broken_files()),
        Format::Ics => report::calendar(&found, &ws.config.organization, today),
        Format::Csv => report::due_table(&found).csv(),
        Format::Markdown => report::due_table(&found).markdown(),
        Format::Human => human(&found, until, global, io),
    };
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(ExitStatus::Clean)
}

/// The last day looked at.
fn until(args: &DueArgs, today: Date) -> Result<Date, Error> {
    if args.overdue {
        return Ok(today.yesterday().unwrap_or(Date::MIN));
    }
    let span = args.within.trim().parse::<jiff::Span>().ok().filter(|s| !s.is_negative());
    let end = span.map(|s| today.checked_add(s).unwrap_or(Date::MAX));
    end.ok_or_else(|| {
        let message = format!("`{}` is no length of time", report::printable(&args.within));
        Error::usage(message, "Write it as `30d`, `2 weeks`, `3 months` or `P3M`.")
    })
}

/// A role nobody knows is a slip of the pen.
fn known(owner: &str, ws: &Workspace, found: &[Duty]) -> Result<(), Error> {
    let roles = ws.of_type("role").map(crate::workspace::EntityView::id);
    let all: Vec<&str> = roles.chain(found.iter().map(|d| d.owner.as_str())).collect();
    if all.contains(&owner) {
        return Ok(());
    }
    let near = did_you_mean(owner, all.iter().copied());
    let help = if near.is_empty() { "`smsctl list --entities --kind role` lists the roles.".to_owned() } else { near };
    Err(Error::usage(format!("there is no role `{}`", report::printable(owner)), help))
}

fn human(found: &[Duty], until: Date, global: &Global, io: &mut Io<'_>) -> String {
    if found.is_empty() {
        let _ = writeln!(io.err, "smsctl: nothing is due until {until}.");
        return String::new();
    }
    report::due_table(found).text(io.out_is_terminal.then_some(io.width), !global.quiet, global.colour(io))
}
