//! `smsctl man`.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};

use super::{Cli, Global, Io, print};
use crate::error::Error;
use crate::report::ExitStatus;
use crate::scaffold::atomic;

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write one page for smsctl and one for each command into DIR instead of printing one
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let mut root = Cli::command();
    root.build();
    let Some(dir) = &args.dir else {
        print(io, &page(&root)?)?;
        return Ok(ExitStatus::Clean);
    };
    let base = io.cwd.join(global.directory.as_deref().unwrap_or(Path::new(".")));
    let dir = base.join(dir);
    std::fs::create_dir_all(&dir).map_err(|source| Error::Io { action: "create", path: dir.clone(), source })?;
    let mut written = 0;
    for command in std::iter::once(&root).chain(root.get_subcommands()) {
        // Building has given each command its full name, `smsctl-check`.
        let name = command.get_display_name().unwrap_or(command.get_name());
        atomic::write(&dir.join(format!("{name}.1")), &page(command)?)?;
        written += 1;
    }
    if !global.quiet {
        print(io, &format!("Wrote {written} pages to {}.\n", dir.display()))?;
    }
    Ok(ExitStatus::Clean)
}

fn page(command: &Command) -> Result<String, Error> {
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(command.clone()).render(&mut text);
    rendered.map_err(|source| Error::Io { action: "write", path: "man page".into(), source })?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
