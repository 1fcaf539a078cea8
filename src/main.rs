//! The binary: hands the outside world in and turns the result into an exit status.

use std::io::{IsTerminal as _, Write as _, stderr, stdin, stdout};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use smsctl::cli::{self, Cli, Io};
use smsctl::error::Error;
use smsctl::report::ExitStatus;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let (out_is_terminal, err_is_terminal) = (stdout().is_terminal(), stderr().is_terminal());
    let mut io = Io {
        out: &mut stdout().lock(),
        err: &mut stderr(),
        out_is_terminal,
        err_is_terminal,
        in_is_terminal: stdin().is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || terminal_is_dumb(),
        width: console_width(),
        today: jiff::Zoned::now().date(),
        now: jiff::Timestamp::now().as_second(),
        settings: settings(),
        home: folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
        cwd: std::env::current_dir().unwrap_or_else(|_| ".".into()),
    };
    let form = form(&matches);
    let status = cli::run(&cli, &mut io).unwrap_or_else(|error| failed(&error, form.as_deref(), io.out));
    ExitCode::from(status.code())
}

/// The `--format` of the command that was given, however deep it stands.
fn form(matches: &clap::ArgMatches) -> Option<String> {
    let below = matches.subcommand().and_then(|(_, below)| form(below));
    let here = || matches.try_get_raw("format").ok().flatten()?.next()?.to_str().map(str::to_owned);
    below.or_else(here)
}

fn failed(error: &Error, form: Option<&str>, out: &mut dyn std::io::Write) -> ExitStatus {
    if let Error::Io { source, .. } = error
        && source.kind() == std::io::ErrorKind::BrokenPipe
    {
        // The reader has seen enough.
        return ExitStatus::Clean;
    }
    if let Some(document) = form.and_then(|form| smsctl::report::failure_document(form, error)) {
        let _ = out.write_all(document.as_bytes()).and_then(|()| out.flush());
    }
    let mut err = stderr().lock();
    let _ = err.write_all(cli::failure(error).as_bytes());
    ExitStatus::Failed
}

/// `$XDG_CONFIG_HOME/smsctl`, else `smsctl` in the place the system keeps settings in.
fn settings() -> Option<std::path::PathBuf> {
    let home = if cfg!(windows) { folder("APPDATA") } else { folder("HOME").map(|home| home.join(".config")) };
    folder("XDG_CONFIG_HOME").or(home).map(|dir| dir.join("smsctl"))
}

/// A folder the environment names.
fn folder(name: &str) -> Option<std::path::PathBuf> {
    std::env::var_os(name).filter(|v| !v.is_empty()).map(std::path::PathBuf::from)
}

fn terminal_is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

fn console_width() -> usize {
    let set = std::env::var_os("COLUMNS").and_then(|c| c.to_str()?.parse().ok());
    set.unwrap_or_else(|| {
        let (_, columns) = console::Term::stdout().size();
        usize::from(columns)
    })
}
