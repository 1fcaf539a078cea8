//! `smsctl fmt`.

use clap::Args;

use super::check::{Selection, select};
use super::{Global, Io, fix, sms};
use crate::error::Error;
use crate::report::ExitStatus;
use crate::scaffold::fix::plan_form;

/// Arguments of `fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Folder of an SMS, or files and folders of this one
    #[arg(value_name = "PATH")]
    pub paths: Vec<std::path::PathBuf>,
    /// Show what would change and write nothing; exit status 1 when there is anything
    #[arg(long)]
    pub diff: bool,
    /// Change texts that are approved as they are, too; they must be approved again
    #[arg(long)]
    pub fix_approved: bool,
}

pub(super) fn run(args: &FmtArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    fix::refuse_revision(global)?;
    let Selection { sms, only } = select(&args.paths, global, &io.cwd)?;
    let ws = sms::read(sms.source(global, io)?.as_ref(), global, io)?;
    let mut plan = plan_form(&ws, |path| super::check::is_selected(&only, path));
    if !args.fix_approved {
        let record = sms.record(global, &ws.config, io)?;
        fix::spare_approved(&mut plan, &ws, &record);
    }
    if args.diff {
        return fix::diff(&plan, global, io);
    }
    let written = fix::write(plan, &sms.root, global, io);
    Ok(if written.refused { ExitStatus::Findings } else { ExitStatus::Clean })
}
