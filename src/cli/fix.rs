//! The part of `smsctl check` that mends: `--fix`, `--diff`.

use std::path::Path;

use super::{Global, Io, print};
use crate::error::Error;
use crate::report::{ExitStatus, printable, printable_line};
use crate::scaffold::{atomic, fix};
use crate::source::{MAX_TEXT_BYTES, Source as _, WorkTree};
use crate::workspace::Workspace;

pub(super) fn refuse_revision(global: &Global) -> Result<(), Error> {
    if !global.in_the_past() {
        return Ok(());
    }
    let help = "Leave out --rev and --as-of; a commit is never changed.";
    Err(Error::usage("--fix and --diff work on the files on disk, not on a commit", help))
}

/// Shows what would be written. Findings (exit status 1) when there is anything.
pub(super) fn diff(ws: &Workspace, wanted: impl Fn(&str) -> bool, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    let plan = fix::plan(ws, wanted);
    for mend in &plan.mends {
        let diff = similar::TextDiff::from_lines(&mend.before, &mend.after);
        let (old, new) = (format!("a/{}", mend.path), format!("b/{}", mend.path));
        let text = diff.unified_diff().context_radius(3).header(&old, &new).to_string();
        print(io, &printable(&text.replace("\r\n", "\n")))?;
    }
    name_refused(&plan.refused, io);
    Ok(if plan.mends.is_empty() { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// Writes the mends and says so on standard error, so that a report for a program stays whole. Returns whether files changed.
pub(super) fn mend(
    ws: &Workspace,
    root: &Path,
    wanted: impl Fn(&str) -> bool,
    global: &Global,
    io: &mut Io<'_>,
) -> bool {
    write(fix::plan(ws, wanted), root, global, io)
}

/// Writes planned mends, unless a file changed in the meantime.
pub(super) fn write(plan: fix::Plan, root: &Path, global: &Global, io: &mut Io<'_>) -> bool {
    let mut refused = plan.refused;
    let disk = WorkTree::open(root);
    let mut changed = false;
    for mend in &plan.mends {
        // Another program may have saved the file since it was read.
        let now = disk.read(&mend.path, MAX_TEXT_BYTES).unwrap_or_default();
        if now != mend.before.as_bytes() {
            refused.push((mend.path.clone(), "it changed while it was read".into()));
            continue;
        }
        match atomic::write(&root.join(&mend.path), &mend.after) {
            Ok(()) => {
                changed = true;
                if !global.quiet {
                    let _ = writeln!(io.err, "mended {}: {}", printable_line(&mend.path), mend.changes.join("; "));
                }
            }
            Err(error) => refused.push((mend.path.clone(), error.to_string())),
        }
    }
    name_refused(&refused, io);
    changed
}

fn name_refused(refused: &[(String, String)], io: &mut Io<'_>) {
    for (path, reason) in refused {
        let _ = writeln!(io.err, "left alone {}: {}", printable_line(path), printable_line(reason));
    }
}
