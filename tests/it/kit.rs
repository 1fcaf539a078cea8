//! Repositories for tests of approvals, made with stock `git` and `ssh-keygen` only: what smsctl says of them is compared
//! with what others wrote.
#![allow(clippy::disallowed_methods, reason = "stock tools are the oracle")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use smsctl::history::{Oid, Repository};
use smsctl::trust::policy::set_digest;
use smsctl::trust::statement::{TRUST_POLICY, digest};
use smsctl::trust::{
    Control, Decision, Judged, Meaning, NotJudged, Options, PolicyRef, Record, Root, Statement, Subject,
};
use tempfile::TempDir;

use crate::common::alone;

/// Throw-away keys, made once for all tests.
static KEYS: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let ed = ["carla", "carla2", "dan", "ada", "bob", "eve", "mallory", "forge", "olga"];
    for (name, kind) in ed.iter().map(|n| (*n, "ed25519")).chain([("weak", "rsa")]) {
        let bits: &[&str] = if kind == "rsa" { &["-b", "2048"] } else { &[] };
        let path = dir.path().join(name);
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", kind, "-N", "", "-C", name, "-f"])
            .arg(&path)
            .args(bits)
            .output();
        assert!(made.unwrap().status.success());
    }
    dir
});

pub fn key(name: &str) -> PathBuf {
    KEYS.path().join(name)
}

