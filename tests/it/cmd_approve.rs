//! `smsctl approve`, `trust` and `checkpoint`: the real binary, stock git, ssh-keygen and gpg, a home of its own.
#![allow(clippy::disallowed_methods, reason = "stock programs are the oracles here")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::common::alone;
use crate::run::{disk, small};

/// A repository with the small SMS, and homes of several people.
struct Desk {
    folder: TempDir,
}

const CARLA: &str = "carla";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Desk {
    /// A writer has committed the SMS; nobody has a key.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder };
        crate::common::copy(disk(&small()).path(), &desk.repo());
        desk.person("writer", "Will Writer");
        desk.person(CARLA, "Carla Ito");
        desk.git("writer", &["-c", "init.defaultBranch=main", "init", "-q"]);
        desk.git("writer", &["add", "-A"]);
        desk.git("writer", &["commit", "-qm", "Write the SMS"]);
        desk
    }

    /// With a trust policy by Carla, who is the chief information officer.
    fn founded() -> Self {
        let desk = Self::new();
        desk.keygen(CARLA);
        desk.ok(CARLA, &["trust", "init", "--yes", "-q"]);
        desk
    }

    fn repo(&self) -> PathBuf {
        self.folder.path().join("sms")
    }

    fn home(&self, person: &str) -> PathBuf {
        self.folder.path().join(person)
    }

    fn person(&self, person: &str, name: &str) {
        std::fs::create_dir_all(self.home(person).join(".ssh")).unwrap();
        let config = format!("[user]\n\tname = {name}\n\temail = {person}@example.org\n");
        std::fs::write(self.home(person).join(".gitconfig"), config).unwrap();
    }

    fn command(&self, person: &str, program: &str) -> Command {
        let mut command = alone(program, &self.home(person));
        command.env("TZ", "UTC").env("GIT_CONFIG_NOSYSTEM", "1").env("GNUPGHOME", self.home(person).join("gpg"));
        command.current_dir(self.repo());
        command
    }

    fn run(&self, person: &str, program: &str, args: &[&str]) -> Output {
        self.command(person, program).args(args).output().unwrap()
    }

    fn git(&self, person: &str, args: &[&str]) -> String {
        let done = self.run(person, "git", args);
        assert!(done.status.success(), "git {args:?}: {}", text(&done.stderr));
        text(&done.stdout)
    }

    fn keygen(&self, person: &str) -> PathBuf {
        let key = self.home(person).join(".ssh/id_ed25519");
        let file = key.display().to_string();
        let done = self.run(person, "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", &file]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        key
    }

    fn smsctl(&self, person: &str, args: &[&str]) -> (Option<i32>, String, String) {
        let done = self.run(person, env!("CARGO_BIN_EXE_smsctl"), args);
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    }

    fn ok(&self, person: &str, args: &[&str]) -> String {
        let (status, out, err) = self.smsctl(person, args);
        assert_eq!(status, Some(0), "{args:?}: {out}{err}");
        out
    }

    /// What a command that refuses says; nothing may be left behind.
    fn no(&self, person: &str, args: &[&str]) -> String {
        let (before, state) = (self.git(person, &["rev-parse", "HEAD"]), self.git(person, &["status", "--short"]));
        let (status, out, err) = self.smsctl(person, args);
        assert_eq!(status, Some(2), "{args:?}: {out}{err}");
        assert_eq!(self.git(person, &["rev-parse", "HEAD"]), before);
        assert_eq!(self.git(person, &["status", "--short"]), state);
        err
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let full = self.repo().join(path);
        let old = std::fs::read_to_string(&full).unwrap();
        assert!(old.contains(from), "{path} has no {from}");
        std::fs::write(full, old.replace(from, to)).unwrap();
    }

    fn commit(&self, person: &str, path: &str, from: &str, to: &str) {
        self.edit(path, from, to);
        self.git(person, &["commit", "-qam", "Edit"]);
    }

    /// Adds a person with a new key.
    fn add(&self, person: &str, name: &str, role: &str) {
        self.person(person, name);
        let key = self.keygen(person).with_extension("pub").display().to_string();
        let email = format!("{person}@example.org");
        self.ok(
            CARLA,
            &["trust", "add-person", person, "--name", name, "--key", &key, "--role", role, "--email", &email],
        );
    }

    fn policy(&self) -> String {
        std::fs::read_to_string(self.repo().join("trust/policy.toml")).unwrap()
    }
}

