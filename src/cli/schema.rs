//! `smsctl schema`.

use clap::Args;
use serde_json::Value;

use super::{Global, Io, print, sms};
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::report::ExitStatus;
use crate::schema::{self, SchemaSet};

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// A kind, a register, or a file or report of smsctl (config, trust, report, verify …); with `kind:`, `register:` or `file:` in front when a name means two things
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// List all names
    #[arg(long, conflicts_with = "name")]
    pub list: bool,
}

/// Files of smsctl itself that have a schema.
const FILES: [&str; 14] = [
    "answers",
    "audit-plan",
    "baseline",
    "config",
    "diff",
    "due",
    "history",
    "pack",
    "pack-verify",
    "report",
    "sample",
    "status",
    "trust",
    "verify",
];

pub(super) fn run(args: &SchemaArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let ws = sms::if_any(global, io)?;
    let built_in = SchemaSet::default();
    let schemas = ws.as_ref().map_or(&built_in, |ws| &ws.schemas);
    let text = match &args.name {
        None => names(schemas).join("\n") + "\n",
        Some(name) => format!("{:#}\n", find(name, schemas)?),
    };
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

/// All names in their long form, sorted.
fn names(schemas: &SchemaSet) -> Vec<String> {
    let files = FILES.iter().map(|f| format!("file:{f}"));
    let kinds = schemas.kinds().map(|k| format!("kind:{k}"));
    files.chain(kinds).chain(schemas.registers().map(|r| format!("register:{r}"))).collect()
}

fn find(name: &str, schemas: &SchemaSet) -> Result<Value, Error> {
    let all = names(schemas);
    let short = |long: &str| long.split_once(':').is_some_and(|(_, short)| short == name);
    let found: Vec<&String> = all.iter().filter(|long| *long == name || short(long)).collect();
    match found.as_slice() {
        [one] => load(one, schemas).ok_or_else(|| Error::Defect(format!("the schema {one} is missing"))),
        [] => {
            let shorts = all.iter().filter_map(|n| n.split_once(':')).map(|(_, s)| s);
            let near = did_you_mean(name, shorts.chain(all.iter().map(String::as_str)));
            let help = if near.is_empty() { "`smsctl schema --list` lists all names.".to_owned() } else { near };
            Err(Error::usage(format!("there is no schema `{name}`"), help))
        }
        several => {
            let names: Vec<String> = several.iter().map(|n| format!("`{n}`")).collect();
            Err(Error::usage(format!("`{name}` means several things"), format!("Say {}.", names.join(" or "))))
        }
    }
}

fn load(long: &str, schemas: &SchemaSet) -> Option<Value> {
    match long.split_once(':')? {
        ("kind", name) => Some(schemas.kind(name)?.json().clone()),
        ("register", name) => Some(schemas.register(name)?.json().clone()),
        (_, name) => Some(schema::embedded(&format!("{name}.schema.json"))?.json().clone()),
    }
}
