//! `smsctl check`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::sms::{self, Sms};
use super::{Global, Io, code_owners, fix, print};
use crate::error::Error;
use crate::history::Repository;
use crate::report::{self, Baseline, ExitStatus, HumanOptions, ReportFinding, RunReport};
use crate::rules::{self, CodeOwners, Ctx};
use crate::scaffold::fix::Plan;
use crate::source::{CONFIG_FILE, CommitTree, Source, changed_since};
use crate::trust::Record;
use crate::workspace::{self, Workspace};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Folder of an SMS, or files and folders of this one to report on (whole-SMS rules still see everything)
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Report only what the changes since REV touched or caused
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Leave out, and count, what only a later commit can meet: approval and publication of a version that is being committed
    #[arg(long)]
    pub before_commit: bool,
    /// Take no notice of smsctl-baseline.json
    #[arg(long)]
    pub no_baseline: bool,
    /// Fix what findings name and smsctl can fix without guessing (generated tables), then report what is left
    #[arg(long, conflicts_with = "since")]
    pub fix: bool,
    /// Show what --fix would change and write nothing; exit status 1 when there is anything
    #[arg(long, conflicts_with_all = ["since", "format"])]
    pub diff: bool,
    /// Let --fix change texts that are approved as they are, too; they must be approved again
    #[arg(long)]
    pub fix_approved: bool,
}

/// Form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One line a finding
    Concise,
    /// The JSON report (schema smsctl-report/1)
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub workflow commands: annotations on the pull request
    Github,
    /// GitLab Code Quality report
    Gitlab,
    /// JUnit XML, for servers that show test results
    Junit,
}

pub(super) fn run(args: &CheckArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let Selection { sms, only } = select(&args.paths, global, &io.cwd)?;
    let mut source = sms.source(global, io)?;
    let mut ws = sms::read(source.as_ref(), global, io)?;
    if args.since.is_some() && global.as_of.is_some() {
        return Err(Error::usage(
            "--since compares with what is on disk, not with the SMS of a day",
            "Leave out --as-of or --since.",
        ));
    }
    if args.fix || args.diff {
        fix::refuse_revision(global)?;
    }
    let run = Run { args, only: &only, sms: &sms, global };
    let mut report = run.report(&ws, source.as_ref(), io)?;
    if args.fix || args.diff {
        let plan = run.fixes(&ws, &report, io)?;
        if args.diff {
            return fix::diff(&plan, global, io);
        }
        if fix::write(plan, &sms.root, global, io).changed {
            source = sms.source(global, io)?;
            ws = sms::read(source.as_ref(), global, io)?;
            report = run.report(&ws, source.as_ref(), io)?;
        }
    }
    let left = if args.before_commit { leave_to_later(&mut report) } else { 0 };
    let text = render(&report, &ws, args.format, global, io);
    print(io, &text)?;
    if args.format == Format::Gitlab && !global.quiet {
        // The form has no place for what was not evaluated; a closed standard error changes no verdict.
        let _ = io.err.write_all(report::gitlab_aside(&report).as_bytes());
    }
    if left > 0 && !global.quiet {
        let text = format!(
            "{left} {} left out, which only a later commit can meet: approve what is committed, then publish it.\n",
            if left == 1 { "finding was" } else { "findings were" }
        );
        let _ = io.err.write_all(text.as_bytes());
    }
    Ok(report.exit_status())
}

/// One run of `check` over the files as they are.
struct Run<'a> {
    args: &'a CheckArgs,
    only: &'a [String],
    sms: &'a Sms,
    global: &'a Global,
}

