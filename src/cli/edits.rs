//! Changes of files as `record` and `audit` make them: judged before they are written, all of them written or none.

use jiff::civil::Date;

use super::sms::Sms;
use crate::error::Error;
use crate::finding::Severity;
use crate::report::{printable, printable_line};
use crate::rules::{self, Ctx, Finding};
use crate::scaffold::atomic;
use crate::scaffold::record::Edit;
use crate::source::{MAX_TEXT_BYTES, MemoryTree, Source as _, WorkTree};
use crate::workspace::{self, Workspace};

/// Reads the SMS as it would be: errors it would gain refuse the edits, the rest is told.
pub(super) fn judged(sms: &Sms, ws: &Workspace, edits: &[Edit], today: Date) -> Result<Vec<String>, Error> {
    let mut tree = MemoryTree::copy_of(&WorkTree::open(&sms.root));
    for edit in edits {
        tree.put(&edit.path, Some(edit.after.clone().into_bytes()));
    }
    let then = workspace::load(&tree, &|_, _| {})?;
    let told = |ws: &Workspace, f: &Finding| {
        (f.rule.name, ws.sources.path(f.problem.span).to_owned(), f.problem.message.clone(), f.severity)
    };
    let before: Vec<_> = rules::run(&Ctx::new(ws, today)).findings.iter().map(|f| told(ws, f)).collect();
    let after = rules::run(&Ctx::new(&then, today)).findings;
    let new: Vec<&Finding> = after.iter().filter(|f| !before.contains(&told(&then, f))).collect();
    let bad: Vec<&&Finding> = new.iter().filter(|f| f.severity == Severity::Error).collect();
    if let Some(first) = bad.first() {
        return Err(refused(first, &bad));
    }
    let own = |f: &&&Finding| {
        let subject = f.problem.subject.as_deref();
        edits.iter().any(|e| then.sources.path(f.problem.span) == e.path || subject == Some(&e.id))
    };
    Ok(new.iter().filter(own).map(|f| f.problem.message.clone()).collect())
}

fn refused(first: &Finding, bad: &[&&Finding]) -> Error {
    let all: Vec<&str> = bad.iter().map(|f| f.problem.message.as_str()).collect();
    let page = || format!("`smsctl explain {}` says more.", first.rule.name);
    let help = if first.problem.help.is_empty() { page() } else { first.problem.help.clone() };
    Error::usage(format!("nothing was written: {}", all.join("; ")), help)
}

/// The edits as a diff.
pub(super) fn shown(edits: &[Edit]) -> String {
    let one = |edit: &Edit| {
        let diff = similar::TextDiff::from_lines(&edit.before, &edit.after);
        let (old, new) = (format!("a/{}", edit.path), format!("b/{}", edit.path));
        diff.unified_diff().context_radius(1).header(&old, &new).to_string()
    };
    printable(&edits.iter().map(one).collect::<String>().replace("\r\n", "\n"))
}

/// What `check` will say of the changed files.
pub(super) fn told(hints: &[String]) -> String {
    hints.iter().map(|hint| format!("`smsctl check` will say: {}.\n", printable_line(hint))).collect()
}

/// Writes the files unless somebody else changed one of them meanwhile. When one cannot be written, those before it get
/// their old text back.
pub(super) fn write(sms: &Sms, edits: &[Edit]) -> Result<(), Error> {
    for edit in edits {
        let now = WorkTree::open(&sms.root).read(&edit.path, MAX_TEXT_BYTES).unwrap_or_default();
        if now != edit.before.as_bytes() {
            let message = format!("{} changed while it was read; nothing was written", edit.path);
            return Err(Error::usage(message, "Try again."));
        }
    }
    for (index, edit) in edits.iter().enumerate() {
        if let Err(error) = atomic::write(&sms.root.join(&edit.path), &edit.after) {
            for done in edits.iter().take(index) {
                atomic::write(&sms.root.join(&done.path), &done.before)?;
            }
            return Err(error);
        }
    }
    Ok(())
}
