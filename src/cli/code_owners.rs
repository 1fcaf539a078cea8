//! Finding CODEOWNERS, the file that says who must review a change.

use std::path::PathBuf;

use super::Global;
use super::sms::Sms;
use crate::error::Error;
use crate::history::Repository;
use crate::rules::CodeOwners;
use crate::source::{MAX_TEXT_BYTES, decode};
use crate::trust::Record;

/// Where Git services look for it below the top of the repository, in this order.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

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
    let prefix = repository.prefix().to_owned();
    let found = match record.history.tip.filter(|_| global.rev.is_some() || global.as_of.is_some()) {
        None => on_disk(sms, &prefix)?,
        Some(tip) => first(|place| {
            let bytes = repository.file_at_top(tip, place);
            bytes.map_err(|error| unreadable(place, &error.to_string()))
        })?,
    };
    Ok(found.map(|(path, text)| {
        let below = if prefix.is_empty() { Some(path) } else { path.strip_prefix(&format!("{prefix}/")) };
        CodeOwners { path: below.unwrap_or(path).to_owned(), text, prefix }
    }))
}

/// The file on disk: its place below the top of the repository, and its text.
///
/// # Errors
/// When it is there and cannot be read.
pub(super) fn on_disk(sms: &Sms, prefix: &str) -> Result<Option<(&'static str, String)>, Error> {
    first(|place| {
        let path = top(sms, prefix).join(place);
        match std::fs::metadata(&path) {
            Ok(meta) if meta.is_file() && meta.len() > MAX_TEXT_BYTES => {
                Err(unreadable(place, &format!("it is larger than {} KiB", MAX_TEXT_BYTES / 1024)))
            }
            Ok(meta) if meta.is_file() => {
                std::fs::read(path).map(Some).map_err(|error| unreadable(place, &error.to_string()))
            }
            _ => Ok(None),
        }
    })
}

/// The file at the first place where there is one.
fn first(
    read: impl Fn(&'static str) -> Result<Option<Vec<u8>>, Error>,
) -> Result<Option<(&'static str, String)>, Error> {
    for place in PLACES {
        if let Some(bytes) = read(place)? {
            let text = decode(bytes).map_err(|_| unreadable(place, "it is no text in UTF-8"))?;
            return Ok(Some((place, text)));
        }
    }
    Ok(None)
}

fn unreadable(place: &str, why: &str) -> Error {
    let message = format!("`{place}` cannot be read, so it is not known who must review a change: {why}");
    Error::usage(
        message,
        "Make it smaller and plain text in UTF-8. Git services refuse a CODEOWNERS that they cannot read.",
    )
}

/// Top of the work tree that the SMS lies in.
pub(super) fn top(sms: &Sms, prefix: &str) -> PathBuf {
    let up = prefix.split('/').filter(|part| !part.is_empty()).count();
    sms.root.ancestors().nth(up).unwrap_or(&sms.root).to_owned()
}
