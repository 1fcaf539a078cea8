//! `smsctl new`.

use std::path::PathBuf;

use clap::Args;

use super::sms::{self, today};
use super::{Global, Io, print};
use crate::error::Error;
use crate::report::{ExitStatus, printable};
use crate::scaffold::{self, NewRequest, Offer};
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
}

pub(super) fn run(args: &NewArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let start = global.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    let sms = sms::locate(&start, global.rev.as_deref(), &io.cwd)?;
    let ws = sms.load(global, io)?;
    if args.list {
        print(io, &listing(&scaffold::offers(&ws)))?;
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

fn listing(offers: &[Offer]) -> String {
    let width = offers.iter().map(|o| o.name.len()).max().unwrap_or(0);
    let mut text = String::from("smsctl new …\n\n");
    for offer in offers {
        let state = if offer.existing.is_empty() { "missing".to_owned() } else { offer.existing.join(", ") };
        let any = offer.title.starts_with("Any ");
        let state = if any && offer.existing.is_empty() { String::new() } else { printable(&state) };
        text += format!("  {:width$}  {:55} {state}", offer.name, offer.title).trim_end();
        text.push('\n');
    }
    text +=
        "\nThe other entries of the toolkit (`smsctl explain ENTRY`) are started from the template of their kind.\n";
    text
}
