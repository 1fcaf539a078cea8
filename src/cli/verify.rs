//! `smsctl verify`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::sms;
use super::{Global, Io, print};
use crate::error::Error;
use crate::report::{ExitStatus, Verification};
use crate::source::CommitTree;
use crate::trust::{Options, Root, commit_signatures};
use crate::workspace;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Fail on everything an auditor must not pass over: an unpinned root, alternates, approvals without an ordered time
    #[arg(long)]
    pub audit: bool,
    /// A checkpoint you kept: the history must still contain all it names
    #[arg(long, value_name = "FILE")]
    pub anchor: Option<PathBuf>,
    /// The trust root you were given (smsroot1:…)
    #[arg(long, value_name = "FINGERPRINT")]
    pub root: Option<String>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON (schema smsctl-verify/1)
    Json,
}

pub(super) fn run(args: &VerifyArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let sms = sms::here(global, io)?;
    let root = args.root.as_deref().map(parse_root).transpose()?;
    let anchor = args.anchor.as_ref().map(|path| read_anchor(path, io)).transpose()?;
    let Some((repository, tip)) = sms.repository(global)? else {
        return Err(Error::NotARepository { path: sms.root.clone() });
    };
    let Some(tip) = tip.map_or_else(|| repository.head(), |tip| Ok(Some(tip)))? else {
        return Err(Error::usage(
            "this repository has no commit yet",
            "Commit the SMS first; approvals are commits and files in them.",
        ));
    };
    // What is verified is what is committed, whatever lies in the work tree.
    let rev = format!("{tip}:{}", repository.prefix());
    let ws = workspace::load(&CommitTree::open(&sms.root, &rev)?, &|_, _| {})?;
    if ws.config.history_none {
        return Err(Error::usage(
            "smsctl.toml says that this SMS has no history of its own ([trust] history = \"none\"), so nothing can be verified",
            "Verify the repository it was copied from. A sample with a history: `smsctl init --example DIR`.",
        ));
    }
    let options = Options { tip: Some(tip), root, pins: sms::pins(io)?, anchor, now: sms::until(io), only: None };
    let record = sms.evaluate(&repository, &options, global, io)?;
    let signatures = match record.judged() {
        Some(judged) => {
            let all = (0..record.history.walk.commits.len()).collect();
            commit_signatures(&repository, &record.history, judged, &all)?
        }
        None => BTreeMap::new(),
    };
    let verification = Verification::new(&ws, &record, &signatures, args.audit, io.today);
    let text = match args.format {
        Format::Human => verification.human(global.colour(io), io.width, global.verbose),
        Format::Json => verification.json(),
    };
    print(io, &text)?;
    Ok(verification.exit_status())
}

fn parse_root(text: &str) -> Result<Root, Error> {
    Root::parse(text).ok_or_else(|| {
        Error::usage(
            format!("`{text}` is no trust root"),
            "It looks like smsroot1:sha1:COMMIT:POLICY, as `smsctl trust fingerprint` prints it; copy all of it.",
        )
    })
}

/// The checkpoint and, when it lies beside it, its signature.
pub(super) fn read_anchor(path: &PathBuf, io: &Io<'_>) -> Result<(Vec<u8>, Option<Vec<u8>>), Error> {
    let path = io.cwd.join(path);
    let bytes = std::fs::read(&path).map_err(|source| Error::Io { action: "read", path: path.clone(), source })?;
    let beside = ["sig", "asc"].iter().find_map(|e| std::fs::read(format!("{}.{e}", path.display())).ok());
    Ok((bytes, beside))
}
