//! One step of the trust policy: who may take it, what is signed, whether it holds.

use std::path::Path;

use super::commit::{Write, commit};
use super::draft::{self, Ground};
use super::policy::{self, Files};
use super::signer::Signer;
use super::tools::Tools;
use crate::error::Error;
use crate::history::{Oid, Repository};
use crate::trust::policy::{CHANGES, FOLDER, POLICY_FILE, SIGNERS_FILE};
use crate::trust::{Policy, PolicyRef};

/// The policy files of a commit, without the approvals of changes.
///
/// # Errors
/// When Git cannot be read.
pub fn committed(repo: &Repository, commit: Oid) -> Result<Files, Error> {
    let mut out = Files::new();
    for (path, file) in repo.files(commit, FOLDER)? {
        if file.is_regular() && !path.starts_with(CHANGES) {
            out.insert(path, repo.blob(file.oid)?);
        }
    }
    Ok(out)
}

/// The policy files on disk: those of the newest commit, the policy, the keys and certificates.
///
/// # Errors
/// When a file of the newest commit is gone from disk.
pub fn on_disk(root: &Path, head: &Files) -> Result<Files, Error> {
    let mut out = Files::new();
    let mut paths: Vec<String> = head.keys().cloned().collect();
    paths.extend([POLICY_FILE.to_owned(), SIGNERS_FILE.to_owned()]);
    for file in std::fs::read_dir(root.join("trust/openpgp")).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if std::path::Path::new(&name).extension().is_some_and(|e| e == "asc") {
            paths.push(format!("trust/openpgp/{name}"));
        }
    }
    for path in paths {
        match std::fs::read(root.join(&path)) {
            Ok(bytes) => {
                // Git may have changed the line ends on this machine.
                let same = head.get(&path).is_some_and(|h| draft::same_text(h, &bytes));
                out.insert(path.clone(), head.get(&path).filter(|_| same).cloned().unwrap_or(bytes));
            }
            Err(_) if head.contains_key(&path) => {
                let help = "Bring it back with `git restore`; keys are revoked, never taken out of the record.";
                return Err(Error::usage(format!("{path} is committed and not on disk"), help));
            }
            Err(_) => {}
        }
    }
    Ok(out)
}

/// The administrator's role a person holds.
///
/// # Errors
/// When the person is no administrator of the policy in force.
pub fn admin_role(ground: &Ground<'_>, signer: &Signer) -> Result<String, Error> {
    let policy = ground.policy();
    let held = policy.admin.iter().find(|r| policy.holds(&signer.person, &r.role, ground.now));
    held.map(|r| r.role.clone()).ok_or_else(|| {
        let message = format!("{} may not change the trust policy", signer.name);
        Error::usage(message, format!("It takes {}.", administrators(ground)))
    })
}

/// Who may change the policy in force: roles with names.
#[must_use]
pub fn administrators(ground: &Ground<'_>) -> String {
    ground.needs(&ground.policy().admin, &crate::trust::Control::default())
}

/// The files of a step and the statement about it, signed.
///
/// # Errors
/// When the signature would not count.
pub fn sign(
    tools: &Tools,
    judging: &Policy,
    before: &PolicyRef,
    new: &Policy,
    signer: &Signer,
    role: &str,
    at: jiff::Timestamp,
) -> Result<[Write; 2], Error> {
    let Some(key) = &signer.key else {
        return Err(Error::usage("there is no key to sign with", super::keys::how_to_make_one()));
    };
    let statement = policy::statement(before, new, (&signer.person, &signer.name), role, at);
    let path = format!("{}/{}.approval", statement.folder(), signer.person);
    if tools.folder.join(&path).exists() {
        let message = format!("{} has signed trust policy {} already", signer.name, new.reference.serial);
        return Err(Error::usage(message, "There is nothing to do."));
    }
    draft::signed(tools, judging, key, &path, statement.render(), at)
}

/// Commits a step: the changed files with the administrator's statement.
///
/// # Errors
/// When Git refuses.
pub fn record(
    tools: &Tools,
    changed: Vec<Write>,
    approval: [Write; 2],
    subject: &str,
    signer: &Signer,
) -> Result<(), Error> {
    let mut files = changed;
    files.extend(approval);
    commit(tools, &files, &format!("trust: {subject}\n"), signer.key.as_ref())
}