fn verify_statement(desk: &Desk, statement: &Path, principal: &str) -> bool {
    let signature = format!("{}.sig", statement.display());
    let args =
        ["-Y", "verify", "-f", "trust/allowed_signers", "-I", principal, "-n", "smsctl-approval", "-s", &signature];
    let mut command = desk.command(CARLA, "ssh-keygen");
    command.args(args).stdin(std::fs::File::open(statement).unwrap()).output().unwrap().status.success()
}

#[test]
fn an_executive_with_a_new_key_needs_three_commands() {
    let desk = Desk::new();
    desk.keygen(CARLA);
    let out = desk.ok(CARLA, &["trust", "init", "--yes"]);
    assert!(out.contains("The trust policy stands: Carla Ito approves as cio"), "{out}");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(out.contains("No version was approved before") && out.contains("  signer: carla.ito\n"), "{out}");
    assert!(out.contains("It is approved: everyone the trust policy asks for has signed."), "{out}");

    // Stock tools agree: the statement, the commit, and a commit of nothing else.
    let statement = desk.repo().join("approvals/POL-01/1.2/carla.ito.approval");
    assert!(verify_statement(&desk, &statement, "carla@example.org"));
    assert!(!verify_statement(&desk, &statement, "writer@example.org"));
    let signers = "gpg.ssh.allowedSignersFile=trust/allowed_signers";
    assert_eq!(
        desk.git(CARLA, &["-c", signers, "log", "-1", "--format=%G? %GS %s"]),
        "G carla@example.org approve: POL-01 v1.2\n"
    );
    let files = desk.git(CARLA, &["show", "--format=%P", "--name-only", "HEAD"]);
    assert_eq!(files.lines().next().unwrap().len(), 40, "one parent");
    assert_eq!(files.lines().skip(2).count(), 2);
    assert_eq!(desk.git(CARLA, &["status", "--short"]), "");
    assert!(desk.no(CARLA, &["approve", "POL-01", "--yes"]).contains("POL-01 version 1.2 is approved already"));
}

#[test]
fn without_a_key_the_way_to_one_is_told() {
    let desk = Desk::new();
    let err = desk.no(CARLA, &["trust", "init", "--yes"]);
    assert!(err.contains("you have no key to sign with") && err.contains("ssh-keygen -t ed25519"), "{err}");
    assert!(desk.no(CARLA, &["approve", "POL-01"]).contains("smsctl trust init"));
    desk.keygen(CARLA);
    assert!(desk.no(CARLA, &["trust", "init"]).contains("--yes"));
    desk.ok(CARLA, &["trust", "init", "--yes"]);
    assert!(desk.no("writer", &["approve", "POL-01", "--yes"]).contains("you have no key to sign with"));
    desk.keygen("writer");
    let err = desk.no("writer", &["approve", "POL-01", "--yes"]);
    assert!(err.contains("does not belong to a person in the trust policy") && err.contains("id_ed25519.pub"), "{err}");
}

#[test]
fn an_approval_survives_a_squash_merge() {
    let desk = Desk::founded();
    desk.git(CARLA, &["switch", "-qc", "approval"]);
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    desk.git("writer", &["switch", "-q", "main"]);
    desk.git("writer", &["merge", "-q", "--squash", "approval"]);
    desk.git("writer", &["commit", "-qm", "Approve (#7)"]);
    desk.git("writer", &["branch", "-qD", "approval"]);
    assert!(desk.no(CARLA, &["approve", "POL-01", "--yes"]).contains("is approved already"));
}

