//! `smsctl history`.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use clap::{Args, ValueEnum};

use super::sms;
use super::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::history::Trails;
use crate::report::{DocumentHistory, ExitStatus};
use crate::source::{MAX_TEXT_BYTES, Part, Source, is_markdown};
use crate::trust::commit_signatures;
use crate::workspace::{self, ArtifactView, Workspace};

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Id of a document
    #[arg(value_name = "ID")]
    pub id: String,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON (schema smsctl-history/1)
    Json,
}

pub(super) fn run(args: &HistoryArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = load(sms.source(global, io)?.as_ref(), &args.id)?;
    let Some((repository, _)) = sms.repository(global)? else {
        return Err(Error::NotARepository { path: sms.root.clone() });
    };
    let record = sms.record_of(Some(&args.id), global, &ws.config, io)?;
    let trail = Trails::of(&record.history.walk, &record.history.lineages).trail(&args.id);
    let signatures = match record.judged() {
        Some(judged) => {
            let commits = trail.touches.iter().map(|touch| touch.commit as usize).collect();
            commit_signatures(&repository, &record.history, judged, &commits)?
        }
        None => BTreeMap::new(),
    };
    let history = DocumentHistory::new(&ws, &record, &trail, &signatures, &args.id);
    let Some(history) = history else { return Err(unknown(&args.id, &sms.load(global, io)?)) };
    let text = match args.format {
        Format::Human => history.human(global.colour(io), global.verbose),
        Format::Json => history.json(),
    };
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

/// The document with all that refers to it or to an entry of it. Other files are not parsed: a reference is the id as text.
fn load(source: &dyn Source, id: &str) -> Result<Workspace, Error> {
    let mut ids = BTreeSet::from([id.to_owned()]);
    loop {
        let ws = workspace::load(&naming(source, &ids), &|_, _| {})?;
        let before = ids.len();
        let document = ws.artifacts().find(|a| a.id() == id);
        ids.extend(document.iter().flat_map(|d| d.children()).map(|entry| entry.id().to_owned()));
        if ids.len() == before {
            return Ok(ws);
        }
    }
}

/// The files that may name one of these ids; all of them when an id can be written in more than one way.
fn naming<'s>(source: &'s dyn Source, ids: &BTreeSet<String>) -> Part<'s> {
    let one_way = |id: &String| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let words = ids.iter().map(String::as_str).chain(["\\", "entries_from"]);
    let any = AhoCorasick::new(words).ok().filter(|_| ids.iter().all(one_way));
    let names = |path: &str| match (&any, source.read(path, MAX_TEXT_BYTES)) {
        (Some(any), Ok(bytes)) => any.is_match(&bytes),
        _ => true,
    };
    Part::of(source, |entry| !is_markdown(&entry.path) || names(&entry.path))
}

/// No document has that id; an entity within one may.
pub(super) fn unknown(id: &str, ws: &Workspace) -> Error {
    if let Some(entity) = ws.entity(id).filter(|e| !e.is_artifact()) {
        let document = entity.artifact().id().to_owned();
        let message = format!("{id} is not a document but stands in {document}");
        return Error::usage(message, format!("Ask for the document, such as `smsctl history {document}`."));
    }
    let near = did_you_mean(id, ws.artifacts().map(ArtifactView::id));
    let help = if near.is_empty() { "`smsctl list` shows all documents.".to_owned() } else { near };
    Error::usage(format!("there is no document {id}"), help)
}
