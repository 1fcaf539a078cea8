//! Finding and loading the SMS a command is about.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::{Global, Io};
use crate::approve::Tools;
use crate::config::Config;
use crate::error::Error;
use crate::history::{Oid, Repository};
pub(super) use crate::pack::period::end_of;
use crate::source::{CONFIG_FILE, CommitTree, MemoryTree, Source, WorkTree, is_markdown};
use crate::trust::{NotJudged, Options, Pins, Record, as_of};
use crate::workspace::{self, Workspace};

/// Where an SMS lies.
pub struct Sms {
    /// Its folder.
    pub root: PathBuf,
    /// Its folder as people see it from where they are.
    pub shown: String,
    /// The repository it lies in, opened once for a command.
    opened: OnceCell<Option<Place>>,
}

/// A repository, and the commit to assess when a command names one.
pub type Place = (Rc<Repository>, Option<Oid>);

/// Finds the SMS of a folder: the folder itself or one above it that holds smsctl.toml.
///
/// # Errors
/// When there is none, or the folder does not exist.
pub fn locate(start: &Path, rev: Option<&str>, cwd: &Path) -> Result<Sms, Error> {
    let full = cwd.join(start);
    if !full.exists() {
        return Err(Error::NoSuchPath { path: start.to_owned() });
    }
    if !full.is_dir() {
        return Err(Error::NotAFolder { path: start.to_owned() });
    }
    let canonical = full.canonicalize().map_err(|source| Error::Io { action: "read", path: full.clone(), source })?;
    let found = canonical.ancestors().find(|dir| dir.join(CONFIG_FILE).is_file());
    match (found, rev) {
        (Some(dir), _) => Ok(Sms::new(dir.to_owned(), shown(dir, cwd))),
        // A commit may hold what the disk does not: a bare repository, or an SMS that was removed.
        (None, Some(_)) => Ok(Sms::new(canonical.clone(), shown(&canonical, cwd))),
        (None, None) => Err(none_here(start, &canonical)),
    }
}

/// Why there is no SMS: what looks like one, or hides one, is named.
fn none_here(start: &Path, dir: &Path) -> Error {
    if let Err(source) = std::fs::read_dir(dir) {
        return Error::Io { action: "read", path: start.to_owned(), source };
    }
    if dir.join("HEAD").is_file() && dir.join("objects").is_dir() {
        let message = format!("{} is a bare Git repository: it holds commits and no files", start.display());
        return Error::usage(message, "Name the commit to read with `--rev`, such as `--rev HEAD`.");
    }
    let tree = WorkTree::open(dir);
    let below = tree.entries().iter().find_map(|e| e.path.strip_suffix(CONFIG_FILE)?.strip_suffix('/'));
    Error::NoSms {
        path: start.to_owned(),
        below: below.map(|folder| {
            let full: PathBuf = start.join(folder).components().collect();
            full.strip_prefix(".").unwrap_or(&full).display().to_string()
        }),
        markdown: tree.entries().iter().filter(|e| is_markdown(&e.path)).count(),
    }
}

/// A path as seen from `cwd`, with `/` between parts.
fn shown(dir: &Path, cwd: &Path) -> String {
    let cwd = cwd.canonicalize().unwrap_or_else(|_| cwd.to_owned());
    let join = |path: &Path| path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    if dir == cwd {
        ".".into()
    } else if let Ok(below) = dir.strip_prefix(&cwd) {
        join(below)
    } else if let Ok(up) = cwd.strip_prefix(dir) {
        vec![".."; up.components().count()].join("/")
    } else {
        dir.to_string_lossy().replace('\\', "/")
    }
}

impl Sms {
    /// An SMS that nothing was read of yet.
    #[must_use]
    pub fn new(root: PathBuf, shown: String) -> Self {
        Self { root, shown, opened: OnceCell::new() }
    }

    /// The source the command reads: the work tree, the commit of `--rev`, or the SMS in force on the day of `--as-of`.
    ///
    /// # Errors
    /// When the revision cannot be read, or nothing can be said of that day.
    pub fn source(&self, global: &Global, io: &Io<'_>) -> Result<Box<dyn Source>, Error> {
        match (&global.rev, global.as_of) {
            (_, Some(day)) => Ok(Box::new(self.in_force(day, global, io)?)),
            (None, None) => Ok(Box::new(WorkTree::open(&self.root))),
            (Some(rev), None) => Ok(Box::new(CommitTree::open(&self.root, rev)?)),
        }
    }

