//! Generated tables of new files: filled in from the SMS as it will be with them.

use super::NewFile;
use crate::error::Error;
use crate::workspace::{self, Workspace};

/// The files with their generated tables written.
///
/// # Errors
/// When the SMS cannot be read with the files in it.
pub(super) fn filled(ws: &Workspace, mut files: Vec<NewFile>) -> Result<Vec<NewFile>, Error> {
    if !files.iter().any(|f| f.text.contains("smsctl-generated:")) {
        return Ok(files);
    }
    let with = workspace::preview(ws, files.iter().map(|f| (f.path.as_str(), f.text.as_str())))?;
    for file in &mut files {
        if let Some(document) = with.document_at(&file.path) {
            file.text = with.with_fresh_tables(document);
        }
    }
    Ok(files)
}
