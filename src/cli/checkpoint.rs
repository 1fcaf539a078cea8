//! `smsctl checkpoint`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::approve::Format;
use super::{Global, Io, print, sms};
use crate::approve::draft::{self, Ground};
use crate::approve::signer::{self, Wanted};
use crate::approve::{checkpoint, commit};
use crate::error::Error;
use crate::report::{self, ExitStatus};

/// Arguments of `checkpoint`.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// Also write a copy to FILE, with its signature beside it, for somebody outside
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Role to act in; the first you hold unless given
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Person of the trust policy who signs; found by the key unless given
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
    /// Key to sign with
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

pub(super) fn run(args: &CheckpointArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    super::no_rev("checkpoint", global)?;
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let record = sms.record(global, &ws.config, io)?;
    let Some((repo, _)) = sms.repository(global)? else { return Err(Ground::refuse(&record)) };
    let ground = Ground::new(&repo, &record, io.now)?;
    let tools = sms.tools(io);
    let wanted = Wanted { person: args.person.clone(), key: args.key.clone() };
    let signer = signer::find(&tools, ground.policy(), &wanted, &io.cwd, ground.now)?;
    let held: Vec<&str> = ground.policy().roles_of(&signer.person, ground.now).collect();
    let role = match (&args.role, held.first()) {
        (Some(role), _) if held.contains(&role.as_str()) => role.clone(),
        (None, Some(role)) => (*role).to_owned(),
        _ => {
            let message = format!("{} does not hold that role today", signer.name);
            let roles = if held.is_empty() { "no role".to_owned() } else { held.join(", ") };
            return Err(Error::usage(message, format!("The trust policy gives {roles}.")));
        }
    };
    let made = checkpoint::of(&ground, &signer, &role)?;
    let Some(key) = &signer.key else { return Err(Error::Defect("a signer without a key".into())) };
    let path = checkpoint::place(&sms.root, &made);
    let files = draft::signed(&tools, ground.policy(), key, &path, made.render(), made.signed_at)?;
    if let Some(target) = &args.export {
        export(&io.cwd.join(target), &files)?;
    }
    let message = format!("checkpoint: {}\n\nThe state of commit {}.\n", crate::trust::day(made.signed_at), made.head);
    commit(&tools, &files, &message, Some(key))?;
    let exported = args.export.as_ref().map(|p| p.display().to_string());
    let text = match args.format {
        Format::Json => report::safe_json(&json!({
            "schema": "smsctl-checkpoint/1", "path": path, "head": made.head.to_string(), "root": made.root.to_string(),
            "tree": made.tree, "policy": made.policy.to_string(), "approvals": made.approvals, "person": made.signer,
            "role": made.role, "exported": exported,
        })),
        Format::Human => {
            let (commit, n) = (made.head.to_string(), made.approvals);
            let short = commit.get(..10).unwrap_or_default();
            let plural = if n == 1 { "" } else { "s" };
            let mut text =
                format!("Checkpoint of commit {short} with {n} approval{plural}, signed by {}: {path}\n", signer.name);
            text += &exported.map_or_else(
                || "Export a copy with `--export FILE` and give it to somebody outside: only then can a rewritten history be noticed.\n".to_owned(),
                |file| format!(
                    "Copy for somebody outside: {file} and its signature. Send both, such as to the certification body. Whoever \
                     holds them checks a clone with `smsctl verify --anchor {file}`.\n"
                ),
            );
            report::printable(&text)
        }
    };
    print(io, &text)?;
    Ok(ExitStatus::Clean)
}

/// The copy and its signature, with the same ending as in the SMS.
fn export(target: &Path, files: &[crate::approve::Write; 2]) -> Result<(), Error> {
    let [statement, signature] = files;
    let mut beside = target.as_os_str().to_owned();
    beside.push(signature.path.get(statement.path.len()..).unwrap_or(".sig"));
    for (path, text) in [(target.to_owned(), &statement.text), (PathBuf::from(beside), &signature.text)] {
        std::fs::write(&path, text).map_err(|source| Error::Io { action: "write", path: path.clone(), source })?;
    }
    Ok(())
}
