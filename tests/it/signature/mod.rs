//! Signatures against the stock programs: `git`, `ssh-keygen`, `gpg`.

mod allowed_signers;
mod commits;
mod differential;
#[cfg(feature = "openpgp")]
mod openpgp;
mod properties;
mod ssh;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

/// A folder with a home of its own, where stock programs run alone.
pub struct Bench {
    folder: tempfile::TempDir,
}

/// What a program answered.
pub struct Answer {
    pub ok: bool,
    pub out: Vec<u8>,
    pub err: String,
    /// It was writing to a program that had ended already.
    pub hung_up: bool,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(bench.path("gnupg")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(bench.path("gnupg"), std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub fn run_in(&self, zone: &str, program: &str, arguments: &[&str], input: &[u8]) -> Answer {
        let mut command = crate::common::alone(program, self.folder.path());
        command.args(arguments).current_dir(self.folder.path());
        command.env("GNUPGHOME", self.path("gnupg")).env("TZ", zone).env("LC_ALL", "C");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Carla Ito").env(format!("GIT_{role}_EMAIL"), "carla@example.org");
            command.env(format!("GIT_{role}_DATE"), "1770000000 +0100");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A program may answer before it has read everything, or not read at all.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        Answer { ok: output.status.success(), out: output.stdout, err, hung_up: hung_up(output.status) }
    }

    pub fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> Answer {
        self.run_in("UTC", program, arguments, input)
    }

    /// Runs a program that must succeed.
    pub fn must(&self, program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let answer = self.run(program, arguments, input);
        assert!(answer.ok, "{program} {arguments:?}: {}{}", answer.text(), answer.err);
        answer.out
    }

    /// Makes an SSH key and returns its public line.
    pub fn ssh_key(&self, name: &str, kind: &[&str]) -> String {
        let path = self.path(name);
        let mut arguments = vec!["-q", "-N", "", "-C", "", "-f", path.to_str().unwrap(), "-t"];
        arguments.extend(kind);
        self.must("ssh-keygen", &arguments, b"");
        String::from_utf8(self.get(&format!("{name}.pub"))).unwrap().trim().to_owned()
    }

    pub fn ssh_sign(&self, key: &str, namespace: &str, payload: &[u8]) -> Vec<u8> {
        let path = self.path(key);
        self.must("ssh-keygen", &["-Y", "sign", "-q", "-n", namespace, "-f", path.to_str().unwrap()], payload)
    }

    /// A repository that signs with SSH keys, and whose allowed signers are in `allowed`.
    pub fn repository(&self) {
        self.must("git", &["init", "-q", "-b", "main", "repo"], b"");
        self.git(&["config", "gpg.format", "ssh"], b"");
        self.git(&["config", "gpg.ssh.allowedSignersFile", self.path("allowed").to_str().unwrap()], b"");
    }

    pub fn git(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        self.must("git", &[&["-C", "repo"], arguments].concat(), input)
    }

    /// Writes any bytes as a commit object and returns its id.
    pub fn commit_object(&self, raw: &[u8]) -> String {
        let id = self.git(&["hash-object", "-t", "commit", "--literally", "-w", "--stdin"], raw);
        String::from_utf8(id).unwrap().trim().to_owned()
    }

    pub fn verify_commit(&self, id: &str) -> Answer {
        self.run("git", &["-C", "repo", "verify-commit", "--raw", id], b"")
    }

    pub fn gpg(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        self.must("gpg", &[GPG, arguments].concat(), input)
    }

    /// Makes an OpenPGP key at a time (`20260101T000000`) and returns its fingerprint.
    pub fn gpg_key(&self, name: &str, algorithm: &str, usage: &str, made: &str, expires: &str) -> String {
        let address = format!("{name} <{name}@example.org>");
        self.gpg(
            &["--faked-system-time", &format!("{made}!"), "--quick-gen-key", &address, algorithm, usage, expires],
            b"",
        );
        let listed = self.gpg(&["--with-colons", "--list-keys", &format!("{name}@example.org")], b"");
        let listed = String::from_utf8(listed).unwrap();
        listed.lines().find_map(|l| l.strip_prefix("fpr:::::::::")).unwrap().trim_end_matches(':').to_owned()
    }
}

#[cfg(unix)]
fn hung_up(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGPIPE: i32 = 13;
    status.signal() == Some(SIGPIPE)
}

#[cfg(not(unix))]
fn hung_up(_: ExitStatus) -> bool {
    false
}

pub const GPG: &[&str] =
    &["--batch", "--quiet", "--no-tty", "--passphrase", "", "--pinentry-mode", "loopback", "--trust-model", "always"];

impl Drop for Bench {
    fn drop(&mut self) {
        if self.path("gnupg/pubring.kbx").exists() {
            self.run("gpgconf", &["--kill", "all"], b"");
        }
    }
}

/// Puts an armored signature into a raw commit, as Git does: behind the last header.
pub fn insert(raw: &[u8], name: &str, armored: &[u8]) -> Vec<u8> {
    let at = raw.windows(2).position(|w| w == b"\n\n").unwrap() + 1;
    [&raw[..at], &fold(name, armored), &raw[at..]].concat()
}

/// A header with its value folded.
pub fn fold(name: &str, value: &[u8]) -> Vec<u8> {
    let text = value.strip_suffix(b"\n").unwrap_or(value);
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    [name.as_bytes(), b" ", &lines.join(&b"\n "[..]), b"\n"].concat()
}
