//! Why smsctl could not run at all (exit status 2). What is wrong *in* an SMS is never an error but a finding.

use std::path::{Path, PathBuf};

/// A failure that ends the command, each with a sentence for people and a way on ([`Error::help`]).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// User: no `smsctl.toml` here or above.
    #[error("no SMS found: there is no smsctl.toml in {} or above it", plain(path).display())]
    NoSms {
        /// Where the search began.
        path: PathBuf,
        /// A folder below it that holds one.
        below: Option<String>,
        /// Markdown files seen below it.
        markdown: usize,
    },
    /// User: the path given does not exist.
    #[error("{} does not exist", path.display())]
    NoSuchPath {
        /// The path as given.
        path: PathBuf,
    },
    /// User: the path given is a file where a folder is needed.
    #[error("{} is a file, not a folder", path.display())]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// User: a path that lies outside the SMS.
    #[error("{} lies outside the SMS in {}", path.display(), root.display())]
    OutsideSms {
        /// The path as given.
        path: PathBuf,
        /// Root of the SMS.
        root: PathBuf,
    },
    /// User: `--rev` or `--since` without a repository.
    #[error("{} is not in a Git repository", path.display())]
    NotARepository {
        /// Where the search began.
        path: PathBuf,
    },
    /// User: a revision Git does not know.
    #[error("Git knows no revision `{rev}` here")]
    UnknownRevision {
        /// As given.
        rev: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// User: the SMS folder did not exist in that commit.
    #[error("the folder {folder} does not exist in {rev}")]
    FolderNotInRevision {
        /// Folder below the repository's root.
        folder: String,
        /// Revision as given.
        rev: String,
    },
    /// User: smsctl.toml is not TOML, or misses what every command needs.
    #[error("{path}:{line}:{column}: {message}")]
    Config {
        /// Path of the file.
        path: String,
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// User: arguments that do not fit together or name nothing.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// Environment: a file that could not be read or written.
    #[error("cannot {action} {}: {}", plain(path).display(), because(source))]
    Io {
        /// `read`, `write`, `create`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// User: a repository that belongs to another user, who could have prepared it.
    #[error("the Git repository {} belongs to another user, so it is not read", path.display())]
    ForeignOwner {
        /// Folder of the repository.
        path: PathBuf,
    },
    /// User: a repository smsctl cannot open.
    #[error("cannot open the Git repository of {}: {reason}", path.display())]
    Repository {
        /// Folder of the repository, or the one asked for.
        path: PathBuf,
        /// What stands against it.
        reason: String,
    },
    /// Environment: an object of the repository that is needed and cannot be used.
    #[error("Git object {oid}: {reason}")]
    Object {
        /// Its name.
        oid: git2::Oid,
        /// Missing, damaged, or of the wrong type, in words.
        reason: String,
    },
    /// Environment: libgit2 failed.
    #[error("Git: {}", .0.message())]
    Git(#[from] git2::Error),
    /// A defect of smsctl: an embedded schema, template or table is broken.
    #[error("internal defect: {0}")]
    Defect(String),
}

impl Error {
    /// A usage error from its two sentences.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// What to do next, when there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoSms { below: Some(folder), .. } => {
                Some(format!("There is one below: name it with `-C`, such as `smsctl -C {folder} check`."))
            }
            Self::NoSms { markdown: 0, .. } => Some(
                "Start one here with `smsctl init`, or name its folder with `-C DIR`.".into(),
            ),
            Self::NoSms { markdown, .. } => Some(format!(
                "{markdown} Markdown file{} found that could become part of one. To adopt smsctl here: run `smsctl init` \
                 (it adds files and overwrites none), then give the documents you want to control the front matter that \
                 `smsctl new --list` shows, a few at a time; `smsctl baseline` accepts today's findings so that only new \
                 ones fail.",
                if *markdown == 1 { " was" } else { "s were" }
            )),
            Self::NoSuchPath { .. } => Some("Check the spelling, or name the folder of the SMS with `-C DIR`.".into()),
            Self::NotAFolder { .. } => Some("Name the folder that holds smsctl.toml.".into()),
            Self::OutsideSms { .. } => Some("Name files below the SMS, or another SMS with `-C DIR`.".into()),
            Self::NotARepository { .. } => {
                Some("Run inside a clone of the repository; without one, leave out --rev, --since and --as-of.".into())
            }
            Self::UnknownRevision { shallow: true, .. } => Some(
                "This clone is shallow: its older commits are missing. Fetch them with `git fetch --unshallow`, or in CI \
                 check out with `fetch-depth: 0`."
                    .into(),
            ),
            Self::UnknownRevision { .. } => {
                Some("Give a commit, branch or tag that `git rev-parse` knows, such as HEAD~1 or origin/main.".into())
            }
            Self::FolderNotInRevision { .. } => Some("Name a later revision, or the folder it had then with `-C`.".into()),
            Self::Config { .. } => Some("Mend smsctl.toml at this place; nothing was checked.".into()),
            Self::Usage { help, .. } => Some(help.clone()),
            Self::ForeignOwner { .. } => Some(
                "Clone it as yourself and work there. If you trust its owner, tell Git so: `git config --global --add \
                 safe.directory FOLDER`."
                    .into(),
            ),
            Self::Repository { .. } => Some(
                "smsctl reads full clones in Git's usual format (SHA-1 names, refs in files) whose work tree lies around \
                 them: work in a fresh clone of that kind."
                    .into(),
            ),
            Self::Object { .. } => Some("Look with `git fsck --full`; work in a fresh full clone.".into()),
            Self::Io { .. } | Self::Git(_) => None,
            Self::Defect(_) => Some("This is a mistake in smsctl itself; please report it.".into()),
        }
    }
}

/// A path without `.` between its parts.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

/// The system's reason in words; its numbers and the names of temporary files help nobody.
#[must_use]
pub fn because(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::PermissionDenied => "you have no permission".into(),
        Kind::NotFound => "it does not exist".into(),
        Kind::StorageFull => "the disk is full".into(),
        Kind::ReadOnlyFilesystem => "the file system is read-only".into(),
        Kind::InvalidFilename => "the name is too long or not allowed here".into(),
        _ => {
            let text = error.to_string();
            text.split_once(" (os error").map_or(text.clone(), |(words, _)| words.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_words() {
        let denied =
            std::io::Error::new(std::io::ErrorKind::PermissionDenied, "Permission denied (os error 13) at path \"/a\"");
        let error = Error::Io { action: "create", path: "/a/./b.md".into(), source: denied };
        assert_eq!(error.to_string(), "cannot create /a/b.md: you have no permission");
        let full = if cfg!(windows) { 112 } else { 28 };
        assert_eq!(because(&std::io::Error::from_raw_os_error(full)), "the disk is full");
        assert!(!because(&std::io::Error::from_raw_os_error(5)).contains("os error"));
    }
}
