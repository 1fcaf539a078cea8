//! The SMS as in force on a day: the state of the main line then, each document at its newest version approved by then.

use std::collections::BTreeMap;

use super::record::{Judged, Record};
use super::statement::digest;
use super::trees::Control;
use super::verdict::{Subject, Verdict};
use crate::error::Error;
use crate::history::{Oid, Repository};
use crate::signature::commit::RawCommit;
use crate::source::{MAX_TEXT_BYTES, is_markdown};

/// The newest commit of the main line that is not younger than a moment (seconds since the epoch), by its committer's date.
///
/// # Errors
/// When Git cannot be read.
pub fn tip(repo: &Repository, head: Oid, moment: i64) -> Result<Option<Oid>, Error> {
    let mut next = Some(head);
    while let Some(oid) = next {
        let raw = repo.raw(oid)?;
        let commit = RawCommit::parse(&raw).map_err(|why| Error::Object { oid, reason: why.0 })?;
        if commit.committer.time <= moment {
            return Ok(Some(oid));
        }
        next = commit.parents.first().and_then(|p| Oid::from_str(p).ok());
    }
    Ok(None)
}

/// What differs between the files of the commit and the SMS in force.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    /// Path and text of documents whose newest approved version is older than the file.
    pub older: BTreeMap<String, Vec<u8>>,
    /// Ids of documents in force in exactly the text of the file.
    pub same: Vec<String>,
    /// Ids of documents that need an approval and had none by then.
    pub never: Vec<String>,
}

/// Chooses the text in force of every document at the tip of a record.
///
/// # Errors
/// When Git cannot be read.
pub fn in_force(repo: &Repository, record: &Record) -> Result<InForce, Error> {
    let mut out = InForce::default();
    let (Some(judged), Some(tip)) = (record.judged(), record.history.tip) else { return Ok(out) };
    for (path, file) in repo.files(tip, "")? {
        if !is_markdown(&path) || path.split('/').any(|part| part.starts_with('.')) || file.mode == 0o160_000 {
            continue;
        }
        let Some(bytes) = repo.blob_within(file.oid, MAX_TEXT_BYTES)? else { continue };
        let Some(control) = Control::read(&bytes) else { continue };
        sort(repo, judged, path, &bytes, &control, &mut out)?;
    }
    Ok(out)
}

fn sort(
    repo: &Repository,
    judged: &Judged,
    path: String,
    bytes: &[u8],
    control: &Control,
    out: &mut InForce,
) -> Result<(), Error> {
    let verdict = judged.verdict(&Subject { control, digest: &digest(bytes) });
    match (verdict, judged.newest(&control.id)) {
        (Verdict::Approved(_) | Verdict::NotRequired, _) => out.same.push(control.id.clone()),
        (_, Some(version)) => {
            out.older.insert(path, repo.blob(version.blob)?);
        }
        (_, None) => out.never.push(control.id.clone()),
    }
    Ok(())
}
