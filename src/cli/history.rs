//! `smsctl history`.

use clap::{Args, ValueEnum};

use super::sms;
use super::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{DocumentHistory, ExitStatus};
use crate::trust::commit_signatures;

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
    let ws = sms.load(global, io)?;
    let Some((repository, _)) = sms.repository(global)? else {
        return Err(Error::NotARepository { path: sms.root.clone() });
    };
    let record = sms.record(global, &ws.config, io)?;
    let signatures = match record.judged() {
        Some(judged) => commit_signatures(&repository, &record.history, judged)?,
        None => Vec::new(),
    };
    let history = DocumentHistory::new(&ws, &record, &signatures, &args.id);
    let history = history.ok_or_else(|| unknown(&args.id, &ws))?;
    let text = match args.format {
        Format::Human => history.human(global.colour(io), global.verbose),
        Format::Json => history.json(),
    };
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

/// No document has that id; an entity within one may.
pub(super) fn unknown(id: &str, ws: &crate::workspace::Workspace) -> Error {
    if let Some(entity) = ws.entity(id).filter(|e| !e.is_artifact()) {
        let document = entity.artifact().id().to_owned();
        let message = format!("{id} is not a document but stands in {document}");
        return Error::usage(message, format!("Ask for the document, such as `smsctl history {document}`."));
    }
    let near = did_you_mean(id, ws.artifacts().map(crate::workspace::ArtifactView::id));
    let help = if near.is_empty() { "`smsctl list` shows all documents.".to_owned() } else { near };
    Error::usage(format!("there is no document {id}"), help)
}
