//! `smsctl audit close`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::finish;
use crate::cli::record::not_ahead;
use crate::cli::sms;
use crate::cli::{Global, Io, no_rev};
use crate::error::Error;
use crate::report::{ExitStatus, printable_line};
use crate::scaffold::record::{Verification, verified};

/// Arguments of `audit close`.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// The nonconformity
    #[arg(value_name = "NC-ID")]
    pub case: String,
    /// Day on which it was checked whether the actions worked
    #[arg(long, value_name = "DATE")]
    pub verified_on: Date,
    /// Role that checked; another one than the owner of the case
    #[arg(long, value_name = "ROLE")]
    pub by: String,
    /// What shows it: an id, or the path of a document; may be given several times
    #[arg(long, value_name = "ID-OR-PATH", required = true)]
    pub evidence: Vec<String>,
    /// Whether the cause is gone: `yes` closes the case, `no` opens it again
    #[arg(long, value_enum)]
    pub effective: Answer,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// The cause is gone
    Yes,
    /// It is not
    No,
}

pub(super) fn run(args: &CloseArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    no_rev("audit close", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let today = sms::today(global, &ws, io);
    let check = Verification {
        case: args.case.clone(),
        on: not_ahead(Some(args.verified_on), today)?,
        by: args.by.clone(),
        evidence: args.evidence.clone(),
        effective: args.effective == Answer::Yes,
    };
    let edit = verified(&ws, &check, today)?;
    let (id, path) = (&edit.id, printable_line(&edit.path));
    let approved = ws.artifact_at(&edit.path).filter(|a| a.id() == edit.id && a.is_approved());
    let sign = approved.map_or_else(String::new, |_| {
        format!("The check is part of its approved text: raise the version, and `smsctl approve {id}` signs it.\n")
    });
    let done = match args.effective {
        Answer::Yes => format!("Closed {id} in {path}.\n{sign}"),
        Answer::No => format!(
            "Opened {id} again in {path}.\nIts owner now looks for the cause once more and enters new actions into \
             `corrective_actions`.\n{sign}"
        ),
    };
    finish((&sms, &ws), std::slice::from_ref(&edit), (args.dry_run, &done), global, io)
}
