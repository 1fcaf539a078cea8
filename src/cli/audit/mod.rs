//! `smsctl audit`: what an internal auditor does.

mod close;
mod finding;
mod plan;
mod sample;

use clap::{Args, Subcommand};

use super::sms::Sms;
use super::{Global, Io, edits, print};
use crate::error::Error;
use crate::report::ExitStatus;
use crate::scaffold::record::Edit;
use crate::workspace::{ArtifactView, Workspace};

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// What to do
    #[command(subcommand)]
    pub what: What,
}

/// What an internal auditor does.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Show which clauses the audits of the cycle covered, and what to look at next
    Plan(plan::PlanArgs),
    /// Draw a sample that anybody can draw again
    ///
    /// The seed decides, not the auditor: the ids with the lowest SHA-256 of seed and id are chosen. docs/audit.md shows how to
    /// draw the same sample with sort and sha256sum.
    Sample(sample::SampleArgs),
    /// Write down a finding of an audit, with the nonconformity or improvement that follows
    ///
    /// Major and minor open a nonconformity, observation and opportunity a proposal for improvement. All files are written, or
    /// none; what the schema or a rule would call an error is refused.
    Finding(finding::FindingArgs),
    /// Enter whether the corrective actions of a nonconformity worked: close it, or open it again
    Close(close::CloseArgs),
}

pub(super) fn run(args: &AuditArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    match &args.what {
        What::Plan(args) => plan::run(args, global, io),
        What::Sample(args) => sample::run(args, global, io),
        What::Finding(args) => finding::run(args, global, io),
        What::Close(args) => close::run(args, global, io),
    }
}

/// Judges and writes the files, or shows what would be written; then says what was done.
fn finish(
    (sms, ws): (&Sms, &Workspace),
    edits: &[Edit],
    (dry_run, done): (bool, &str),
    global: &Global,
    io: &mut Io<'_>,
) -> Result<ExitStatus, Error> {
    let hints = edits::judged(sms, ws, edits, super::sms::today(global, ws, io))?;
    if dry_run {
        print(io, &edits::shown(edits))?;
        return Ok(ExitStatus::Clean);
    }
    edits::write(sms, edits)?;
    if !global.quiet {
        let files = if edits.len() == 1 { "file" } else { "files together" };
        let approved = of_approved(ws, edits);
        print(io, &format!("{done}{approved}{}Commit the {files} when you are done.\n", edits::told(&hints)))?;
    }
    Ok(ExitStatus::Clean)
}

/// What is written into an approved document becomes part of its text, which then nobody approved. Registers grow entry by entry.
fn of_approved(ws: &Workspace, edits: &[Edit]) -> String {
    let documents = edits.iter().filter_map(|edit| ws.artifact_at(&edit.path));
    let mut ids: Vec<&str> =
        documents.filter(|a| a.is_approved() && a.kind() != "register").map(ArtifactView::id).collect();
    ids.sort_unstable();
    ids.dedup();
    let one = |id: &&str| {
        format!(
            "{id} calls itself approved, and this is part of its text now: raise the version, and `smsctl approve {id}` signs it.\n"
        )
    };
    ids.iter().map(one).collect()
}
