//! The command reference, written from the definition of the command line.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};

use super::Cli;

/// The text of `docs/cli.md`. A test holds the file to it.
#[must_use]
pub fn reference() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut out = String::from(
        "# Commands\n\nWritten from the definition of the command line; `UPDATE_DOCS=1 cargo test --test it cli_reference` \
         writes it anew.\nExit status of every command: 0 nothing at or above `fail-on`, 1 findings, 2 could not run.\n",
    );
    let _ = write!(out, "\n## smsctl\n\n{}", help(&root));
    for command in root.get_subcommands() {
        let _ = write!(out, "\n## smsctl {}\n\n{}", command.get_name(), help(command));
    }
    out
}

fn help(command: &Command) -> String {
    let text = command.clone().term_width(100).render_long_help().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("```text\n{}\n```\n", lines.join("\n").trim_end())
}
