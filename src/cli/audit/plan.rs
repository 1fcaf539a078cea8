//! `smsctl audit plan`.

use clap::{Args, ValueEnum};

use crate::cli::sms::{self, warn_of_broken_files};
use crate::cli::{Global, Io, print};
use crate::error::Error;
use crate::readiness;
use crate::report::{self, AuditPlanOptions, ExitStatus};

/// Arguments of `audit plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Show every clause with the audits that cover it
    #[arg(long)]
    pub clauses: bool,
    /// Form of the plan
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON (schema smsctl-audit-plan/1)
    Json,
}

pub(super) fn run(args: &PlanArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let today = sms::today(global, &ws, io);
    let plan = readiness::audit_plan(&ws, today);
    let text = match args.format {
        Format::Json => report::audit_plan_json(&plan, &ws, today),
        Format::Human => {
            let width = io.out_is_terminal.then_some(io.width);
            let options = AuditPlanOptions { width, colour: global.colour(io), clauses: args.clauses };
            report::audit_plan(&plan, &ws, today, options)
        }
    };
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(ExitStatus::Clean)
}