impl Run<'_> {
    /// The findings that were asked for.
    fn report(&self, ws: &Workspace, source: &dyn Source, io: &Io<'_>) -> Result<RunReport, Error> {
        let mut report = evaluate(ws, self.sms, self.global, io)?;
        if !self.args.no_baseline
            && let Some(baseline) = read_baseline(ws, source)?
        {
            baseline.apply(&mut report);
        }
        if let Some(rev) = &self.args.since {
            restrict_to_changes(&mut report, rev, source, self.sms, self.global, io)?;
        }
        report.retain(|f| is_selected(self.only, &f.location.path));
        Ok(report)
    }

    /// What `--fix` would do about them.
    fn fixes(&self, ws: &Workspace, report: &RunReport, io: &Io<'_>) -> Result<Plan, Error> {
        let mut plan = fix::of_findings(ws, report);
        if !self.args.fix_approved {
            fix::spare_approved(&mut plan, ws, &self.sms.record(self.global, &ws.config, io)?);
        }
        Ok(plan)
    }
}

/// Rules that the commit of a new version cannot meet: it is approved once it is committed, and published once it is approved.
const LATER: [&str; 3] = ["approval-missing", "approval-pending", "publication-missing"];

fn leave_to_later(report: &mut RunReport) -> usize {
    let before = report.findings.len();
    report.retain(|f| !LATER.contains(&f.rule.name));
    before - report.findings.len()
}

/// Runs the rules over a loaded SMS and its history.
///
/// # Errors
/// When Git refuses, or the user's own trust roots cannot be read.
pub(super) fn evaluate(ws: &Workspace, sms: &Sms, global: &Global, io: &Io<'_>) -> Result<RunReport, Error> {
    let past = Past::read(ws, sms, global, io)?;
    let today = sms::today(global, ws, io);
    Ok(RunReport::new(ws, rules::run(&past.context(ws, today)), sms.shown.clone(), today))
}

/// What rules may know beside the files.
pub(super) struct Past {
    record: Record,
    repository: Option<Rc<Repository>>,
    code_owners: Option<CodeOwners>,
    /// The clock, and the day it shows.
    clock: (Date, Option<jiff::Timestamp>),
}

impl Past {
    pub(super) fn read(ws: &Workspace, sms: &Sms, global: &Global, io: &Io<'_>) -> Result<Self, Error> {
        let record = sms.record(global, &ws.config, io)?;
        let repository = if ws.config.history_none { None } else { sms.repository(global)?.map(|(found, _)| found) };
        let code_owners = code_owners::find(sms, global, &record, repository.as_deref())?;
        let clock = (io.today, jiff::Timestamp::from_second(io.now).ok());
        Ok(Self { record, repository, code_owners, clock })
    }

    pub(super) fn context<'a>(&'a self, ws: &'a Workspace, today: Date) -> Ctx<'a> {
        Ctx::new(ws, today)
            .with_record(&self.record, self.repository.as_deref())
            .with_code_owners(self.code_owners.clone())
            .with_now(self.clock.1.filter(|_| self.clock.0 == today))
    }
}

fn render(report: &RunReport, ws: &Workspace, format: Format, global: &Global, io: &Io<'_>) -> String {
    match format {
        Format::Human => {
            let options = HumanOptions {
                graphical: io.out_is_terminal,
                colour: global.colour(io),
                width: io.width,
                verbose: global.verbose,
                quiet: global.quiet,
            };
            report::human(report, &ws.sources, options)
        }
        Format::Concise => report::concise(report),
        Format::Json => report::json(report),
        Format::Sarif => report::sarif(report),
        Format::Github => report::github(report),
        Format::Gitlab => report::gitlab(report),
        Format::Junit => report::junit(report),
    }
}

/// An SMS, and the paths below its root that were asked for; none when all of it was.
pub(super) struct Selection {
    pub(super) sms: Sms,
    pub(super) only: Vec<String>,
}

/// Whether a file is one of those asked for, or below one of the folders.
pub(super) fn is_selected(only: &[String], path: &str) -> bool {
    only.is_empty() || only.iter().any(|p| path == p || path.starts_with(&format!("{p}/")))
}

