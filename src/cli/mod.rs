//! The command line: clap types and one thin file per command: load, run, render. No domain logic.

mod approve;
mod audit;
mod audit_pack;
mod baseline;
mod check;
mod checkpoint;
mod code_owners;
mod completions;
mod diff;
mod due;
mod edits;
mod explain;
mod fix;
mod fmt;
mod generate;
mod history;
mod import;
mod init;
mod interview;
mod list;
mod man;
mod new;
mod record;
mod reference;
mod schema;
mod sms;
mod status;
mod trace;
mod trust;
mod verify;

use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub use reference::reference;
pub use sms::{Sms, locate};

use crate::error::Error;
use crate::report::ExitStatus;

/// What the outside world is: handed in by `main`, so that the library reads no clock, terminal or environment.
pub struct Io<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Standard output is a terminal.
    pub out_is_terminal: bool,
    /// Standard error is a terminal.
    pub err_is_terminal: bool,
    /// Standard input is a terminal.
    pub in_is_terminal: bool,
    /// The environment asks for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Width of the terminal.
    pub width: usize,
    /// The system's date.
    pub today: Date,
    /// The system's clock, seconds since the epoch.
    pub now: i64,
    /// The folder the command was started in.
    pub cwd: PathBuf,
    /// The user's own folder for settings of smsctl; roots of trust are kept there, never in a repository.
    pub settings: Option<PathBuf>,
    /// The user's home, where SSH keys lie.
    pub home: Option<PathBuf>,
}

/// Lint and trace a Service Management System (ISO/IEC 20000-1) kept as Markdown in Git.
#[derive(Debug, Parser)]
#[command(name = "smsctl", version, about, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// Read the SMS from a commit (REV or REV:FOLDER) instead of the files on disk
    #[arg(long, global = true, value_name = "REV")]
    pub rev: Option<String>,
    /// Judge dates as of DATE (year-month-day) instead of today
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<Date>,
    /// Look at the SMS as in force on DATE: each document at its newest version approved by then
    #[arg(long, global = true, value_name = "DATE", conflicts_with_all = ["rev", "today"])]
    pub as_of: Option<Date>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    pub color: ColorWhen,
    /// Show no progress
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Say less
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the SMS: form, references, policies, objectives, reviews and the rest
    Check(check::CheckArgs),
    /// List all controlled documents (the master list), or everything with an id
    List(list::ListArgs),
    /// Follow commitments to objectives, controls, measurements and evidence, or one id both ways; gaps are shown
    Trace(trace::TraceArgs),
    /// Show how far the SMS is: clauses, checklist, gates of certification, next dates, most useful next steps
    ///
    /// Nothing that is missing counts as passed. `--fail-under stage-1` makes CI stop until that gate is passed.
    Status(status::StatusArgs),
    /// List everything with a date: reviews, actions, audits, contracts, measurements; also as a calendar
    Due(due::DueArgs),
    /// Tell about a rule, requirement, clause, kind, register, toolkit entry, question, stage or id
    Explain(explain::ExplainArgs),
    /// Record today's findings, so that check fails only on new ones
    ///
    /// For an SMS that existed before smsctl. The findings are written to smsctl-baseline.json beside smsctl.toml; a recorded
    /// finding that is gone is reported, so that the list only ever gets shorter.
    Baseline(baseline::BaselineArgs),
    /// Write a file that follows from the SMS
    Generate(generate::GenerateArgs),
    /// Put the front matter of documents in the usual form: order of fields, quotes, white space
    ///
    /// Changes no field, text or value: what cannot be proved to stay the same is left alone and named, and so is what is
    /// approved as it is.
    Fmt(fmt::FmtArgs),
    /// Print the JSON Schema of a kind, a register or a file of smsctl, for editors and other tools
    Schema(schema::SchemaArgs),
    /// Print the completion script of a shell
    ///
    /// For bash: smsctl completions bash > ~/.local/share/bash-completion/completions/smsctl
    Completions(completions::CompletionsArgs),
    /// Print the man page, or write all of them
    Man(man::ManArgs),
    /// Start a new SMS: configuration, folders, core documents, CI workflow
    Init(init::InitArgs),
    /// Write a document from its template, with id, owner, approvers and clauses filled in
    New(new::NewArgs),
    /// Bring in Word documents (.docx) and Markdown without front matter as drafts
    ///
    /// Shows a plan: kind, id, owner, place and toolkit entry of each document by its title and control block. Writes it with
    /// --apply, never over something.
    Import(import::ImportArgs),
    /// Add a measurement, a communication, a review or any entry to its register, without an editor
    ///
    /// Everything else in the file stays as it is, byte for byte. What the schema or a rule would call an error is refused.
    Record(record::RecordArgs),
    /// Plan internal audits, draw samples, write down findings, close corrective actions
    Audit(audit::AuditArgs),
    /// Show the versions of a document: when, by whom, why, who approved them and what that rests on
    History(history::HistoryArgs),
    /// Show what changed in a document since the last approved version, word by word
    Diff(diff::DiffArgs),
    /// Verify the whole history: trust root, trust policy, every approval, every document
    ///
    /// Reads the committed state only, runs no other program and takes nothing from the repository's own configuration. Exit
    /// status 1 when a document claims an approval it does not have, or anything is wrong with the history.
    Verify(verify::VerifyArgs),
    /// Sign the approval of documents, after showing what changed since the last approval
    ///
    /// Writes a statement with your signature below approvals/ and commits it, signed, with your own Git. What would not
    /// count under the trust policy is refused before anything is signed.
    Approve(approve::ApproveArgs),
    /// Make what a certification body receives for a stage, or verify one: one file, signed, readable and provable offline
    ///
    /// Made of a commit. What the stage asks for and is missing is listed in the pack and here, with exit status 1. The same
    /// commit, day and key give the same bytes.
    AuditPack(audit_pack::AuditPackArgs),
    /// Set up and change the trust policy: who may approve what, with which key, from when to when
    Trust(trust::TrustArgs),
    /// Sign a summary of the whole state, for somebody outside to keep
    ///
    /// Whoever holds the file can tell later whether the history was rewritten: `smsctl verify --anchor FILE`.
    Checkpoint(checkpoint::CheckpointArgs),
}