    /// The files of the commit of that day, with each document in its newest approved text.
    fn in_force(&self, day: Date, global: &Global, io: &Io<'_>) -> Result<MemoryTree, Error> {
        let Some((repository, Some(tip))) = self.repository(global)? else {
            return Err(Error::NotARepository { path: self.root.clone() });
        };
        let record = {
            let options = Options { tip: Some(tip), pins: pins(io)?, now: end_of(day), ..Options::default() };
            self.evaluate(&repository, &options, global, io)?
        };
        if let Some(why) = record.why_not() {
            let help = "`--as-of` needs the approvals in the history. `--rev` reads the files of a commit as they are.";
            return Err(Error::usage(format!("what was in force on {day} is not known: {}", why.reason()), help));
        }
        let rev = format!("{tip}:{}", repository.prefix());
        let mut tree = MemoryTree::copy_of(&CommitTree::open(&self.root, &rev)?).at_revision(tip.to_string());
        for (path, bytes) in as_of::in_force(&repository, &record)?.older {
            tree.put(&path, Some(bytes));
        }
        Ok(tree)
    }

    /// Reads the SMS, with progress on a terminal when it takes long.
    ///
    /// # Errors
    /// When smsctl.toml or the revision cannot be read.
    pub fn load(&self, global: &Global, io: &Io<'_>) -> Result<Workspace, Error> {
        read(self.source(global, io)?.as_ref(), global, io)
    }
}

/// Reads the SMS of a source, with progress on a terminal when it takes long.
///
/// # Errors
/// When smsctl.toml cannot be read.
pub(super) fn read(source: &dyn Source, global: &Global, io: &Io<'_>) -> Result<Workspace, Error> {
    let progress = Progress::new(io.err_is_terminal && !global.no_progress && !global.quiet);
    let workspace = workspace::load(source, &|done, all| progress.tick(done, all));
    progress.finish();
    workspace
}

impl Sms {
    /// The repository the SMS lies in, and the commit to assess when `--rev` names one. All calls for one SMS are made with
    /// the same arguments of the command.
    ///
    /// # Errors
    /// When Git refuses (another owner, an unknown format) or the revision is unknown.
    pub fn repository(&self, global: &Global) -> Result<Option<Place>, Error> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened.clone());
        }
        let opened = self.open(global)?.map(|(repository, tip)| (Rc::new(repository), tip));
        Ok(self.opened.get_or_init(|| opened).clone())
    }

    fn open(&self, global: &Global) -> Result<Option<(Repository, Option<Oid>)>, Error> {
        let Some(mut repository) = Repository::discover(&self.root)? else { return Ok(None) };
        if let Some(day) = global.as_of {
            let head = repository.head()?;
            let tip = head.map(|head| as_of::tip(&repository, head, end_of(day))).transpose()?.flatten();
            let tip = tip.ok_or_else(|| {
                Error::usage(format!("the history has no commit of {day} or before"), "Give a later day.")
            })?;
            return Ok(Some((repository, Some(tip))));
        }
        let Some(rev) = &global.rev else { return Ok(Some((repository, None))) };
        let rev = match rev.split_once(':') {
            Some((rev, folder)) => {
                repository = repository.with_prefix(folder.trim_matches('/'));
                rev
            }
            None => rev,
        };
        let tip = repository.resolve(rev)?;
        Ok(Some((repository, Some(tip))))
    }

    /// What the history proves, for commands that only need the verdicts.
    ///
    /// # Errors
    /// When Git or the user's roots.toml cannot be read.
    pub fn record(&self, global: &Global, config: &Config, io: &Io<'_>) -> Result<Record, Error> {
        self.record_of(None, global, config, io)
    }

    /// The same of one document only, which takes less time.
    ///
    /// # Errors
    /// When Git or the user's roots.toml cannot be read.
    pub fn record_of(
        &self,
        only: Option<&str>,
        global: &Global,
        config: &Config,
        io: &Io<'_>,
    ) -> Result<Record, Error> {
        if config.history_none {
            return Ok(Record::not_judged(NotJudged::HistoryNone));
        }
        let Some((repository, tip)) = self.repository(global)? else {
            return Ok(Record::not_judged(NotJudged::NoRepository));
        };
        let only = only.map(str::to_owned);
        let mut options = Options { tip, pins: pins(io)?, now: until(io), only, ..Options::default() };
        if let Some(day) = global.as_of {
            options.now = end_of(day);
        }
        self.evaluate(&repository, &options, global, io)
    }

    /// Evaluates the history, with progress on a terminal when it takes long.
    ///
    /// # Errors
    /// When Git cannot be read.
    pub fn evaluate(
        &self,
        repository: &Repository,
        options: &Options,
        global: &Global,
        io: &Io<'_>,
    ) -> Result<Record, Error> {
        let progress = Progress::new(io.err_is_terminal && !global.no_progress && !global.quiet);
        let record = Record::evaluate(repository, options, &|done| progress.tick(done, done));
        progress.finish();
        record
    }
}

