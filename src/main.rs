//! The binary: hands the outside world in and turns the result into an exit status.

use std::io::{IsTerminal as _, Write as _, stderr, stdin, stdout};
use std::process::ExitCode;

use clap::Parser as _;
use smsctl::cli::{self, Cli, Io};
use smsctl::error::Error;
use smsctl::report::ExitStatus;

fn main() -> ExitCode {
    let cli = Cli::parse();
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
    let status = cli::run(&cli, &mut io).unwrap_or_else(|error| failed(&error));
    ExitCode::from(status.code())
}

fn failed(error: &Error) -> ExitStatus {
    if let Error::Io { source, .. } = error
        && source.kind() == std::io::ErrorKind::BrokenPipe
    {
        // The reader has seen enough.
        return ExitStatus::Clean;
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