impl Global {
    /// Whether a state other than that of the files on disk is asked for: nothing can be written then.
    #[must_use]
    pub fn in_the_past(&self) -> bool {
        self.rev.is_some() || self.as_of.is_some()
    }

    /// Whether to write colour to standard output.
    #[must_use]
    pub fn colour(&self, io: &Io<'_>) -> bool {
        match self.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => io.out_is_terminal && !io.no_color,
        }
    }
}

/// Runs a command.
///
/// # Errors
/// When it could not run (exit status 2).
pub fn run(cli: &Cli, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    match &cli.command {
        Command::Check(args) => check::run(args, &cli.global, io),
        Command::List(args) => list::run(args, &cli.global, io),
        Command::Trace(args) => trace::run(args, &cli.global, io),
        Command::Status(args) => status::run(args, &cli.global, io),
        Command::Due(args) => due::run(args, &cli.global, io),
        Command::Explain(args) => explain::run(args, &cli.global, io),
        Command::Baseline(args) => baseline::run(args, &cli.global, io),
        Command::Generate(args) => generate::run(args, &cli.global, io),
        Command::Fmt(args) => fmt::run(args, &cli.global, io),
        Command::Schema(args) => schema::run(args, &cli.global, io),
        Command::Completions(args) => completions::run(args, io),
        Command::Man(args) => man::run(args, &cli.global, io),
        Command::Init(args) => init::run(args, &cli.global, io),
        Command::New(args) => new::run(args, &cli.global, io),
        Command::Import(args) => import::run(args, &cli.global, io),
        Command::Record(args) => record::run(args, &cli.global, io),
        Command::Audit(args) => audit::run(args, &cli.global, io),
        Command::History(args) => history::run(args, &cli.global, io),
        Command::Diff(args) => diff::run(args, &cli.global, io),
        Command::Verify(args) => verify::run(args, &cli.global, io),
        Command::Approve(args) => approve::run(args, &cli.global, io),
        Command::AuditPack(args) => audit_pack::run(args, &cli.global, io),
        Command::Trust(args) => trust::run(args, &cli.global, io),
        Command::Checkpoint(args) => checkpoint::run(args, &cli.global, io),
    }
}

/// What people read when a command could not run.
#[must_use]
pub fn failure(error: &Error) -> String {
    let help = error.help().map_or_else(String::new, |help| format!("  help: {help}\n"));
    crate::report::printable(&format!("smsctl: {error}.\n{help}"))
}

/// Commands that write work on the files on disk.
fn no_rev(command: &str, global: &Global) -> Result<(), Error> {
    if global.rev.is_none() && global.as_of.is_none() {
        return Ok(());
    }
    let message = format!("`{command}` writes files, so it takes no --rev and no --as-of");
    Err(Error::usage(message, "Run it without them."))
}

/// Asks on a terminal and reads a whole line, so that its end answers no later question; Enter alone means no.
fn confirm(question: &str) -> Result<bool, Error> {
    let asked = dialoguer::Confirm::new().with_prompt(question).default(false).wait_for_newline(true).interact();
    asked.map_err(|e| Error::usage(format!("no answer: {e}"), "Say it with `--yes`."))
}

/// Writes to standard output; a closed pipe is told apart by `main`.
pub(crate) fn print(io: &mut Io<'_>, text: &str) -> Result<(), Error> {
    let written = io.out.write_all(text.as_bytes()).and_then(|()| io.out.flush());
    written.map_err(|source| Error::Io { action: "write", path: "standard output".into(), source })
}
