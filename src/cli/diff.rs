//! `smsctl diff`.

use clap::{Args, ValueEnum};

use super::sms::{self, Sms};
use super::{Global, Io, history, print};
use crate::change;
use crate::document;
use crate::error::Error;
use crate::history::{Change, Oid, Repository};
use crate::report::change::RowsChange;
use crate::report::{self, ExitStatus};
use crate::source::{FileId, resolve};
use crate::trust::{Record, day};
use crate::workspace::{ArtifactView, Workspace};

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Id of a document
    #[arg(value_name = "ID")]
    pub id: String,
    /// Version or commit to compare with; the last approved version when not given
    #[arg(long, value_name = "VERSION")]
    pub from: Option<String>,
    /// Version or commit to look at; the document as it is now when not given
    #[arg(long, value_name = "VERSION")]
    pub to: Option<String>,
    /// Form of the comparison
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON (schema smsctl-diff/1)
    Json,
}

/// One side of a comparison.
struct Side {
    name: String,
    text: Vec<u8>,
    rows: Option<Rows>,
}

/// The CSV file a register takes its entries from, as it was beside it.
struct Rows {
    path: String,
    /// Its bytes, or why they cannot be compared.
    text: Result<Vec<u8>, String>,
}

pub(super) fn run(args: &DiffArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let Some((repository, _)) = sms.repository(global)? else {
        return Err(Error::NotARepository { path: sms.root.clone() });
    };
    let record = sms.record(global, &ws.config, io)?;
    let now = ws.artifacts().find(|a| a.id() == args.id);
    let held = record.history.lineages.0.contains_key(&args.id);
    if now.is_none() && !held {
        return Err(history::unknown(&args.id, &ws));
    }
    let case = Case { id: &args.id, sms: &sms, ws: &ws, repository: &repository, record: &record };
    let to = match &args.to {
        Some(name) => case.named(name)?,
        None => case.now(now)?,
    };
    let from = match &args.from {
        Some(name) => Some(case.named(name)?),
        None => case.approved()?,
    };
    let compared = change::compare(from.as_ref().map(|s| s.text.as_slice()), Some(&to.text));
    let rows = rows(from.as_ref().and_then(|s| s.rows.as_ref()), to.rows.as_ref());
    let text = match args.format {
        Format::Json => report::safe_json(&report::change::json(&compared, rows.as_ref())),
        Format::Human => {
            let from = from.map_or_else(|| "nothing: no version was approved before".to_owned(), |s| s.name);
            let title = [
                format!("{} {}", args.id, now.map_or("", |a| a.title())),
                format!("From {from}"),
                format!("To   {}", to.name),
            ];
            report::change::human(&compared, &title, io.width, global.colour(io))
                + &rows.map_or_else(String::new, |rows| report::change::rows(&rows, io.width, global.colour(io)))
        }
    };
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

/// What became of the rows beside a register; none when neither side has any.
fn rows(from: Option<&Rows>, to: Option<&Rows>) -> Option<RowsChange> {
    let path = to.or(from)?.path.clone();
    let text = |side: Option<&Rows>| side.map(|rows| rows.text.clone()).transpose();
    let compared = match (text(from), text(to)) {
        (Ok(from), Ok(to)) => Ok(change::compare_csv(from.as_deref(), to.as_deref())),
        (Err(why), _) | (_, Err(why)) => Err(why),
    };
    Some(RowsChange { path, compared })
}

struct Case<'c> {
    id: &'c str,
    sms: &'c Sms,
    ws: &'c Workspace,
    repository: &'c Repository,
    record: &'c Record,
}