/// Until when times are plausible: the end of the day, so that a report is the same at any time of it; the clock where that is
/// later, because the day ends later here than in UTC.
pub(super) fn until(io: &Io<'_>) -> i64 {
    end_of(io.today).max(io.now)
}

impl Sms {
    /// The user's own programs, run in the folder of the SMS.
    pub(super) fn tools(&self, io: &Io<'_>) -> Tools {
        Tools { folder: self.root.clone(), home: io.home.clone() }
    }
}

/// File of the user's own trust roots.
pub(super) fn roots_file(io: &Io<'_>) -> Option<PathBuf> {
    io.settings.as_ref().map(|folder| folder.join("roots.toml"))
}

/// The user's own trust roots.
///
/// # Errors
/// When the file is there and cannot be read: it must not look like an empty one.
pub(super) fn pins(io: &Io<'_>) -> Result<Pins, Error> {
    let Some(path) = roots_file(io).filter(|p| p.exists()) else { return Ok(Pins::default()) };
    let text =
        std::fs::read_to_string(&path).map_err(|source| Error::Io { action: "read", path: path.clone(), source })?;
    Pins::parse(&text).map_err(|why| {
        let message = format!("{} cannot be read: {why}", path.display());
        Error::usage(message, "Mend the file; it holds the trust roots you pinned.")
    })
}

/// The SMS of the folder the command is run in, or of `-C`.
///
/// # Errors
/// When there is none.
pub(super) fn here(global: &Global, io: &Io<'_>) -> Result<Sms, Error> {
    let start = global.directory.clone().unwrap_or_else(|| ".".into());
    locate(&start, global.rev.as_deref(), &io.cwd)
}

/// The SMS when there is one: for commands that work without. What cannot be read is said, and passed over.
///
/// # Errors
/// When a folder or revision was asked for that does not exist.
pub(super) fn if_any(global: &Global, io: &mut Io<'_>) -> Result<Option<Workspace>, Error> {
    let sms = match here(global, io) {
        Err(Error::NoSms { .. }) => return Ok(None),
        other => other?,
    };
    match sms.load(global, io) {
        Err(error @ Error::Config { .. }) => {
            let _ = writeln!(io.err, "smsctl: {error}; only what is built in is known here.");
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// A list that leaves files out says so.
pub(super) fn warn_of_broken_files(ws: &Workspace, io: &mut Io<'_>) {
    let broken = ws.broken_files();
    if let Some(first) = broken.first() {
        let (n, s) = (broken.len(), if broken.len() == 1 { "" } else { "s" });
        let first = crate::report::printable(first);
        let _ = writeln!(
            io.err,
            "smsctl: {n} file{s} could not be read whole and may be missing here ({first}); `smsctl check` says why."
        );
    }
}

/// The day dates are judged by: `--today`, else the day set in smsctl.toml, else the system's.
#[must_use]
pub fn today(global: &Global, ws: &Workspace, io: &Io<'_>) -> Date {
    global.as_of.or(global.today).or(ws.config.today).unwrap_or(io.today)
}

/// A bar that appears only when reading takes longer than people notice.
pub(super) struct Progress {
    bar: indicatif::ProgressBar,
    started: Instant,
    wanted: bool,
    shown: AtomicBool,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_millis(400);

    pub(super) fn new(wanted: bool) -> Self {
        let bar = indicatif::ProgressBar::hidden();
        Self { bar, started: Instant::now(), wanted, shown: AtomicBool::new(false) }
    }

    fn tick(&self, done: usize, all: usize) {
        self.step("Reading", done, all);
    }

    /// Tells what is being done, and how much of it.
    pub(super) fn step(&self, label: &'static str, done: usize, all: usize) {
        if !self.wanted || self.started.elapsed() < Self::PATIENCE {
            return;
        }
        if !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            if let Ok(style) = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_message(label);
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
