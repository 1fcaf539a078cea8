//! `smsctl new`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::sms::{self, today};
use super::{Global, Io, print};
use crate::error::Error;
use crate::report::{ExitStatus, printable, sentence};
use crate::scaffold::{self, Existing, NewRequest, Offer, OfferKind};
use crate::source::resolve;
use crate::workspace::Workspace;

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// A kind (`procedure`), a register (`register objectives`) or a toolkit entry (`change-management-policy`)
    #[arg(value_name = "KIND-OR-ENTRY", required_unless_present = "list")]
    pub what: Option<String>,
    /// Title of the document; for `policy` and `register` also which one
    #[arg(value_name = "TITLE")]
    pub title: Option<String>,
    /// Id to use instead of the next free one
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// File to write, as a path below the SMS
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
    /// Role that owns it
    #[arg(long, value_name = "ROLE")]
    pub owner: Option<String>,
    /// Show what can be written, what exists and what is missing
    #[arg(long)]
    pub list: bool,
    /// With --list: only what is missing
    #[arg(long, requires = "list")]
    pub missing: bool,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text, requires = "list")]
    pub format: ListFormat,
}

/// Form of the list of what can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Grouped by kind, for people
    Text,
    /// JSON (schema smsctl-new/1)
    Json,
}

pub(super) fn run(args: &NewArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let start = global.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    let sms = sms::locate(&start, global.rev.as_deref(), &io.cwd)?;
    let ws = sms.load(global, io)?;
    if args.list {
        let mut offers = scaffold::offers(&ws);
        offers.retain(|o| !args.missing || o.is_missing());
        let text = if args.format == ListFormat::Json { as_json(&offers) } else { listing(&offers, args.missing) };
        print(io, &text)?;
        return Ok(ExitStatus::Clean);
    }
    if global.in_the_past() {
        return Err(Error::usage("`new` writes a file, so it takes no --rev and no --as-of", "Run it without."));
    }
    let request = request(args)?;
    let file = scaffold::plan_new(&ws, &request, today(global, &ws, io))?;
    if !scaffold::create(&sms.root, &file.path, &file.text)? {
        let message = format!("{} exists already; nothing was written", file.path);
        return Err(Error::usage(message, "Give another title, or say where it goes with `--path`."));
    }
    print(io, &closing(&ws, &file))?;
    Ok(ExitStatus::Clean)
}

fn request(args: &NewArgs) -> Result<NewRequest, Error> {
    let path = match &args.path {
        None => None,
        Some(given) => {
            let inside = resolve("smsctl.toml", given).filter(|p| crate::source::is_markdown(p));
            let help = "Name a Markdown file below the folder of smsctl.toml, such as `policies/backup.md`.";
            Some(inside.ok_or_else(|| Error::usage(format!("`{given}` is no place for a document"), help))?)
        }
    };
    if let Some(title) = args.title.as_deref().filter(|t| t.trim().is_empty() || t.contains(|c: char| c.is_control())) {
        return Err(Error::usage(
            format!("`{}` is no title", printable(title)),
            "Give the title as people write it, on one line.",
        ));
    }
    Ok(NewRequest {
        what: args.what.clone().unwrap_or_default(),
        title: args.title.clone(),
        id: args.id.clone(),
        path,
        owner: args.owner.clone(),
    })
}

fn closing(ws: &Workspace, file: &scaffold::NewFile) -> String {
    let id = file.text.lines().find_map(|l| l.strip_prefix("id: ")).unwrap_or_default();
    let mut text = format!("Wrote {} ({id}).\n", file.path);
    match file.to_dos() {
        0 => {}
        1 => text += "One place waits to be filled in; `smsctl check` shows it.\n",
        n => text += &format!("{n} places wait to be filled in; `smsctl check` lists them.\n"),
    }
    if ws.register("roles").next().is_none() && !file.text.contains("register: roles") {
        text += "This SMS has no roles register yet: `smsctl new register roles` writes one, so that owners can be named.\n";
    }
    text
}

fn as_json(offers: &[Offer]) -> String {
    let existing = |e: &Existing| json!({"id": e.id, "path": e.path});
    let offer = |o: &Offer| {
        json!({
            "name": o.name, "what": o.what.as_str(), "kind": o.kind, "title": o.title,
            "existing": o.existing.iter().map(existing).collect::<Vec<_>>(),
        })
    };
    let value = json!({"schema": "smsctl-new/1", "offers": offers.iter().map(offer).collect::<Vec<_>>()});
    format!("{value:#}\n")
}

fn listing(offers: &[Offer], only_missing: bool) -> String {
    let width = offers.iter().map(|o| o.name.len()).max().unwrap_or(0);
    let title_width = offers.iter().map(|o| o.title.chars().count()).max().unwrap_or(0);
    let mut text = String::from("smsctl new …\n");
    let mut group = String::new();
    for offer in offers {
        let own = match offer.what {
            OfferKind::Entry => offer.kind.clone(),
            OfferKind::Register => "further registers".to_owned(),
            OfferKind::Kind => "documents of your own".to_owned(),
        };
        if own != group {
            text += &format!("\n{}\n", sentence(&own));
            group = own;
        }
        text += format!("  {:width$}  {:title_width$}  {}", offer.name, offer.title, state(offer)).trim_end();
        text.push('\n');
    }
    text + &counted(offers, only_missing)
}

fn state(offer: &Offer) -> String {
    let ids: Vec<&str> = offer.existing.iter().map(|e| e.id.as_str()).collect();
    match offer.what {
        _ if !ids.is_empty() => printable(&ids.join(", ")),
        OfferKind::Kind => String::new(),
        _ => "missing".to_owned(),
    }
}

fn counted(offers: &[Offer], only_missing: bool) -> String {
    let entries = offers.iter().filter(|o| o.what == OfferKind::Entry);
    let missing = entries.clone().filter(|o| o.is_missing()).count();
    let all = entries.count();
    if only_missing {
        return format!("\nMissing entries of the toolkit: {missing}. Not every SMS needs each of them.\n");
    }
    format!(
        "\n{} of {all} entries of the toolkit exist. `smsctl explain ENTRY` says what an entry is for.\n",
        all - missing
    )
}
