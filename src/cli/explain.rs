//! `smsctl explain`.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Global, Io, print, sms};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::{self, ExitStatus, Topic};
use crate::workspace::Workspace;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule, a policy requirement (P-036), a clause (5.2.1), a kind, a register, a toolkit entry, a question (CL-012), a stage (stage-1), a date of certification (T-03), or an id of this SMS
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// Markdown
    Markdown,
    /// JSON (schema smsctl-explain/1)
    Json,
}

pub(super) fn run(args: &ExplainArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let topics = match &args.name {
        None => vec![report::overview()],
        Some(name) => {
            let ws = sms::if_any(global, io)?;
            let topics = report::explain(name, ws.as_ref());
            if topics.is_empty() {
                return Err(unknown(name, ws.as_ref()));
            }
            topics
        }
    };
    let text = render(&topics, args.format, global, io);
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

fn render(topics: &[Topic], format: Format, global: &Global, io: &Io<'_>) -> String {
    let pages: Vec<&str> = topics.iter().map(|t| t.page.trim_end()).collect();
    let markdown = pages.join("\n\n") + "\n";
    match format {
        Format::Text => report::page(&markdown, global.colour(io), io.width),
        Format::Markdown => report::printable(&markdown),
        Format::Json => {
            let topics: Vec<_> = topics.iter().map(|t| &t.json).collect();
            report::safe_json(&json!({"schema": "smsctl-explain/1", "topics": topics}))
        }
    }
}

fn unknown(name: &str, ws: Option<&Workspace>) -> Error {
    let names = report::explained_names(ws);
    let near = did_you_mean(name, names.iter().map(String::as_str));
    let help = if near.is_empty() {
        "`smsctl explain` lists all rules, `smsctl schema --list` all kinds and registers.".to_owned()
    } else {
        near
    };
    Error::usage(format!("there is nothing called `{}`", report::printable(name)), help)
}