#[test]
fn what_would_not_count_is_refused() {
    let desk = Desk::founded();
    let yes = |id: &'static str| ["approve", id, "--yes"];
    assert!(desk.no(CARLA, &yes("POL-1")).contains("Did you mean `POL-01`?"));
    assert!(desk.no(CARLA, &["approve", "POL-01"]).contains("nobody can be asked"));
    assert!(
        desk.no(CARLA, &["approve", "POL-01", "--yes", "--role", "sms-owner"])
            .contains("does not hold the role `sms-owner`")
    );
    assert!(desk.no(CARLA, &["approve", "POL-01", "--yes", "--role", "trust-admin"]).contains("would not count"));
    assert!(desk.no(CARLA, &["approve", "POL-01", "--yes", "--as", "carla.itu"]).contains("Did you mean `carla.ito`?"));
    assert!(desk.no(CARLA, &["approve", "POL-01", "--yes", "--statement", "a\u{202e}b"]).contains("cannot be written"));
    assert!(desk.no(CARLA, &yes("REG-MSR")).contains("needs no approval"));
    desk.edit("policies/policy.md", "in time.", "on time.");
    assert!(desk.no(CARLA, &yes("POL-01")).contains("has changes that are not committed"));
    desk.git(CARLA, &["restore", "policies"]);
    // Several: all or none.
    desk.commit("writer", "context.md", "status: approved", "status: draft");
    let err = desk.no(CARLA, &["approve", "POL-01", "CTX-01", "--yes"]);
    assert!(err.contains("the status of CTX-01 is `draft`"), "{err}");
    desk.commit("writer", "context.md", "id: CTX-01", "id: POL-01");
    assert!(desk.no(CARLA, &yes("POL-01")).contains("POL-01 stands in 2 files"));
}

#[test]
fn an_author_does_not_approve_their_own_text() {
    let desk = Desk::founded();
    desk.commit(CARLA, "policies/policy.md", "in time.", "on time.");
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(err.contains("Carla Ito changed this text of POL-01"), "{err}");
    // The context may be approved by its author.
    desk.commit(CARLA, "context.md", "# Context\n", "# Context\n\nOurs.\n");
    desk.ok(CARLA, &["approve", "CTX-01", "--yes", "-q"]);
}

#[test]
fn a_version_has_one_text_for_ever() {
    let desk = Desk::founded();
    desk.ok(CARLA, &["approve", "POL-01", "CTX-01", "--yes", "-q"]);
    desk.commit("writer", "policies/policy.md", "in time.", "on time.");
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(err.contains("version 1.2 of POL-01 was approved with another text before"), "{err}");
    desk.commit("writer", "policies/policy.md", "version: 1.2", "version: 1.3");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(out.contains("version 1.3 against 1.2, the last one approved in full") && out.contains("on"), "{out}");
    let log = desk.git(CARLA, &["log", "-1", "--format=%(trailers:key=SMS-Previous)"]);
    assert!(log.starts_with("SMS-Previous: sha256:"), "{log}");
}

#[test]
fn two_persons_are_needed_where_two_roles_are() {
    let desk = Desk::founded();
    desk.add("olga", "Olga Owner", "sms-owner");
    let needs = "require = [{ role = \"cio\", min = 1 }]\nnot";
    desk.edit("trust/policy.toml", needs, "require = [{ role = \"cio\" }, { role = \"sms-owner\" }] # both\nnot");
    let out = desk.ok(CARLA, &["trust", "sign", "--yes"]);
    assert!(out.contains("+require = [{ role = \"cio\" }") && out.contains("Trust policy 3 is in force"), "{out}");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(out.contains("1 of 2 approvals; still needed: sms-owner (Olga Owner)."), "{out}");
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(err.contains("Carla Ito has approved POL-01 version 1.2 already"), "{err}");
    let json: Value =
        serde_json::from_str(&desk.ok("olga", &["approve", "POL-01", "--yes", "--format", "json"])).unwrap();
    assert_eq!((&json["schema"], &json["approvals"][0]["verdict"]), (&"smsctl-approve/1".into(), &"approved".into()));
    let out = desk.ok("olga", &["approve", "POL-01", "--yes", "--decision", "withdraw"]);
    assert!(out.contains("It is approved no longer."), "{out}");
    let out = desk.ok("olga", &["approve", "POL-01", "--yes"]);
    assert!(out.contains("It is approved: everyone"), "{out}");
}

