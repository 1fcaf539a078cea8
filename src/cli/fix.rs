//! What `check --fix`, `fmt` and `generate` do to files: show or write a plan, and say what is left alone.

use std::path::Path;

use super::{Global, Io, print};
use crate::error::Error;
use crate::report::{ExitStatus, RunReport, count, printable, printable_line};
use crate::rules::approval;
use crate::scaffold::{atomic, fix};
use crate::source::{MAX_TEXT_BYTES, Source as _, WorkTree};
use crate::trust::Record;
use crate::workspace::Workspace;

pub(super) fn refuse_revision(global: &Global) -> Result<(), Error> {
    if !global.in_the_past() {
        return Ok(());
    }
    let help = "Leave out --rev and --as-of; a commit is never changed.";
    Err(Error::usage("files are changed on disk, not in a commit", help))
}

/// What the findings of a report name and smsctl can fix.
pub(super) fn of_findings(ws: &Workspace, report: &RunReport) -> fix::Plan {
    let named = |path: &str| report.findings.iter().any(|f| f.fixable && f.location.path == path);
    fix::plan_tables(ws, named)
}

/// Takes approved texts out of a plan.
pub(super) fn spare_approved(plan: &mut fix::Plan, ws: &Workspace, record: &Record) {
    plan.spare(|path| ws.artifact_at(path).is_some_and(|artifact| approval::may_be_covered(artifact, record)));
}

/// Shows what would be written. Findings (exit status 1) when there is anything.
pub(super) fn diff(plan: &fix::Plan, global: &Global, io: &mut Io<'_>) -> Result<ExitStatus, Error> {
    for mend in &plan.mends {
        let diff = similar::TextDiff::from_lines(&mend.before, &mend.after);
        let (old, new) = (format!("a/{}", mend.path), format!("b/{}", mend.path));
        let text = diff.unified_diff().context_radius(3).header(&old, &new).to_string();
        print(io, &printable(&text.replace("\r\n", "\n")))?;
    }
    name_left_alone(plan, global, io);
    let clean = plan.mends.is_empty() && plan.refused.is_empty();
    Ok(if clean { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// What became of a plan.
pub(super) struct Written {
    pub(super) changed: bool,
    pub(super) refused: bool,
}

/// Writes what is planned, unless a file changed in the meantime, and says so on standard error, so that a report for a
/// program stays whole. Says whether files changed, and whether one was not written that should have been.
pub(super) fn write(mut plan: fix::Plan, root: &Path, global: &Global, io: &mut Io<'_>) -> Written {
    let disk = WorkTree::open(root);
    let mut changed = false;
    for mend in &plan.mends {
        // Another program may have saved the file since it was read.
        let now = disk.read(&mend.path, MAX_TEXT_BYTES).unwrap_or_default();
        if now != mend.before.as_bytes() {
            plan.refused.push((mend.path.clone(), "it changed while it was read".into()));
            continue;
        }
        match atomic::write(&root.join(&mend.path), &mend.after) {
            Ok(()) => {
                changed = true;
                if !global.quiet {
                    let _ = writeln!(io.err, "fixed {}: {}", printable_line(&mend.path), mend.changes.join("; "));
                }
            }
            Err(error) => plan.refused.push((mend.path.clone(), error.to_string())),
        }
    }
    name_left_alone(&plan, global, io);
    Written { changed, refused: !plan.refused.is_empty() }
}

fn name_left_alone(plan: &fix::Plan, global: &Global, io: &mut Io<'_>) {
    for (path, reason) in &plan.refused {
        let _ = writeln!(io.err, "left alone {}: {}", printable_line(path), printable_line(reason));
    }
    for path in plan.approved.iter().filter(|_| global.verbose) {
        let _ = writeln!(io.err, "left alone {}: it is approved as it is", printable_line(path));
    }
    if !plan.approved.is_empty() {
        let _ = writeln!(
            io.err,
            "{} left alone: a changed byte ends an approval. Raise the version of a document to change it; --fix-approved \
             changes it as it is, and it must then be approved again.",
            count(plan.approved.len(), "approved text")
        );
    }
}