pub fn public(name: &str) -> String {
    let text = std::fs::read_to_string(key(name).with_extension("pub")).unwrap();
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

pub fn fingerprint(name: &str) -> String {
    let out = Command::new("ssh-keygen").arg("-lf").arg(key(name).with_extension("pub")).output().unwrap();
    String::from_utf8(out.stdout).unwrap().split_whitespace().nth(1).unwrap().to_owned()
}

pub const REPOSITORY: &str = "urn:uuid:5f0c1c1e-0b8e-4d0e-9d5e-2f6f0e0c7a11";
/// 2026-01-05T10:00:00Z; each commit is an hour later than the one before.
pub const START: i64 = 1_767_607_200;

/// A trust policy as text.
#[derive(Clone)]
pub struct PolicyText {
    pub serial: u64,
    pub previous: Option<String>,
    /// Person and the names of their keys.
    pub people: Vec<(&'static str, Vec<&'static str>)>,
    /// Person, role, from, to.
    pub assignments: Vec<(&'static str, &'static str, String, Option<String>)>,
    pub rules: String,
    pub admins: usize,
    pub more: String,
    /// Options of the line of a key in `allowed_signers`.
    pub options: Vec<(&'static str, String)>,
}

impl Default for PolicyText {
    fn default() -> Self {
        let from = || "2026-01-01T00:00:00Z".to_owned();
        Self {
            serial: 1,
            previous: None,
            people: vec![
                ("carla", vec!["carla"]),
                ("dan", vec!["dan"]),
                ("ada", vec!["ada"]),
                ("bob", vec!["bob"]),
                ("eve", vec!["eve"]),
            ],
            assignments: vec![
                ("carla", "cio", from(), None),
                ("dan", "service-owner", from(), None),
                ("ada", "trust-admin", from(), None),
                ("bob", "trust-admin", from(), None),
                ("eve", "author", from(), None),
            ],
            rules: "[[rules]]\nkinds = [\"policy\"]\nrequire = [{ role = \"cio\" }]\nnot = [\"author\"]\n".into(),
            admins: 1,
            more: String::new(),
            options: Vec::new(),
        }
    }
}

impl PolicyText {
    pub fn toml(&self) -> String {
        let mut out = format!("schema = \"smsctl-trust/1\"\nrepo_id = \"{REPOSITORY}\"\nserial = {}\n", self.serial);
        if let Some(previous) = &self.previous {
            writeln!(out, "previous = \"{previous}\"").unwrap();
        }
        for (person, keys) in &self.people {
            let name = person[..1].to_uppercase() + &person[1..];
            writeln!(out, "[people.{person}]\nname = \"{name} Example\"").unwrap();
            if !keys.is_empty() {
                writeln!(out, "ssh_principal = \"{person}@example.org\"").unwrap();
            }
            writeln!(out, "emails = [\"{person}@mail.example.org\"]").unwrap();
        }
        for (person, role, from, to) in &self.assignments {
            writeln!(out, "[[assignments]]\nperson = \"{person}\"\nrole = \"{role}\"\nfrom = {from}").unwrap();
            if let Some(to) = to {
                writeln!(out, "to = {to}").unwrap();
            }
        }
        writeln!(out, "{}", self.rules).unwrap();
        writeln!(out, "[admin]\nrequire = [{{ role = \"trust-admin\", min = {} }}]", self.admins).unwrap();
        out + &self.more
    }

    pub fn signers(&self) -> String {
        let mut out = String::new();
        for (person, keys) in &self.people {
            for name in keys {
                let options = self
                    .options
                    .iter()
                    .find(|(n, _)| n == name)
                    .map_or("namespaces=\"git,smsctl-approval\"", |(_, o)| o);
                writeln!(out, "{person}@example.org {options} {}", public(name)).unwrap();
            }
        }
        out
    }
}

pub struct Kit {
    pub dir: TempDir,
    pub clock: i64,
    pub policy: PolicyText,
}

pub const DOCUMENT: &str = "policies/smp.md";

pub fn document(version: &str, words: &str) -> String {
    format!(
        "---\nid: SMP-001\nkind: policy\ntitle: Service Management Policy\nversion: {version}\nstatus: approved\nowner: service-owner\napprovers: [cio]\n---\n# Service Management Policy\n\n{words}\n"
    )
}

impl Kit {
    /// A repository with a trust policy and an unapproved document, written by Eve.
    pub fn new() -> Self {
        Self::with(PolicyText::default())
    }

    pub fn with(policy: PolicyText) -> Self {
        let mut kit = Self::empty();
        kit.policy = policy;
        kit.write("smsctl.toml", "[sms]\norganization = \"Example\"\n");
        kit.commit("eve", "Start");
        kit.write_policy();
        kit.commit("ada", "Trust");
        kit.write(DOCUMENT, &document("1.0", "We serve."));
        kit.commit("eve", "Write the policy");
        kit
    }

    pub fn empty() -> Self {
        let kit = Self { dir: tempfile::tempdir().unwrap(), clock: START, policy: PolicyText::default() };
        kit.git(&["init", "-q", "-b", "main"]);
        kit
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn run(&self, program: &str, args: &[&str]) -> Output {
        let date = format!("{} +0000", self.clock);
        let mut command = alone(program, KEYS.path());
        command.args(args).current_dir(self.path()).env("TZ", "UTC").env("LC_ALL", "C");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        command.env("GIT_AUTHOR_NAME", "Eve").env("GIT_AUTHOR_EMAIL", "eve@mail.example.org");
        command.env("GIT_COMMITTER_NAME", "Eve").env("GIT_COMMITTER_EMAIL", "eve@mail.example.org");
        command.output().unwrap()
    }

    pub fn git(&self, args: &[&str]) -> String {
        let out = self.run("git", args);
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path().join(path)).unwrap()
    }

    /// Commits everything, signed with a key.
    pub fn commit(&mut self, signer: &str, message: &str) -> String {
        self.clock += 3600;
        self.git(&["add", "-A"]);
        self.commit_staged(Some(signer), message)
    }

    pub fn commit_staged(&self, signer: Option<&str>, message: &str) -> String {
        let signing = signer.map(|s| format!("user.signingkey={}", key(s).display()));
        let author = format!("{0} <{0}@mail.example.org>", signer.unwrap_or("eve"));
        let mut args = vec!["-c", "gpg.format=ssh"];
        if let Some(signing) = &signing {
            args.extend(["-c", signing.as_str()]);
        }
        args.extend(["commit", "-q", "--allow-empty", "--cleanup=verbatim", "--author", &author]);
        args.push(if signer.is_some() { "-S" } else { "--no-gpg-sign" });
        args.extend(["-m", message]);
        self.git(&args);
        self.head()
    }

    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Goes to a new branch from where it stands.
    pub fn branch(&self, name: &str) {
        self.git(&["checkout", "-q", "-b", name]);
    }

    pub fn checkout(&self, name: &str) {
        self.git(&["checkout", "-q", name]);
    }

    pub fn merge(&mut self, branch: &str, how: &[&str]) {
        self.clock += 3600;
        let mut args = vec!["merge", "-q", "--no-ff", "-m", "Merge"];
        args.extend(how);
        args.push(branch);
        self.git(&args);
    }

    pub fn write_policy(&self) {
        self.write("trust/policy.toml", &self.policy.toml());
        self.write("trust/allowed_signers", &self.policy.signers());
    }

    /// The policy as it stands in the work tree.
    pub fn policy_ref(&self) -> PolicyRef {
        let files = ["trust/policy.toml", "trust/allowed_signers"].map(|p| (p.to_owned(), self.read(p)));
        PolicyRef { serial: self.policy.serial, digest: set_digest(&files.into_iter().collect()) }
    }

    /// Changes the trust policy; the given administrators approve it.
    pub fn change_policy(&mut self, admins: &[&str], change: impl FnOnce(&mut PolicyText)) -> String {
        let before = self.policy_ref();
        self.policy.serial += 1;
        self.policy.previous = Some(before.digest.clone());
        change(&mut self.policy);
        self.write_policy();
        let after = self.policy_ref();
        for admin in admins {
            let mut statement = self.statement(admin, "trust-admin");
            statement.artifact = TRUST_POLICY.into();
            statement.version = self.policy.serial.to_string();
            statement.digest.clone_from(&after.digest);
            statement.policy = before.clone();
            self.put(&statement, admin);
        }
        self.commit(admins.first().copied().unwrap_or("mallory"), "Change trust")
    }

    /// A statement about the document as it stands.
    pub fn statement(&self, signer: &str, role: &str) -> Statement {
        let bytes = std::fs::read(self.path().join(DOCUMENT)).unwrap_or_default();
        let control = Control::read(&bytes).unwrap_or_default();
        Statement {
            repository: REPOSITORY.into(),
            artifact: "SMP-001".into(),
            version: control.version,
            digest: digest(&bytes),
            previous: None,
            policy: self.policy_ref(),
            decision: Decision::Approve,
            meaning: Meaning::Approval,
            role: role.into(),
            signer: signer.into(),
            name: signer.into(),
            signed_at: jiff::Timestamp::from_second(self.clock + 3000).unwrap(),
            statement: "I approve this version.".into(),
        }
    }

    /// Writes a statement where it belongs, signed.
    pub fn put(&self, statement: &Statement, key_name: &str) -> String {
        let path = format!("{}/{}.approval", statement.folder(), statement.signer);
        self.put_at(&path, statement.render().as_bytes(), key_name);
        path
    }

    pub fn put_at(&self, path: &str, bytes: &[u8], key_name: &str) {
        self.write(path, std::str::from_utf8(bytes).unwrap());
        self.sign(path, key_name, "smsctl-approval");
    }

    pub fn sign(&self, path: &str, key_name: &str, namespace: &str) {
        let _ = std::fs::remove_file(self.path().join(format!("{path}.sig")));
        let out =
            self.run("ssh-keygen", &["-q", "-Y", "sign", "-n", namespace, "-f", key(key_name).to_str().unwrap(), path]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// Approves the document by a statement file, committed by Eve (an import).
    pub fn approve_file(&mut self, person: &str, role: &str) -> String {
        let statement = self.statement(person, role);
        let path = self.put(&statement, person);
        self.commit("eve", "Import an approval");
        path
    }

    /// Approves the document once more, in a record beside the first.
    pub fn approve_file_again(&mut self, person: &str, role: &str) {
        let statement = self.statement(person, role);
        let path = format!("{}/{person}.2.approval", statement.folder());
        self.put_at(&path, statement.render().as_bytes(), person);
        self.commit("eve", "Import an approval");
    }

    /// The trailers of an approval commit of the document as it stands.
    pub fn message(&self, role: &str) -> String {
        let s = self.statement("", role);
        format!(
            "approve: {id} v{v}\n\nI approve this version.\n\nSMS-Approval: v1\nSMS-Artifact: {id}\nSMS-Version: {v}\nSMS-Digest: {d}\nSMS-Role: {role}\nSMS-Meaning: approval\nSMS-Policy: {p}\n",
            id = s.artifact,
            v = s.version,
            d = s.digest,
            p = s.policy,
        )
    }

    /// Approves the document by a signed commit.
    pub fn approve_commit(&mut self, person: &str, role: &str) -> String {
        let message = self.message(role);
        self.commit(person, &message)
    }

    /// Writes a raw commit object and moves the branch to it.
    pub fn raw_commit(&self, raw: &[u8]) -> String {
        let file = self.path().join(".git/raw");
        std::fs::write(&file, raw).unwrap();
        let oid = self.git(&["hash-object", "-t", "commit", "--literally", "-w", ".git/raw"]);
        self.git(&["update-ref", "refs/heads/main", &oid]);
        oid
    }

    pub fn raw(&self, oid: &str) -> Vec<u8> {
        self.run("git", &["cat-file", "commit", oid]).stdout
    }

    pub fn options(&self) -> Options {
        Options { now: self.clock + 86_400, ..Options::default() }
    }

    pub fn record_with(&self, options: &Options) -> Record {
        let repo = Repository::discover(self.path()).unwrap().unwrap();
        Record::evaluate(&repo, options, &|_| {}).unwrap()
    }

    pub fn record(&self) -> Record {
        self.record_with(&self.options())
    }

    pub fn root(&self) -> Root {
        self.record().judged().expect("judged").chain.root()
    }

    /// The word of the verdict about the document at HEAD.
    pub fn verdict(&self) -> String {
        word(&self.record(), &self.git(&["show", &format!("HEAD:{DOCUMENT}")]).into_bytes())
    }

    /// Why approvals do not count, and what else is wrong: codes.
    pub fn codes(&self) -> Vec<&'static str> {
        codes(&self.record())
    }

    pub fn oid(text: &str) -> Oid {
        Oid::from_str(text).unwrap()
    }
}

/// The verdict's word about a document's bytes. Stock git strips the last line feed when its output is trimmed.
pub fn word(record: &Record, bytes: &[u8]) -> String {
    let judged = match &record.judged {
        Ok(judged) => judged,
        Err(why) => return format!("not judged: {}", why_word(why)),
    };
    let mut bytes = bytes.to_vec();
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let control = Control::read(&bytes).unwrap();
    judged.verdict(&Subject { control: &control, digest: &digest(&bytes) }).word().to_owned()
}

fn why_word(why: &NotJudged) -> &'static str {
    why.reason()
}

pub fn codes(record: &Record) -> Vec<&'static str> {
    let of = |judged: &Judged| -> Vec<&'static str> {
        judged.approvals.iter().filter(|a| a.present).flat_map(|a| a.reasons.iter().map(|r| r.code)).collect()
    };
    let mut all: Vec<&'static str> = record.issues.iter().map(|i| i.code).collect();
    all.extend(record.judged().map(of).unwrap_or_default());
    all.sort_unstable();
    all.dedup();
    all
}