#[test]
fn reviews_and_refusals_are_kept_and_count_for_nothing() {
    let desk = Desk::founded();
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes", "--meaning", "review", "--role", "cio"]);
    assert!(out.contains("Signed for POL-01") && out.contains("It is not approved; needed: cio (Carla Ito)."), "{out}");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes", "--decision", "reject", "--role", "cio"]);
    assert!(out.contains("Refused POL-01"), "{out}");
    assert!(!desk.git(CARLA, &["log", "-1", "--format=%B"]).contains("SMS-Approval"));
    assert!(desk.ok(CARLA, &["approve", "POL-01", "--yes"]).contains("It is approved: everyone"));
    let err = desk.no(CARLA, &["approve", "CTX-01", "--yes", "--decision", "withdraw"]);
    assert!(err.contains("has no approval of CTX-01"), "{err}");
}

#[cfg(unix)]
#[test]
fn other_work_in_progress_is_left_alone_and_a_refusing_hook_is_quoted() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::founded();
    std::fs::write(desk.repo().join("notes.txt"), "staged").unwrap();
    desk.edit("context.md", "# Context\n", "# Context\n\nChanged.\n");
    desk.git(CARLA, &["add", "notes.txt"]);
    let before = desk.git(CARLA, &["status", "--short"]);
    let hook = desk.repo().join(".git/hooks/commit-msg");
    std::fs::create_dir(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho 'no ticket, no commit' >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(err.contains("git made no commit; it said: no ticket, no commit"), "{err}");
    assert!(!desk.repo().join("approvals").exists());
    let policy = desk.policy();
    let key = desk.keygen("writer").with_extension("pub").display().to_string();
    let err = desk.no(CARLA, &["trust", "add-person", "will", "--name", "Will", "--key", &key]);
    assert!(err.contains("no ticket") && desk.policy() == policy, "{err}");
    std::fs::remove_file(&hook).unwrap();
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    assert_eq!(desk.git(CARLA, &["status", "--short"]), before);
}

#[test]
fn a_hand_over_keeps_comments_and_old_approvals() {
    let desk = Desk::founded();
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    desk.add("nils", "Nils New", "sms-owner");
    let out = desk.ok(CARLA, &["trust", "assign", "nils", "cio", "--instead-of", "carla.ito"]);
    assert!(out.contains("+to = \"") && out.contains("Trust policy 3 is in force"), "{out}");
    let policy = desk.policy();
    assert!(policy.contains("# One more with every change, kept by smsctl.\nserial = 3"), "{policy}");
    assert!(policy.contains("# Policies: by top management") && policy.contains("# [editorial]"), "{policy}");
    assert!(desk.no("nils", &["approve", "POL-01", "--yes"]).contains("is approved already"));
    desk.commit("writer", "policies/policy.md", "version: 1.2", "version: 1.3");
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes", "--role", "cio"]);
    assert!(err.contains("does not hold the role `cio` any more"), "{err}");
    desk.ok("nils", &["approve", "POL-01", "--yes", "-q"]);
    assert!(
        desk.no("nils", &["trust", "assign", "nils", "sms-owner", "--to", "2099-01-01"]).contains("holds the role")
    );
    assert!(
        desk.no("nils", &["trust", "assign", "carla.ito", "sms-owner"]).contains("may not change the trust policy")
    );
    assert!(desk.no(CARLA, &["trust", "assign", "nils", "cioo"]).contains("no role `cioo`"));
}

