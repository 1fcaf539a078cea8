//! `smsctl trace`.

use clap::{Args, ValueEnum};

use super::sms::{self, warn_of_broken_files};
use super::{Global, Io, print};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{self, ExitStatus, Table};
use crate::workspace::{self, Matrix, Trace, Workspace};

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// Anything with an id (PC-01, OBJ-03, SMS-POL-01, a role …); without it the matrix of all current policies
    ///
    /// Ties are the fields that hold ids. Loose ones, such as `related`, are followed only from ID itself, and reviews, audits, registers and reports end a branch.
    /// A commitment without an objective, an objective without a metric and a metric without a measurement are shown as gaps.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Form of the trace; a table for the matrix, a tree for one ID when not given
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// How many steps to follow from ID, each way
    #[arg(long, default_value_t = 4, value_name = "STEPS", value_parser = clap::value_parser!(u8).range(1..=32), requires = "id")]
    pub depth: u8,
}

/// Form of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Rows and columns
    Table,
    /// A tree of lines
    Tree,
    /// JSON (schema smsctl-trace/1)
    Json,
    /// A Mermaid flowchart, for Markdown pages of a forge
    Mermaid,
}

pub(super) fn run(args: &TraceArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let ws = sms::here(global, io)?.load(global, io)?;
    let text = match &args.id {
        None => matrix(&ws.matrix(), args.format.unwrap_or(Format::Table), global, io),
        Some(id) => {
            let root = ws.entity(id).ok_or_else(|| unknown(id, &ws))?;
            let trace = workspace::trace(root, usize::from(args.depth));
            one(&trace, args.format.unwrap_or(Format::Tree), global, io)
        }
    };
    print(io, &text)?;
    warn_of_broken_files(&ws, io);
    Ok(ExitStatus::Clean)
}

fn matrix(matrix: &Matrix<'_>, format: Format, global: &Global, io: &Io<'_>) -> String {
    let closing =
        if global.quiet { String::new() } else { format!("\n{}\n", report::coverage_line(matrix.coverage())) };
    match format {
        Format::Table => table(&report::matrix_table(matrix), global, io) + &closing,
        Format::Tree => report::tree(&report::matrix_items(matrix), global.colour(io)) + &closing,
        Format::Json => report::matrix_json(matrix),
        Format::Mermaid => report::mermaid(&report::matrix_items(matrix), false),
    }
}

fn one(trace: &Trace<'_>, format: Format, global: &Global, io: &Io<'_>) -> String {
    let (above, below) = report::trace_items(trace);
    match format {
        Format::Table => table(&report::trace_table(trace), global, io),
        Format::Json => report::trace_json(trace),
        Format::Mermaid => report::mermaid_of_two_sides(&above, &below),
        Format::Tree => {
            let part = |title: &str, item: &report::Item| {
                let lines = report::tree(std::slice::from_ref(item), global.colour(io));
                let branches = lines.split_once('\n').map_or("", |(_, rest)| rest);
                let none = if branches.is_empty() { "└─ nothing\n" } else { "" };
                format!("\n{title}\n{branches}{none}")
            };
            let name = report::tree(&[report::Item { children: Vec::new(), ..above.clone() }], global.colour(io));
            name + &part("Follows from", &above) + &part("Leads to", &below)
        }
    }
}

fn table(table: &Table, global: &Global, io: &Io<'_>) -> String {
    table.text(io.out_is_terminal.then_some(io.width), !global.quiet, global.colour(io))
}

fn unknown(id: &str, ws: &Workspace) -> Error {
    let near = did_you_mean(id, ws.entities.iter().map(|e| e.id.as_str()));
    let help = if near.is_empty() { "`smsctl list --entities` lists every id.".to_owned() } else { near };
    Error::usage(format!("nothing in this SMS has the id `{}`", report::printable(id)), help)
}