impl Case<'_> {
    fn now(&self, artifact: Option<ArtifactView<'_>>) -> Result<Side, Error> {
        let Some(artifact) = artifact else {
            return Err(Error::usage(
                format!("the document {} is gone", self.id),
                "Name the version to look at with `--to`; `smsctl history` lists all.",
            ));
        };
        let place = if self.ws.dirty || self.ws.revision.is_none() { "as it is in your files" } else { "as committed" };
        let name = format!("version {} {place}", artifact.version());
        let rows = artifact.entries_path().map(|path| {
            let file = self.ws.sources.files().iter().find(|f| f.path == path);
            let text = file.map(|f| f.text.as_bytes().to_vec()).ok_or_else(|| format!("{path} cannot be read"));
            Rows { path, text }
        });
        Ok(Side { name, text: artifact.text().as_bytes().to_vec(), rows })
    }

    /// The rows beside a text that stood at a path in a commit.
    fn rows(&self, text: &[u8], path: &str, commit: Oid) -> Option<Rows> {
        let (document, _) = document::parse(FileId(0), &String::from_utf8_lossy(text));
        let path = resolve(path, document.front.node()?.str("entries_from")?)?;
        let prefix = self.repository.prefix();
        let whole = if prefix.is_empty() { path.clone() } else { format!("{prefix}/{path}") };
        let absent = || format!("{path} is not in commit {}", short(commit));
        let text = match self.repository.file_at_top(commit, &whole) {
            Ok(found) => found.ok_or_else(absent),
            Err(error) => Err(error.to_string()),
        };
        Some(Rows { path, text })
    }

    /// Path and commit of the newest state with a content.
    fn place(&self, blob: Oid) -> Option<(String, Oid)> {
        let walk = &self.record.history.walk;
        let states = &self.record.history.lineages.0.get(self.id)?.states;
        let state = states.iter().rev().find(|s| s.blob == blob && s.change != Change::Removed)?;
        let (path, commit) = (walk.paths.get(state.path as usize)?, walk.commits.get(state.commit as usize)?);
        Some((path.clone(), commit.oid))
    }

    /// The commit at a position of the main line.
    fn at(&self, position: usize) -> Option<Oid> {
        let walk = &self.record.history.walk;
        walk.commits.get(*walk.chain.get(position)?).map(|c| c.oid)
    }

    /// The last version approved, which everyone may rely on.
    fn approved(&self) -> Result<Option<Side>, Error> {
        let Some(judged) = self.record.judged() else {
            let why = self.record.why_not().map_or("", |w| w.reason());
            return Err(Error::usage(
                format!("no approved version is known: {why}"),
                "Name what to compare with, such as `--from HEAD~1` or `--from 1.0`.",
            ));
        };
        let Some(version) = judged.newest(self.id) else { return Ok(None) };
        let name = format!(
            "version {} approved by {} on {}",
            version.version,
            report::approval::by(judged, version),
            day(version.on)
        );
        self.side(name, version.blob, self.at(version.position)).map(Some)
    }

    /// A version by its number (approved first, else the last commit that bore it), or a commit.
    fn named(&self, name: &str) -> Result<Side, Error> {
        let approved = self.record.judged().and_then(|j| j.versions(self.id));
        if let Some(version) = approved.and_then(|v| v.approved.iter().rev().find(|v| v.version == name)) {
            let title = format!("version {name}, as approved on {}", day(version.on));
            return self.side(title, version.blob, self.at(version.position));
        }
        let states = self.record.history.lineages.0.get(self.id).map_or(&[][..], |l| l.states.as_slice());
        if let Some(state) = states.iter().rev().find(|s| s.head.version == name && s.change != Change::Removed) {
            return self.side(format!("version {name}, as last committed"), state.blob, None);
        }
        let commit = self.repository.resolve(name).map_err(|_| {
            let versions: std::collections::BTreeSet<&str> = states.iter().map(|s| s.head.version.as_str()).collect();
            let known = versions.into_iter().collect::<Vec<_>>().join(", ");
            Error::usage(
                format!("`{name}` is neither a version of {} nor a commit", self.id),
                format!("Known versions: {known}."),
            )
        })?;
        let files = self.repository.files(commit, "")?;
        let ours = |(path, file): &(String, crate::history::TreeFile)| {
            let read = crate::source::is_markdown(path).then(|| self.repository.blob(file.oid).ok()).flatten();
            read.and_then(|bytes| crate::history::head(&bytes)).is_some_and(|h| h.id == self.id)
        };
        let Some((_, file)) = files.into_iter().find(ours) else {
            let message = format!("{} is not in {name}", self.id);
            return Err(Error::usage(message, format!("Look at `smsctl history {}` in {}.", self.id, self.sms.shown)));
        };
        self.side(format!("commit {}", short(commit)), file.oid, Some(commit))
    }

    /// A content, with the rows beside it in a commit: where none is given, in the one that brought the content.
    fn side(&self, name: String, blob: Oid, commit: Option<Oid>) -> Result<Side, Error> {
        let text = self.repository.blob(blob)?;
        let place = self.place(blob);
        let rows = place.and_then(|(path, own)| self.rows(&text, &path, commit.unwrap_or(own)));
        Ok(Side { name, text, rows })
    }
}

fn short(commit: Oid) -> String {
    commit.to_string().chars().take(10).collect()
}