#[test]
fn a_policy_that_nobody_could_change_any_more_is_refused() {
    let desk = Desk::founded();
    let out = desk.ok(CARLA, &["trust", "assign", "carla.ito", "sms-owner"]);
    assert!(out.contains("Without a key of Carla Ito the trust policy could not be changed any more"), "{out}");
    desk.add("olga", "Olga Owner", "trust-admin");
    desk.edit("trust/policy.toml", "{ role = \"trust-admin\", min = 1 }", "{ role = \"trust-admin\", min = 3 }");
    let err = desk.no(CARLA, &["trust", "sign", "--yes"]);
    assert!(err.contains("nobody could change the trust policy any more: [admin] needs 3 × trust-admin"), "{err}");
    let (status, out, _) = desk.smsctl(CARLA, &["trust", "check"]);
    assert!(status == Some(1) && out.contains("3 × `trust-admin` and only 2 holds it"), "{out}");
    desk.edit("trust/policy.toml", "min = 3 }", "min = 2 }");
    let out = desk.ok(CARLA, &["trust", "sign", "--yes"]);
    assert!(out.contains("Without a key of Carla Ito or of Olga Owner the trust policy"), "{out}");
    // The last two cannot revoke one of themselves away either.
    let err = desk.no("olga", &["trust", "revoke", "carla.ito", "--kind", "superseded"]);
    assert!(err.contains("nobody could change the trust policy any more"), "{err}");
}

#[test]
fn what_is_signed_stays_signed_and_the_rest_is_named() {
    let desk = Desk::founded();
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    // One that is approved already stands in nobody's way.
    let (status, out, err) = desk.smsctl(CARLA, &["approve", "POL-01", "CTX-01", "--yes"]);
    assert!(out.contains("Approved already, so left out: POL-01."), "{status:?} {out}{err}");
}

/// The whole way with the hook that is shipped: raise, commit, approve.
#[cfg(unix)]
#[test]
fn the_shipped_hook_lets_a_new_version_be_committed_and_approved() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::founded();
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    desk.ok("writer", &["baseline"]);
    desk.git("writer", &["add", "-A"]);
    desk.git("writer", &["commit", "-qm", "Baseline"]);
    let shipped = std::fs::read_to_string(crate::common::repository().join(".pre-commit-hooks.yaml")).unwrap();
    let entry = shipped.lines().find_map(|l| l.trim().strip_prefix("entry: smsctl ")).unwrap();
    let hook = desk.repo().join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, format!("#!/bin/sh\nexec '{}' {entry}\n", env!("CARGO_BIN_EXE_smsctl"))).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    desk.edit("policies/policy.md", "version: 1.2", "version: 1.3");
    let changes = "changes:\n  - {version: 1.3, on: 2026-11-01, why: Tried with the hook.}\n";
    if !std::fs::read_to_string(desk.repo().join("policies/policy.md")).unwrap().contains("changes:") {
        desk.edit("policies/policy.md", "version: 1.3\n", &format!("version: 1.3\n{changes}"));
    }
    let done = desk.run("writer", "git", &["commit", "-qam", "Raise"]);
    assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
    assert!(text(&done.stderr).contains("2 findings were left out, which only a later commit can meet"));
    let (status, out, _) = desk.smsctl("writer", &["check", "--format", "concise"]);
    assert!(status == Some(1) && out.contains("approval-missing"), "strict without the option: {out}");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(out.contains("It is approved: everyone"), "{out}");
    let (_, out, _) = desk.smsctl("writer", &["check", "--format", "concise"]);
    assert!(!out.contains("approval-missing") && out.contains("publication-missing"), "{out}");
}

