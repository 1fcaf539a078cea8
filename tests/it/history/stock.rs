//! Repositories made by stock Git, alone with itself: no configuration of the machine, fixed people and dates.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use smsctl::history::{Oid, Repository, Walk};

pub struct Repo {
    pub dir: tempfile::TempDir,
}

impl Repo {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(options: &[&str]) -> Self {
        let repo = Self { dir: tempfile::tempdir().unwrap() };
        let mut arguments = vec!["init", "-q", "-b", "main"];
        arguments.extend(options);
        repo.git(&arguments);
        repo
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs Git here; its output without the last line break.
    pub fn git(&self, arguments: &[&str]) -> String {
        git_in(self.path(), arguments, b"")
    }

    pub fn git_with(&self, arguments: &[&str], input: &[u8]) -> String {
        git_in(self.path(), arguments, input)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Commits all that is in the work tree.
    pub fn commit(&self, message: &str) -> Oid {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.head()
    }

    pub fn head(&self) -> Oid {
        self.oid("HEAD")
    }

    pub fn oid(&self, rev: &str) -> Oid {
        Oid::from_str(&self.git(&["rev-parse", rev])).unwrap()
    }

    pub fn open(&self) -> Repository {
        open(self.path())
    }

    pub fn walk(&self) -> Walk {
        Walk::run(&self.open(), self.head(), &|_| {}).unwrap()
    }

    /// File of a loose object.
    pub fn loose(&self, oid: Oid) -> PathBuf {
        let hex = oid.to_string();
        self.path().join(".git/objects").join(&hex[..2]).join(&hex[2..])
    }
}

pub fn open(path: &Path) -> Repository {
    Repository::discover(path).unwrap().expect("a repository")
}

pub fn git_in(dir: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut command = crate::common::alone("git", dir);
    command.current_dir(dir).args(arguments).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Ada Holm").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
        command.env(format!("GIT_{who}_DATE"), "1767225600 +0000");
    }
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
}
