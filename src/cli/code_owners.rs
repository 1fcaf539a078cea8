//! Finding CODEOWNERS, the file that says who must review a change.

use std::path::PathBuf;

use super::Global;
use super::sms::Sms;
use crate::history::Repository;
use crate::rules::CodeOwners;
use crate::source::{MAX_TEXT_BYTES, decode};
use crate::trust::Record;

/// Where Git services look for it below the top of the repository, in this order.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// CODEOWNERS of the repository: of the files on disk, or of the commit that is read.
pub(super) fn find(sms: &Sms, global: &Global, record: &Record, repository: Option<&Repository>) -> Option<CodeOwners> {
    let repository = repository?;
    let prefix = repository.prefix().to_owned();
    let (path, text) = match record.history.tip.filter(|_| global.rev.is_some() || global.as_of.is_some()) {
        None => on_disk(sms, &prefix)?,
        Some(tip) => PLACES.iter().find_map(|place| {
            let bytes = repository.file_at_top(tip, place).ok()??;
            Some((*place, decode(bytes).ok()?))
        })?,
    };
    let below = if prefix.is_empty() { Some(path) } else { path.strip_prefix(&format!("{prefix}/")) };
    Some(CodeOwners { path: below.unwrap_or(path).to_owned(), text, prefix })
}

/// The file on disk: its place below the top of the repository, and its text.
pub(super) fn on_disk(sms: &Sms, prefix: &str) -> Option<(&'static str, String)> {
    PLACES.iter().find_map(|place| {
        let path = top(sms, prefix).join(place);
        let small = std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() <= MAX_TEXT_BYTES);
        let bytes = small.then(|| std::fs::read(path).ok()).flatten()?;
        Some((*place, decode(bytes).ok()?))
    })
}

/// Top of the work tree that the SMS lies in.
pub(super) fn top(sms: &Sms, prefix: &str) -> PathBuf {
    let up = prefix.split('/').filter(|part| !part.is_empty()).count();
    sms.root.ancestors().nth(up).unwrap_or(&sms.root).to_owned()
}
