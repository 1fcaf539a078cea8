//! `smsctl generate`.

use clap::{Args, Subcommand};

use super::{Global, Io, code_owners, print, sms};
use crate::error::Error;
use crate::report::ExitStatus;
use crate::rules::approval::code_owners::{MARK, generated};
use crate::scaffold::atomic;

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// What to write
    #[command(subcommand)]
    pub what: What,
}

/// What to write.
#[derive(Debug, Subcommand)]
pub enum What {
    /// CODEOWNERS from the trust policy: those who may approve a document must review its changes
    Codeowners(CodeownersArgs),
}

/// Arguments of `generate codeowners`.
#[derive(Debug, Args)]
pub struct CodeownersArgs {
    /// Write nothing; exit status 1 when the file is not what would be written
    #[arg(long)]
    pub check: bool,
}

pub(super) fn run(args: &GenerateArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let What::Codeowners(args) = &args.what;
    if global.rev.is_some() {
        return Err(Error::usage("files are written beside those on disk, not into a commit", "Leave out --rev."));
    }
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let record = sms.record(global, &ws.config, io)?;
    let judged = record.judged.as_ref().map_err(|why| {
        let message = format!("CODEOWNERS follows from the trust policy, and none can be used: {}", why.reason());
        Error::usage(message, "`smsctl check` says more; `smsctl trust init` sets a policy up.")
    })?;
    let Some((repository, _)) = sms.repository(global)? else { return Ok(ExitStatus::Clean) };
    let prefix = repository.prefix();
    let at = crate::rules::approval::noon(sms::today(global, &ws, io));
    let text = generated(&ws, judged.policy(), prefix, at);
    let found = code_owners::on_disk(&sms, prefix);
    let (place, before) = found.unwrap_or(("CODEOWNERS", String::new()));
    if before == text {
        return Ok(ExitStatus::Clean);
    }
    if !before.is_empty() && !before.starts_with(MARK) {
        let message = format!("{place} was written by hand and is left alone");
        return Err(Error::usage(message, "Delete it, or move its lines elsewhere, to have it written."));
    }
    if args.check {
        print(
            io,
            &format!("{place} is not what the trust policy makes of it; `smsctl generate codeowners` writes it.\n"),
        )?;
        return Ok(ExitStatus::Findings);
    }
    atomic::write(&code_owners::top(&sms, prefix).join(place), &text)?;
    if !global.quiet {
        print(io, &format!("Wrote {place}; commit it.\n"))?;
    }
    Ok(ExitStatus::Clean)
}