#[test]
fn two_administrators_sign_a_change_one_after_the_other() {
    let desk = Desk::founded();
    desk.add("olga", "Olga Owner", "trust-admin");
    desk.edit("trust/policy.toml", "{ role = \"trust-admin\", min = 1 }", "{ role = \"trust-admin\", min = 2 }");
    desk.ok(CARLA, &["trust", "sign", "--yes"]);
    let out = desk.ok(CARLA, &["trust", "assign", "olga", "sms-owner"]);
    assert!(
        out.contains("Trust policy 4 waits; policy 3 stays in force until it is approved by 2 × trust-admin"),
        "{out}"
    );
    assert!(desk.no(CARLA, &["trust", "assign", "olga", "cio"]).contains("waits for its approval"));
    assert!(desk.no(CARLA, &["trust", "sign", "--yes"]).contains("has signed trust policy 4 already"));
    let out = desk.ok("olga", &["trust", "sign", "--yes"]);
    assert!(out.contains("+role = \"sms-owner\"") && out.contains("Trust policy 4 is in force"), "{out}");
}

#[test]
fn keys_are_added_and_revoked() {
    let desk = Desk::founded();
    let second = desk.home(CARLA).join("second").display().to_string();
    desk.run(CARLA, "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &second]);
    let public = format!("{second}.pub");
    desk.ok(CARLA, &["trust", "add-key", "carla.ito", "--key", &public]);
    assert!(
        desk.no(CARLA, &["trust", "add-key", "carla.ito", "--key", &public]).contains("belongs to carla.ito already")
    );
    assert!(desk.no(CARLA, &["trust", "add-key", "carla.ito", "--key", &second]).contains("secret half"));
    let shown: Value = serde_json::from_str(&desk.ok(CARLA, &["trust", "show", "--format", "json"])).unwrap();
    assert_eq!(shown["schema"], "smsctl-trust-show/1");
    let first = shown["people"][0]["keys"][0]["id"].as_str().unwrap().to_owned();
    assert!(desk.no(CARLA, &["trust", "revoke", &first, "--kind", "compromised"]).contains("--since"));
    desk.ok(CARLA, &["trust", "revoke", &first, "--kind", "retired", "--sign-with", &second]);
    let first_file = desk.home(CARLA).join(".ssh/id_ed25519").display().to_string();
    let err = desk.no(CARLA, &["approve", "POL-01", "--yes", "--key", &first_file]);
    assert!(err.contains("the trust policy says the key") && err.contains("withdrawn"), "{err}");
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q", "--key", &second]);
    assert!(desk.ok(CARLA, &["trust", "show"]).contains("withdrawn"));
}

#[test]
fn a_statement_is_signed_elsewhere_and_imported() {
    let desk = Desk::founded();
    let file = desk.folder.path().join("out.approval").display().to_string();
    let out = desk.ok("writer", &["approve", "POL-01", "--as", "carla.ito", "--prepare", &file]);
    assert!(out.contains("ssh-keygen -Y sign -n smsctl-approval"), "{out}");
    assert!(desk.no("writer", &["approve", "--import", &file]).contains("no signature beside"));
    let key = desk.home(CARLA).join(".ssh/id_ed25519").display().to_string();
    let wrong = desk.run(CARLA, "ssh-keygen", &["-Y", "sign", "-n", "git", "-f", &key, &file]);
    assert!(wrong.status.success());
    assert!(desk.no("writer", &["approve", "--import", &file]).contains("does not count"));
    std::fs::remove_file(format!("{file}.sig")).unwrap();
    desk.run(CARLA, "ssh-keygen", &["-Y", "sign", "-n", "smsctl-approval", "-f", &key, &file]);
    let out = desk.ok("writer", &["approve", "--import", &file]);
    assert!(out.contains("Approved POL-01 version 1.2 as cio (Carla Ito)") && out.contains("It is approved"), "{out}");
    assert_eq!(desk.git("writer", &["log", "-1", "--format=%an %G?"]), "Will Writer N\n");
    assert!(desk.ok("writer", &["approve", "--import", &file]).contains("is here already"));
}

#[cfg(all(unix, feature = "openpgp"))]
#[test]
fn an_openpgp_key_serves_as_well() {
    use std::os::unix::fs::PermissionsExt as _;
    if !crate::oracle::here("gpg") {
        return;
    }
    let desk = Desk::new();
    let home = desk.home(CARLA).join("gpg");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).unwrap();
    let who = "Carla Ito <carla@example.org>";
    let made =
        desk.run(CARLA, "gpg", &["--batch", "--passphrase", "", "--quick-gen-key", who, "ed25519", "sign", "never"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    desk.git(CARLA, &["config", "--global", "user.signingkey", "carla@example.org"]);
    let out = desk.ok(CARLA, &["trust", "init", "--yes"]);
    assert!(out.contains("openpgp = [\""), "{out}");
    let out = desk.ok(CARLA, &["approve", "POL-01", "--yes"]);
    assert!(out.contains("It is approved: everyone"), "{out}");
    let statement = "approvals/POL-01/1.2/carla.ito.approval";
    let verified = desk.run(CARLA, "gpg", &["--verify", &format!("{statement}.asc"), statement]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
    assert_eq!(desk.git(CARLA, &["log", "-1", "--format=%G?"]), "G\n");
    // The same key with another end is taken in the place of the one before.
    let export = |name: &str| {
        let armored = desk.run(CARLA, "gpg", &["--armor", "--export", "carla@example.org"]).stdout;
        let path = desk.folder.path().join(name);
        std::fs::write(&path, armored).unwrap();
        path.display().to_string()
    };
    let same = desk.no(CARLA, &["trust", "add-key", "carla.ito", "--key", &export("same.asc")]);
    assert!(same.contains("is in the trust policy as it is"), "{same}");
    let key = desk.run(CARLA, "gpg", &["--with-colons", "--list-keys", "carla@example.org"]).stdout;
    let key =
        text(&key).lines().find_map(|l| l.strip_prefix("fpr:::::::::").map(|f| f.trim_end_matches(':').to_owned()));
    let key = key.unwrap();
    let renewed = desk.run(CARLA, "gpg", &["--batch", "--passphrase", "", "--quick-set-expire", &key, "3y"]);
    assert!(renewed.status.success(), "{}", text(&renewed.stderr));
    let out = desk.ok(CARLA, &["trust", "add-key", "carla.ito", "--key", &export("renewed.asc")]);
    assert!(out.contains("Trust policy 2 is in force") && desk.policy().matches(&key).count() == 1, "{out}");
    let fingerprint = desk.no(CARLA, &["approve", "CTX-01", "--yes", "--key", "0123456789ABCDEF"]);
    assert!(fingerprint.contains("is no key you can sign with"), "{fingerprint}");
    desk.run(CARLA, "gpgconf", &["--kill", "all"]);
}

#[cfg(unix)]
#[test]
fn a_key_that_only_the_agent_has_signs_too() {
    let desk = Desk::founded();
    let key = desk.home(CARLA).join(".ssh/id_ed25519").display().to_string();
    // With nothing but the agent: neither half lies in the home.
    let script = format!(
        "ssh-add -q '{key}' && rm '{key}' '{key}.pub' && exec '{}' approve POL-01 --yes -q",
        env!("CARGO_BIN_EXE_smsctl")
    );
    let done = desk.run(CARLA, "ssh-agent", &["sh", "-c", &script]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("It is approved: everyone"), "{}", text(&done.stdout));
    let signers = "gpg.ssh.allowedSignersFile=trust/allowed_signers";
    assert_eq!(desk.git(CARLA, &["-c", signers, "log", "-1", "--format=%G?"]), "G\n");
    let statement = desk.repo().join("approvals/POL-01/1.2/carla.ito.approval");
    assert!(verify_statement(&desk, &statement, "carla@example.org"));
}

#[test]
fn an_sms_below_the_top_of_its_repository_works() {
    let desk = Desk::new();
    let top = desk.folder.path().join("top");
    std::fs::create_dir(&top).unwrap();
    std::fs::rename(desk.repo().join(".git"), top.join(".git")).unwrap();
    std::fs::rename(desk.repo(), top.join("sms")).unwrap();
    std::fs::rename(&top, desk.repo()).unwrap();
    desk.git("writer", &["add", "-A"]);
    desk.git("writer", &["commit", "-qm", "Move the SMS down"]);
    desk.keygen(CARLA);
    desk.ok(CARLA, &["-C", "sms", "trust", "init", "--yes", "-q"]);
    desk.ok(CARLA, &["-C", "sms", "approve", "POL-01", "--yes", "-q"]);
    assert!(desk.repo().join("sms/approvals/POL-01/1.2/carla.ito.approval").is_file());
    assert_eq!(desk.git(CARLA, &["status", "--short"]), "");
}

#[test]
fn a_root_is_never_replaced_in_silence() {
    let desk = Desk::founded();
    let root = desk.ok(CARLA, &["trust", "fingerprint"]);
    let out = desk.ok("writer", &["trust", "pin", &root]);
    assert!(out.contains("Pinned on this machine"), "{out}");
    desk.add("olga", "Olga Owner", "sms-owner");
    let other = desk.ok(CARLA, &["trust", "fingerprint", "HEAD"]);
    assert_ne!(root, other);
    assert!(desk.no("writer", &["trust", "pin", &other]).contains("another root is pinned"));
    desk.ok("writer", &["trust", "pin", &other, "--replace"]);
    assert!(desk.no("writer", &["trust", "pin", "smsroot1:x"]).contains("is no fingerprint"));
    assert!(
        desk.no(
            "writer",
            &["trust", "pin", &root.replace("smsroot1:sha1:", "smsroot1:sha1:0000").replace("0000", "00")]
        )
        .contains("fingerprint")
    );
}

#[test]
fn a_checkpoint_is_signed_committed_and_exported() {
    let desk = Desk::founded();
    desk.ok(CARLA, &["approve", "POL-01", "--yes", "-q"]);
    let copy = desk.folder.path().join("state.checkpoint");
    let args = ["checkpoint", "--export", copy.to_str().unwrap(), "--format", "json"];
    let json: Value = serde_json::from_str(&desk.ok(CARLA, &args)).unwrap();
    assert_eq!((&json["schema"], &json["approvals"]), (&"smsctl-checkpoint/1".into(), &1.into()));
    assert!(verify_statement(&desk, &copy, "carla@example.org"));
    let kept = desk.repo().join(json["path"].as_str().unwrap());
    assert_eq!(std::fs::read(&kept).unwrap(), std::fs::read(&copy).unwrap());
    let checkpoint = smsctl::trust::Checkpoint::parse(&std::fs::read(&copy).unwrap()).unwrap();
    assert_eq!(checkpoint.head.to_string(), desk.git(CARLA, &["rev-parse", "HEAD~1"]).trim());
    let out = desk.ok(CARLA, &["checkpoint"]);
    assert!(out.contains(".2.checkpoint") && out.contains("--export"), "{out}");
    assert!(desk.no(CARLA, &["checkpoint", "--role", "sms-owner"]).contains("does not hold that role"));
}

#[test]
fn check_tells_what_will_stand_in_the_way() {
    let desk = Desk::founded();
    assert!(desk.ok(CARLA, &["trust", "check"]).contains("has no fault"));
    desk.edit("trust/policy.toml", "{ role = \"cio\", min = 1 }", "{ role = \"cio\", min = 2 }");
    desk.edit("trust/policy.toml", "[roles.cio]", "[roles.coo]");
    let (status, out, _) = desk.smsctl(CARLA, &["trust", "check"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("the rule for policy needs 2 × `cio` and only 1 holds it"), "{out}");
    assert!(out.contains("calls `coo` top management, the roles register does not"), "{out}");
    desk.edit("trust/policy.toml", "[[rules]]", "[[rule]]");
    assert!(desk.smsctl(CARLA, &["trust", "check"]).1.contains("trust/policy.toml: "));
}
