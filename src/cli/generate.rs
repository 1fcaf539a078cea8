//! `smsctl generate`.

use clap::{Args, Subcommand};

use super::sms::Sms;
use super::{Global, Io, code_owners, print, sms};
use crate::error::Error;
use crate::report::{ExitStatus, printable_line};
use crate::rules::approval::code_owners::{MARK, generated};
use crate::scaffold::{self, NewRequest, atomic, fix};
use crate::workspace::Workspace;

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// What to write; without a name, all generated tables
    #[command(subcommand)]
    pub what: Option<What>,
    /// Write nothing; exit status 1 when something is not what would be written
    #[arg(long)]
    pub check: bool,
    /// Write tables into texts that are approved as they are, too; they must be approved again
    #[arg(long, global = true)]
    pub fix_approved: bool,
}

/// What to write.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Tables between smsctl-generated marks, in all documents
    Tables(CheckArgs),
    /// The computed documents of the toolkit: those that are missing are made, the others brought up to date
    Documents(CheckArgs),
    /// CODEOWNERS from the trust policy: those who may approve a document must review its changes
    Codeowners(CheckArgs),
}

/// Arguments of what `generate` writes.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Write nothing; exit status 1 when something is not what would be written
    #[arg(long)]
    pub check: bool,
}

pub(super) fn run(args: &GenerateArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    if global.in_the_past() {
        let help = "Leave out --rev and --as-of.";
        return Err(Error::usage("files are written beside those on disk, not into a commit", help));
    }
    let check = |of: &CheckArgs| of.check || args.check;
    let sms = sms::here(global, io)?;
    match &args.what {
        None => tables(&sms, args, args.check, global, io),
        Some(What::Tables(of)) => tables(&sms, args, check(of), global, io),
        Some(What::Documents(of)) => documents(&sms, args, check(of), global, io),
        Some(What::Codeowners(of)) => owners(&sms, check(of), global, io),
    }
}

/// The documents of the toolkit that are nothing but computed tables.
const COMPUTED: [&str; 6] = [
    "iso-20000-assessment-evidence",
    "master-list-of-records",
    "problem-dashboard",
    "sms-documentation-log",
    "sms-documentation-overview",
    "toolkit-index",
];

/// Brings every generated table up to date.
fn tables(sms: &Sms, args: &GenerateArgs, check: bool, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let ws = sms.load(global, io)?;
    whole(&ws)?;
    let mut plan = fix::plan_tables(&ws, |_| true);
    if plan.mends.is_empty() {
        return Ok(ExitStatus::Clean);
    }
    if check {
        let paths: String =
            plan.mends.iter().map(|m| format!("{} is out of date.\n", printable_line(&m.path))).collect();
        print(io, &(paths + "`smsctl generate` brings them up to date.\n"))?;
        return Ok(ExitStatus::Findings);
    }
    if !args.fix_approved {
        super::fix::spare_approved(&mut plan, &ws, &sms.record(global, &ws.config, io)?);
    }
    let left = !plan.approved.is_empty();
    let written = super::fix::write(plan, &sms.root, global, io);
    Ok(if left || written.refused { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// A table worked out from half an SMS would lose what the other half holds.
fn whole(ws: &Workspace) -> Result<(), Error> {
    let broken = ws.broken_files();
    if broken.is_empty() {
        return Ok(());
    }
    let message = format!("the tables would lose what {} holds, which cannot be read whole", broken.join(", "));
    Err(Error::usage(message, "Mend it first; `smsctl check` shows the places. Nothing was written."))
}

/// Makes the computed documents that are missing, then brings all tables up to date.
fn documents(
    sms: &Sms,
    args: &GenerateArgs,
    check: bool,
    global: &Global,
    io: &mut Io<'_>,
) -> Result<ExitStatus, Error> {
    let ws = sms.load(global, io)?;
    whole(&ws)?;
    let mut missing = Vec::new();
    for entry in COMPUTED {
        if ws.catalog.entry(entry).is_some_and(|e| ws.of_entry(e).next().is_some()) {
            continue;
        }
        if check {
            missing.push(entry);
            continue;
        }
        let request = NewRequest { what: entry.to_owned(), ..NewRequest::default() };
        let file = scaffold::plan_new(&ws, &request, sms::today(global, &ws, io))?;
        if scaffold::create(&sms.root, &file.path, &file.text)? && !global.quiet {
            let _ = writeln!(io.err, "wrote {}", printable_line(&file.path));
        }
    }
    for entry in &missing {
        print(io, &format!("{entry} is missing; `smsctl generate documents` writes it.\n"))?;
    }
    let fresh = tables(sms, args, check, global, io)?;
    Ok(if missing.is_empty() { fresh } else { ExitStatus::Findings })
}

fn owners(sms: &Sms, check: bool, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let ws = sms.load(global, io)?;
    let record = sms.record(global, &ws.config, io)?;
    let judged = record.judged.as_ref().map_err(|why| {
        let message = format!("CODEOWNERS follows from the trust policy, and none can be used: {}", why.reason());
        Error::usage(message, "`smsctl check` says more; `smsctl trust init` sets a policy up.")
    })?;
    let Some((repository, _)) = sms.repository(global)? else { return Ok(ExitStatus::Clean) };
    let prefix = repository.prefix();
    let at = crate::rules::approval::end_of(sms::today(global, &ws, io));
    let text = generated(&ws, judged.policy(), prefix, at);
    let found = code_owners::on_disk(sms, prefix)?;
    let (place, before) = found.unwrap_or(("CODEOWNERS", String::new()));
    if before == text {
        return Ok(ExitStatus::Clean);
    }
    if !before.is_empty() && !before.starts_with(MARK) {
        let message = format!("{place} was written by hand and is left alone");
        return Err(Error::usage(message, "Delete it, or move its lines elsewhere, to have it written."));
    }
    if check {
        print(
            io,
            &format!("{place} is not what the trust policy makes of it; `smsctl generate codeowners` writes it.\n"),
        )?;
        return Ok(ExitStatus::Findings);
    }
    atomic::write(&code_owners::top(sms, prefix).join(place), &text)?;
    if !global.quiet {
        print(io, &format!("Wrote {place}; commit it.\n"))?;
    }
    Ok(ExitStatus::Clean)
}
