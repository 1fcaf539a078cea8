//! `smsctl completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Io, print};
use crate::error::Error;
use crate::report::ExitStatus;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "smsctl", &mut script);
    print(io, &String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Clean)
}
