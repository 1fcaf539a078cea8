//! `smsctl import`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::sms::{self, Sms, today};
use super::{Global, Io, no_rev, print};
use crate::error::Error;
use crate::import::{Input, Proposal, Refused, Wishes, plan};
use crate::report::{ExitStatus, printable_line, safe_json};
use crate::scaffold;
use crate::source::{Source as _, WorkTree};

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files (.docx, .md) or folders with such files
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write what the plan shows
    #[arg(long)]
    pub apply: bool,
    /// Kind of all documents, instead of what their titles say
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Role that owns all of them, instead of the usual one
    #[arg(long, value_name = "ROLE")]
    pub owner: Option<String>,
    /// Form of the plan
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON (schema smsctl-import/1)
    Json,
}

/// A file may not be larger than this.
const MAX_FILE: u64 = 128 << 20;

pub(super) fn run(args: &ImportArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    no_rev("import", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    if let Some(owner) = args.owner.as_deref().filter(|o| !ws.entity(o).is_some_and(|e| e.is("role"))) {
        let roles = ws.of_type("role").map(crate::workspace::EntityView::id);
        return Err(Error::usage(format!("`{owner}` is no role"), crate::finding::did_you_mean(owner, roles)));
    }
    let wishes = Wishes { kind: args.kind.clone(), owner: args.owner.clone() };
    let (mut proposals, mut refused) = (Vec::new(), Vec::new());
    let (trees, unread) = gathered(&args.paths, &io.cwd)?;
    refused.extend(unread);
    for (tree, inputs) in trees {
        let others = |path: &str| tree.read(path, MAX_FILE).ok();
        let (new, not) = plan(&ws, inputs, &others, &wishes, today(global, &ws, io))?;
        proposals.extend(new);
        refused.extend(not);
    }
    if proposals.is_empty() && refused.is_empty() {
        return Err(Error::usage(
            "nothing there can be imported",
            "Name .docx or .md files, or folders that hold some.",
        ));
    }
    refuse_doubles(&proposals)?;
    if args.apply {
        write(&sms, &proposals)?;
    }
    let text = match args.format {
        Format::Json => to_json(&proposals, &refused, args.apply),
        Format::Human => told(&proposals, &refused, args.apply),
    };
    print(io, &text)?;
    Ok(if refused.is_empty() { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// Folders with the files to be imported from each; a file alone counts with the folder it lies in.
type Trees = Vec<(WorkTree, Vec<Input>)>;

fn gathered(paths: &[PathBuf], cwd: &Path) -> Result<(Trees, Vec<Refused>), Error> {
    let (mut out, mut refused) = (Vec::new(), Vec::new());
    for path in paths {
        let full = cwd.join(path);
        let meta = std::fs::metadata(&full).map_err(|_| Error::NoSuchPath { path: path.clone() })?;
        let alone = full.file_name().and_then(|n| n.to_str()).filter(|_| meta.is_file());
        let folder = if meta.is_file() { full.parent().unwrap_or(cwd).to_owned() } else { full.clone() };
        let tree = WorkTree::open(&folder);
        let wanted = |p: &str| alone.map_or_else(|| readable(p), |name| p == name);
        let mut inputs = Vec::new();
        let names: Vec<String> = match alone {
            Some(name) => vec![name.to_owned()],
            None => tree.entries().iter().map(|e| e.path.clone()).filter(|p| wanted(p)).collect(),
        };
        for name in names {
            match tree.read(&name, MAX_FILE) {
                Ok(bytes) => inputs.push(Input { path: name, bytes }),
                Err(error) => refused.push(Refused { source: name, reason: format!("it cannot be read: {error}") }),
            }
        }
        out.push((tree, inputs));
    }
    Ok((out, refused))
}

/// Documents people write; a temporary file of Word is none.
fn readable(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
    let page = matches!(name.to_lowercase().as_str(), "readme.md" | "index.md");
    matches!(ending.as_str(), "docx" | "docm" | "doc" | "odt" | "rtf" | "md" | "markdown")
        && !name.starts_with("~$")
        && !page
}

/// Two folders given at once may hold the same title.
fn refuse_doubles(proposals: &[Proposal]) -> Result<(), Error> {
    for (index, one) in proposals.iter().enumerate() {
        if let Some(other) = proposals.iter().skip(index + 1).find(|o| o.path == one.path || o.id == one.id) {
            let message = format!("{} and {} would both become {} ({})", one.source, other.source, one.path, one.id);
            return Err(Error::usage(message, "Import the folders one after the other."));
        }
    }
    Ok(())
}

fn write(sms: &Sms, proposals: &[Proposal]) -> Result<(), Error> {
    for proposal in proposals {
        for (path, bytes) in &proposal.images {
            scaffold::create(&sms.root, path, bytes)?;
        }
        if !scaffold::create(&sms.root, &proposal.path, &proposal.text)? {
            let message = format!("{} exists already; what stands above it in the plan was written", proposal.path);
            return Err(Error::usage(message, "Move it away, or import the rest alone."));
        }
    }
    Ok(())
}

fn told(proposals: &[Proposal], refused: &[Refused], applied: bool) -> String {
    let mut out = String::new();
    for p in proposals {
        let line = |text: &str| printable_line(text);
        out += &format!("{} → {}\n", line(&p.source), line(&p.path));
        let grown = p.entry.as_deref().map_or_else(String::new, |e| format!(", template {e}"));
        out += &format!(
            "    {} “{}”: {} {}{grown}; owner {}\n",
            line(&p.id),
            line(&p.title),
            p.kind,
            line(&p.version),
            line(&p.owner)
        );
        if !p.images.is_empty() {
            let count = p.images.len();
            out += &format!("    {count} picture{}\n", if count == 1 { "" } else { "s" });
        }
        for note in &p.notes {
            out += &format!("    note: {}\n", line(note));
        }
    }
    for r in refused {
        out += &format!("{}: not imported: {}\n", printable_line(&r.source), printable_line(&r.reason));
    }
    let count = proposals.len();
    let documents = if count == 1 { "1 document".to_owned() } else { format!("{count} documents") };
    out += &match (applied, count) {
        (_, 0) => "Nothing to write.\n".to_owned(),
        (true, _) => format!("Wrote {documents} as drafts. `smsctl check` shows what is still to be filled in.\n"),
        (false, _) => format!("This is a plan; nothing was written. `--apply` writes {documents}.\n"),
    };
    out
}

fn to_json(proposals: &[Proposal], refused: &[Refused], applied: bool) -> String {
    let documents: Vec<_> = proposals
        .iter()
        .map(|p| {
            let images: Vec<&str> = p.images.iter().map(|(path, _)| path.as_str()).collect();
            json!({
                "source": p.source, "path": p.path, "id": p.id, "kind": p.kind, "template": p.entry, "title": p.title,
                "owner": p.owner, "version": p.version, "images": images, "notes": p.notes,
            })
        })
        .collect();
    let refused: Vec<_> = refused.iter().map(|r| json!({"source": r.source, "reason": r.reason})).collect();
    safe_json(&json!({"schema": "smsctl-import/1", "applied": applied, "documents": documents, "refused": refused}))
}