/// What paths on the command line name. One folder that holds smsctl.toml names the SMS itself.
pub(super) fn select(paths: &[PathBuf], global: &Global, cwd: &Path) -> Result<Selection, Error> {
    let here = global.directory.clone().unwrap_or_else(|| ".".into());
    let base = cwd.join(&here);
    if let [path] = paths
        && base.join(path).join(CONFIG_FILE).is_file()
    {
        return Ok(Selection { sms: sms::locate(&here.join(path), None, cwd)?, only: Vec::new() });
    }
    let start = match paths.first() {
        Some(path) if global.directory.is_none() => nearest_folder(&base.join(path), path)?,
        _ => here,
    };
    let sms = sms::locate(&start, global.rev.as_deref(), cwd)?;
    let only = paths.iter().map(|p| below(&sms, &base, p)).collect::<Result<Vec<_>, _>>()?;
    Ok(Selection { sms, only: only.into_iter().filter(|p| !p.is_empty()).collect() })
}

fn nearest_folder(full: &Path, given: &Path) -> Result<PathBuf, Error> {
    if !full.exists() {
        return Err(Error::NoSuchPath { path: given.to_owned() });
    }
    Ok(if full.is_dir() { full.to_owned() } else { full.parent().unwrap_or(full).to_owned() })
}

fn below(sms: &Sms, base: &Path, path: &Path) -> Result<String, Error> {
    let full = base.join(path);
    let canonical = full.canonicalize().map_err(|_| Error::NoSuchPath { path: path.to_owned() })?;
    let relative = canonical
        .strip_prefix(&sms.root)
        .map_err(|_| Error::OutsideSms { path: path.to_owned(), root: sms.root.clone() })?;
    Ok(relative.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn read_baseline(ws: &Workspace, source: &dyn Source) -> Result<Option<Baseline>, Error> {
    if !ws.paths.contains(Baseline::FILE) && !ws.excluded.iter().any(|p| p == Baseline::FILE) {
        return Ok(None);
    }
    let bad =
        |message: String| Error::usage(message, "Record it again with `smsctl baseline`, or run with `--no-baseline`.");
    let bytes =
        source.read(Baseline::FILE, 64 << 20).map_err(|e| bad(format!("{} cannot be read: {e}", Baseline::FILE)))?;
    let text = String::from_utf8(bytes).map_err(|_| bad(format!("{} is not UTF-8 text", Baseline::FILE)))?;
    Baseline::parse(&text).map(Some).map_err(bad)
}

/// Keeps findings in files that changed since a revision, and findings anywhere that were not there then: deleting an
/// objective is found at the commitment that lost it.
///
/// Both sides are judged with their own history: an approval that was there at the revision and is not now is new.
fn restrict_to_changes(
    report: &mut RunReport,
    rev: &str,
    now: &dyn Source,
    sms: &Sms,
    global: &Global,
    io: &Io<'_>,
) -> Result<(), Error> {
    let changed = match changed_since(&sms.root, rev, now) {
        // There was no such folder yet: everything is new.
        Err(Error::FolderNotInRevision { .. }) => return Ok(()),
        other => other?,
    };
    let before: BTreeSet<String> = match workspace::load(&CommitTree::open(&sms.root, rev)?, &|_, _| {}) {
        Ok(ws) => {
            let then = Global { rev: Some(rev.to_owned()), as_of: None, ..global.clone() };
            let past = Past::read(&ws, &Sms::new(sms.root.clone(), sms.shown.clone()), &then, io)?;
            let today = report.sms.today;
            let then = RunReport::new(&ws, rules::run(&past.context(&ws, today)), sms.shown.clone(), today);
            then.findings.iter().map(report::fingerprint).collect()
        }
        // There was no SMS yet: everything is new.
        Err(Error::Config { .. }) => BTreeSet::new(),
        Err(error) => return Err(error),
    };
    let touched = |f: &ReportFinding| changed.contains(&f.location.path) || !before.contains(&report::fingerprint(f));
    report.retain(touched);
    Ok(())
}
