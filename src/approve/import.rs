//! Statements that were signed on another machine.

use std::path::Path;

use jiff::SignedDuration;

use super::commit::Write;
use super::draft::{self, Ground, Request};
use super::signer;
use crate::error::Error;
use crate::trust::Statement;
use crate::trust::chain::SKEW_SECONDS;
use crate::trust::signer::{When, judge};
use crate::trust::statement::NAMESPACE;

/// A statement with its signature, ready to be committed.
#[derive(Debug)]
pub struct Import {
    /// What is declared.
    pub statement: Statement,
    /// Where it goes.
    pub path: String,
    /// Statement and signature.
    pub files: [Write; 2],
}

/// What a file is to this repository.
#[derive(Debug)]
pub enum Found {
    /// It is there already, at this path.
    There(String),
    /// It is new.
    New(Box<Import>),
}

/// Reads a statement and the signature beside it, and refuses what would not count.
///
/// # Errors
/// Why it would not count.
pub fn read(ground: &Ground<'_>, root: &Path, file: &Path) -> Result<Found, Error> {
    let shown = file.display();
    let failed = |source| Error::Io { action: "read", path: file.to_owned(), source };
    let bytes = std::fs::read(file).map_err(failed)?;
    let no = |why: String| Error::usage(why, "Prepare it anew with `smsctl approve ID --as PERSON --prepare FILE`.");
    let statement = Statement::parse(&bytes).map_err(|why| no(format!("{shown} is no approval statement: {why}")))?;
    if let Some(path) = already(root, &statement, &bytes) {
        return Ok(Found::There(path));
    }
    let signature = ["sig", "asc"].iter().find_map(|ending| {
        let mut path = file.as_os_str().to_owned();
        path.push(format!(".{ending}"));
        Some((*ending, std::fs::read(path).ok()?))
    });
    let Some((ending, signature)) = signature else {
        let help = format!(
            "Sign it: `ssh-keygen -Y sign -n smsctl-approval -f KEY {shown}` or `gpg --armor --detach-sign {shown}`."
        );
        return Err(Error::usage(format!("there is no signature beside {shown} (.sig or .asc)"), help));
    };
    let policy = ground.policy();
    if statement.repository != policy.repo_id {
        return Err(no(format!("{shown} was made for another repository")));
    }
    if statement.policy != policy.reference {
        return Err(no(format!(
            "{shown} names trust policy {}, in force is {}",
            statement.policy.serial, policy.reference.serial
        )));
    }
    let doc = ground.document(root, &statement.artifact)?;
    if (&doc.digest, &doc.control.version) != (&statement.digest, &statement.version) {
        return Err(no(format!(
            "{shown} is about another text of {} than the newest commit holds",
            statement.artifact
        )));
    }
    let early = ground.now.checked_add(SignedDuration::from_secs(SKEW_SECONDS)).is_ok_and(|t| statement.signed_at > t);
    if early {
        return Err(no(format!("{shown} says it was signed at {}, which is still to come", statement.signed_at)));
    }
    let person = signer::known(policy, &statement.signer)?;
    let (decision, meaning) = (statement.decision, statement.meaning);
    let request = Request { role: Some(statement.role.clone()), decision, meaning, words: None };
    ground.role(&doc, &person, &request)?;
    let judged =
        judge(&bytes, &signature, NAMESPACE, policy, When { signed: statement.signed_at, introduced: ground.now });
    let stranger = judged.is_good() && judged.person.as_deref() != Some(statement.signer.as_str());
    if !judged.is_good() || stranger {
        let other = "the key belongs to somebody else than the signer named";
        let why = judged.reasons.first().map_or(other, |r| r.message.as_str());
        return Err(no(format!("the signature of {shown} does not count: {why}")));
    }
    let path = draft::place(root, &statement);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let armor = String::from_utf8_lossy(&signature).replace("\r\n", "\n");
    let files = [Write::new(path.clone(), text), Write::new(format!("{path}.{ending}"), armor)];
    Ok(Found::New(Box::new(Import { statement, path, files })))
}

/// The same statement, imported before.
fn already(root: &Path, statement: &Statement, bytes: &[u8]) -> Option<String> {
    let folder = statement.folder();
    let files = std::fs::read_dir(root.join(&folder)).ok()?;
    for file in files.flatten() {
        if std::fs::read(file.path()).is_ok_and(|there| there == bytes) {
            return Some(format!("{folder}/{}", file.file_name().to_string_lossy()));
        }
    }
    None
}
