//! `smsctl list`.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use super::sms::{self, warn_of_broken_files};
use super::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{self, ExitStatus, Table};
use crate::trust::{NotJudged, Record};
use crate::workspace::{ArtifactView, Filter, View, Workspace};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only documents of this kind (with --entities: entities of this type)
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only what has this status
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Only what this role owns
    #[arg(long, value_name = "ROLE")]
    pub owner: Option<String>,
    /// Only what answers this clause or one below it
    #[arg(long, value_name = "CLAUSE")]
    pub clause: Option<String>,
    /// List everything with an id (objectives, risks, roles, commitments …), not only documents
    #[arg(long)]
    pub entities: bool,
    /// Only documents whose text is not approved, with whose approval they need
    #[arg(long, conflicts_with = "entities")]
    pub needs_approval: bool,
    /// A computed table in place of the register of documents
    #[arg(long, value_name = "VIEW", value_enum, conflicts_with_all = ["entities", "needs_approval", "kind", "status", "owner", "clause"])]
    pub view: Option<ListView>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Tables that are computed, never typed; `smsctl generate documents` writes them as documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListView {
    /// For each clause the documents and records that answer it
    Evidence,
    /// Documents by level and kind
    Overview,
    /// Problems by service
    Problems,
    /// Types of records with their retention and newest example
    Records,
    /// All entries of the toolkit with what exists of them
    Toolkit,
}

impl ListView {
    fn view(self) -> View {
        match self {
            Self::Evidence => View::Evidence,
            Self::Overview => View::Overview,
            Self::Problems => View::Problems,
            Self::Records => View::Records,
            Self::Toolkit => View::Toolkit,
        }
    }
}

/// Form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns, cut to the width of a terminal; whole in a pipe
    Table,
    /// RFC 4180, safe to open in a spreadsheet
    Csv,
    /// JSON (schema smsctl-list/1)
    Json,
    /// A Markdown table, for the summary of a workflow
    Markdown,
}

pub(super) fn run(args: &ListArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let filter = filter(args, &ws)?;
    let text = if let Some(view) = args.view {
        let computed = view.view().compute(&ws, None);
        match args.format {
            Format::Json => report::computed_json(&computed),
            other => table(&report::computed_table(&computed), other, global, io),
        }
    } else if args.entities {
        let entities = ws.entity_list(&filter);
        match args.format {
            Format::Json => report::entities_json(&entities, &ws),
            other => table(&report::entities_table(&entities), other, global, io),
        }
    } else {
        let documents = ws.master_list(&filter);
        let record = sms.record(global, &ws.config, io)?;
        if args.needs_approval {
            return needs_approval(args, &documents, &ws, &record, global, io);
        }
        match args.format {
            Format::Json => report::documents_json(&documents, &ws, record.judged()),
            other => table(&report::documents_table(&documents, record.judged()), other, global, io),
        }
    };
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(ExitStatus::Clean)
}

/// Who must approve what; said to be unknown rather than left empty when nothing could be judged.
fn needs_approval(
    args: &ListArgs,
    documents: &[ArtifactView<'_>],
    ws: &Workspace,
    record: &Record,
    global: &Global,
    io: &mut Io<'_>,
) -> Result<ExitStatus, Error> {
    let Some(judged) = record.judged() else {
        let why = record.why_not().map_or("", NotJudged::reason);
        let help = record.issues.first().map_or("Set up trust with `smsctl trust init`.", |i| i.help.as_str());
        return Err(Error::usage(format!("whose approval is needed is not known: {why}"), help));
    };
    let open: Vec<ArtifactView<'_>> = documents
        .iter()
        .filter(|d| d.is_current() && !report::approval::standing(**d, judged).verdict.passes())
        .copied()
        .collect();
    let text = match args.format {
        Format::Json => report::documents_json(&open, ws, Some(judged)),
        other => table(&report::needs_table(&open, judged), other, global, io),
    };
    print(io, &text)?;
    warn_of_broken_files(ws, io);
    Ok(ExitStatus::Clean)
}

fn table(table: &Table, format: Format, global: &Global, io: &mut Io<'_>) -> String {
    if table.is_empty() && format == Format::Table {
        let _ = writeln!(io.err, "smsctl: nothing matches.");
        return String::new();
    }
    match format {
        Format::Csv => table.csv(),
        Format::Markdown => table.markdown(),
        _ => table.text(io.out_is_terminal.then_some(io.width), !global.quiet, global.colour(io)),
    }
}

/// A filter that can match nothing is a slip of the pen, not an empty list.
fn filter(args: &ListArgs, ws: &Workspace) -> Result<Filter, Error> {
    let kinds: BTreeSet<&str> = if args.entities {
        ws.entities.iter().flat_map(|e| &e.types).map(|t| t.strip_prefix("artifact:").unwrap_or(t)).collect()
    } else {
        ws.schemas.kinds().chain(ws.artifacts.iter().map(|a| a.kind.as_str())).collect()
    };
    let known_as = if args.entities { "type" } else { "kind" };
    one_of(known_as, args.kind.as_deref(), kinds)?;
    one_of("status", args.status.as_deref(), values(ws, "status"))?;
    let roles = ws.of_type("role").map(crate::workspace::EntityView::id);
    one_of("owner", args.owner.as_deref(), roles.chain(values(ws, "owner")).collect())?;
    one_of("clause", args.clause.as_deref(), ws.catalog.clauses().iter().map(|c| c.id.as_str()).collect())?;
    Ok(Filter {
        kind: args.kind.clone(),
        status: args.status.clone(),
        owner: args.owner.clone(),
        clause: args.clause.clone(),
    })
}

/// Every value of a field; for `status` also those a document may have.
fn values<'a>(ws: &'a Workspace, field: &str) -> BTreeSet<&'a str> {
    const LIFE: [&str; 5] = ["draft", "in-review", "approved", "superseded", "retired"];
    let all = (0..ws.entities.len()).map(|ix| ws.entity_at(ix));
    let used = all.flat_map(|e| [e.str(field), e.artifact().front().str(field)]).flatten();
    used.chain(if field == "status" { LIFE.to_vec() } else { Vec::new() }).collect()
}

fn one_of(what: &str, given: Option<&str>, known: BTreeSet<&str>) -> Result<(), Error> {
    let Some(given) = given.filter(|g| !known.contains(g)) else { return Ok(()) };
    let near = did_you_mean(given, known.iter().copied());
    let help = match known.len() {
        _ if !near.is_empty() => near,
        0..=40 => format!("Known are: {}.", known.into_iter().collect::<Vec<_>>().join(", ")),
        _ => "`smsctl list --entities` lists every id with its type.".to_owned(),
    };
    Err(Error::usage(format!("nothing here has the {what} `{given}`"), help))
}
