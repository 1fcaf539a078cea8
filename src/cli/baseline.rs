//! `smsctl baseline`.

use clap::Args;

use super::{Global, Io, check, print, sms};
use crate::error::Error;
use crate::report::{Baseline, ExitStatus};
use crate::scaffold::atomic;
use crate::source::MAX_TEXT_BYTES;

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {}

pub(super) fn run(_: &BaselineArgs, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    if global.in_the_past() {
        let help = "Leave out --rev and --as-of; to accept what an older commit had, check that commit out first.";
        return Err(Error::usage("a baseline is recorded from the files on disk, not from a commit", help));
    }
    let sms = sms::here(global, io)?;
    let ws = sms.load(global, io)?;
    let baseline = Baseline::record(&check::evaluate(&ws, &sms, global, io)?);
    let before = before(&sms, global, io);
    atomic::write(&sms.root.join(Baseline::FILE), &baseline.to_json())?;
    if !global.quiet {
        let n = baseline.len();
        let findings = if n == 1 { "1 finding".to_owned() } else { format!("{n} findings") };
        let was = before.map_or_else(String::new, |b| format!(" (before: {b})"));
        let text = format!(
            "Recorded {findings} in {}{was}. `smsctl check` now fails only on new ones; commit this file.\n",
            Baseline::FILE
        );
        print(io, &text)?;
    }
    Ok(ExitStatus::Clean)
}

/// How many findings the file recorded until now, when it could be read.
fn before(sms: &sms::Sms, global: &Global, io: &Io<'_>) -> Option<usize> {
    let bytes = sms.source(global, io).ok()?.read(Baseline::FILE, 64 * MAX_TEXT_BYTES).ok()?;
    Baseline::parse(&String::from_utf8(bytes).ok()?).ok().map(|b| b.len())
}
