//! Finding CODEOWNERS, the file that says who must review a change.

use std::path::PathBuf;

use super::Global;
use super::sms::Sms;
use crate::error::Error;
use crate::history::Repository;
use crate::pack::build::{code_owners, unreadable};
use crate::rules::CodeOwners;
use crate::source::{MAX_TEXT_BYTES, decode};
use crate::trust::Record;

/// CODEOWNERS of the repository: of the files on disk, or of the commit that is read.
///
/// # Errors
/// When it is there and cannot be read: it would look as if nobody had to review.
pub(super) fn find(
    sms: &Sms,
    global: &Global,
    record: &Record,
    repository: Option<&Repository>,
) -> Result<Option<CodeOwners>, Error> {
    let Some(repository) = repository else { return Ok(None) };
    if let Some(tip) = record.history.tip.filter(|_| global.rev.is_some() || global.as_of.is_some()) {
        return code_owners(repository, tip);
    }
    let found = on_disk(sms, repository.prefix())?;
    Ok(found.map(|(place, text)| CodeOwners::at(place, text, repository.prefix())))
}

/// The file on disk: its place below the top of the repository, and its text.
///
/// # Errors
/// When it is there and cannot be read.
pub(super) fn on_disk(sms: &Sms, prefix: &str) -> Result<Option<(&'static str, String)>, Error> {
    for place in CodeOwners::PLACES {
        let path = top(sms, prefix).join(place);
        let Some(meta) = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file) else { continue };
        if meta.len() > MAX_TEXT_BYTES {
            return Err(unreadable(place, &format!("it is larger than {} KiB", MAX_TEXT_BYTES / 1024)));
        }
        let bytes = std::fs::read(path).map_err(|error| unreadable(place, &error.to_string()))?;
        return Ok(Some((place, decode(bytes).map_err(|_| unreadable(place, "it is no text in UTF-8"))?)));
    }
    Ok(None)
}

/// Top of the work tree that the SMS lies in.
pub(super) fn top(sms: &Sms, prefix: &str) -> PathBuf {
    let up = prefix.split('/').filter(|part| !part.is_empty()).count();
    sms.root.ancestors().nth(up).unwrap_or(&sms.root).to_owned()
}
