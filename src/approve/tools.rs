//! The signer's own programs: `git`, `ssh-keygen`, `ssh-add`, `gpg`. Arguments are lists; there is no shell.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Where the programs run and whose they are.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Folder of the SMS.
    pub folder: PathBuf,
    /// The signer's home.
    pub home: Option<PathBuf>,
}

/// What a program did.
#[derive(Debug)]
pub(super) struct Done {
    pub ok: bool,
    pub out: Vec<u8>,
    pub err: String,
}

impl Done {
    /// The first line it printed.
    pub fn line(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.out);
        text.lines().next().map(str::trim).filter(|l| self.ok && !l.is_empty()).map(str::to_owned)
    }
}

impl Tools {
    /// Runs a program of the user's PATH with the user's environment, as the user would.
    #[allow(clippy::disallowed_methods, reason = "signing runs the signer's own programs; reading never comes here")]
    pub(super) fn run(&self, program: &str, args: &[&str], input: &[u8]) -> Result<Done, Error> {
        let failed = |source: std::io::Error| Error::Usage {
            message: format!("`{program}` cannot be run: {}", crate::error::because(&source)),
            help: format!("Install {program}, or see that it is in your PATH."),
        };
        let mut child = Command::new(program)
            .args(args)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends early has its own word to say on standard error.
            let _ = stdin.write_all(input);
        }
        let done = child.wait_with_output().map_err(failed)?;
        let err = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        Ok(Done { ok: done.status.success(), out: done.stdout, err })
    }

    /// A value of the signer's Git configuration.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn git_config(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.run("git", &["config", "--get", key], &[])?.line())
    }

    /// A path of the signer's Git configuration, with `~` replaced.
    pub(super) fn git_path(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.run("git", &["config", "--type=path", "--get", key], &[])?.line())
    }

    /// A file of the signer's home.
    pub(super) fn at_home(&self, path: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(path))
    }

    /// A path as the signer types it: `~` for the home.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        let below = self.home.as_ref().and_then(|home| path.strip_prefix(home).ok());
        below.map_or_else(|| path.display().to_string(), |below| format!("~/{}", below.display()))
    }
}
