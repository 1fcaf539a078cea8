//! The binary from outside: exit status, no SMS, odd places, commits, and that reading writes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::common::{alone, copy, repository};

struct Sandbox {
    dir: TempDir,
}

impl Sandbox {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// With a small SMS in which nothing is wrong.
    fn with_sms() -> Self {
        let sandbox = Self::new();
        copy(&repository().join("tests/it/base"), &sandbox.path("sms"));
        sandbox
    }

    fn path(&self, below: &str) -> std::path::PathBuf {
        self.dir.path().join(below)
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.path(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = alone(program, self.dir.path());
        command
            .current_dir(self.dir.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.org")
            .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.org")
            .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
        command
    }

    fn smsctl(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(env!("CARGO_BIN_EXE_smsctl")).args(arguments).output().unwrap())
    }

    fn git(&self, arguments: &[&str]) -> String {
        let run = Run::of(self.command("git").args(["-C", "sms"]).args(arguments).output().unwrap());
        assert_eq!(run.status, 0, "git {arguments:?}: {}", run.err);
        run.out
    }

    fn commit_all(&self) {
        if !self.path("sms/.git").exists() {
            self.git(&["init", "-q", "-b", "main"]);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "state"]);
    }

    fn snapshot(&self) -> BTreeMap<String, Vec<u8>> {
        let mut out = BTreeMap::new();
        collect(&self.path("sms"), "", &mut out);
        out
    }
}

struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            status: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn collect(dir: &Path, prefix: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &name, out);
        } else {
            out.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn without_an_sms_it_says_how_to_begin() {
    let sandbox = Sandbox::new();
    let empty = sandbox.smsctl(&["check"]);
    assert_eq!((empty.status, empty.out.as_str()), (2, ""));
    assert!(empty.err.contains("no SMS found") && empty.err.contains("smsctl init"), "{}", empty.err);
    for n in 0..300 {
        sandbox.write(&format!("docs/page-{n}.md"), "---\nlayout: post\n---\n# Page\n");
    }
    let foreign = sandbox.smsctl(&["check", "."]);
    assert_eq!(foreign.status, 2);
    assert!(foreign.err.contains("300 Markdown files") && foreign.err.contains("baseline"), "{}", foreign.err);
    assert!(foreign.err.lines().count() < 5);
    assert_eq!(std::fs::read_dir(sandbox.dir.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn odd_places_are_said_clearly() {
    let sandbox = Sandbox::with_sms();
    for (arguments, words) in [
        (vec!["-C", "nowhere", "check"], "nowhere does not exist"),
        (vec!["-C", "sms/README.md", "check"], "is a file, not a folder"),
        (vec!["check", "sms/nowhere.md"], "does not exist"),
        (vec!["-C", "sms", "check", ".."], "lies outside the SMS"),
        (vec!["-C", "sms", "check", "--rev", "HEAD"], "not in a Git repository"),
        (vec!["-C", "sms", "check", "--since", "HEAD"], "not in a Git repository"),
    ] {
        let run = sandbox.smsctl(&arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(words) && run.err.contains("help:"), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_broken_configuration_cannot_run() {
    let sandbox = Sandbox::new();
    sandbox.write("smsctl.toml", "[sms\norganization = 1\n");
    let run = sandbox.smsctl(&["check"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("smsctl.toml:1:5"), "{}", run.err);
}

#[test]
fn an_sms_without_artifacts_does_not_pass() {
    let sandbox = Sandbox::new();
    sandbox.write("smsctl.toml", "[sms]\norganization = \"N\"\n");
    let run = sandbox.smsctl(&["check", "--format", "concise"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("nothing-checked"), "{}", run.out);
}

#[test]
fn a_folder_or_a_file_of_the_sms_is_reported_alone() {
    let sandbox = Sandbox::with_sms();
    sandbox.write("sms/policies/extra.md", "---\nid: X-1\nkind: polcy\n---\n");
    sandbox.write("sms/plans/extra.md", "---\nid: X-2\nkind: plam\n---\n");
    let concise = |path: &str| sandbox.smsctl(&["check", path, "--format", "concise"]).out;
    assert!(concise("sms").contains("sms/policies/extra.md") && concise("sms").contains("sms/plans/extra.md"));
    let only = concise("sms/policies");
    assert!(only.contains("sms/policies/extra.md") && !only.contains("plans/extra.md"), "{only}");
    assert!(concise("sms/plans/extra.md").contains("sms/plans/extra.md:3"));
}

#[test]
fn checking_leaves_every_byte_as_it_was() {
    let sandbox = Sandbox::with_sms();
    sandbox.write("sms/policies/broken.md", "---\nid: X-1\n\tkind: policy\n---\n");
    sandbox.commit_all();
    let before = sandbox.snapshot();
    for arguments in [
        vec!["check", "sms"],
        vec!["-C", "sms", "check", "--rev", "HEAD"],
        vec!["-C", "sms", "check", "--since", "HEAD"],
    ] {
        assert_ne!(sandbox.smsctl(&arguments).status, 2);
    }
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn a_commit_is_checked_like_its_checkout() {
    let sandbox = Sandbox::with_sms();
    sandbox.commit_all();
    let policy = "sms/policies/service-management-policy.md";
    let text = std::fs::read_to_string(sandbox.path(policy)).unwrap();
    sandbox.write(policy, &text.replacen("owner: service-management-owner", "owner: nobody", 1));
    sandbox.write("sms/plans/extra.md", "---\nid: X-2\nkind: plam\n---\n");
    sandbox.commit_all();
    sandbox.write(policy, &text);
    sandbox.commit_all();
    let by_rev = sandbox.smsctl(&["-C", "sms", "check", "--rev", "HEAD~1", "--format", "json"]);
    sandbox.git(&["checkout", "-q", "HEAD~1"]);
    let by_checkout = sandbox.smsctl(&["-C", "sms", "check", "--format", "json"]);
    assert_eq!((by_rev.status, by_rev.out), (1, by_checkout.out));
    // A bare repository has no files on disk.
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = sandbox.smsctl(&["-C", "bare.git", "check", "--rev", "main~1", "--format", "concise"]);
    assert_eq!(bare.status, 1, "{}", bare.err);
    assert!(bare.out.contains("plans/extra.md:3:7: error[kind-unknown]"), "{}", bare.out);
    let unknown = sandbox.smsctl(&["-C", "sms", "check", "--rev", "nowhere"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("Git knows no revision `nowhere`"), "{}", unknown.err);
}

#[test]
fn since_reports_what_a_change_touched_or_caused() {
    let sandbox = Sandbox::with_sms();
    sandbox.write("sms/plans/old.md", "---\nid: X-2\nkind: plam\n---\n");
    sandbox.commit_all();
    let objectives = "sms/registers/objectives.md";
    let text = std::fs::read_to_string(sandbox.path(objectives)).unwrap();
    sandbox.write(objectives, &text.replacen("commitment_refs: [PC-07]", "commitment_refs: [PC-02]", 1));
    let run = sandbox.smsctl(&["-C", "sms", "check", "--since", "HEAD", "--format", "concise"]);
    assert_eq!(run.status, 1);
    assert!(
        run.out.contains("policies/service-management-policy.md") && run.out.contains("commitment-without-objective"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("plans/old.md"), "{}", run.out);
}

#[test]
fn since_a_commit_without_the_sms_everything_is_new() {
    let sandbox = Sandbox::new();
    sandbox.write("sms/README.md", "# A\n");
    sandbox.commit_all();
    copy(&repository().join("tests/it/base"), &sandbox.path("sms/docs"));
    sandbox.write("sms/docs/plans/old.md", "---\nid: X-2\nkind: plam\n---\n");
    let run = sandbox.smsctl(&["-C", "sms/docs", "check", "--since", "HEAD", "--format", "concise"]);
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(run.out.contains("plans/old.md"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::with_sms();
    sandbox.write("secret.md", "---\nid: SECRET-1\nkind: policy\n---\n");
    symlink("../secret.md", sandbox.path("sms/leak.md")).unwrap();
    symlink(".", sandbox.path("sms/loop")).unwrap();
    symlink("/", sandbox.path("sms/root")).unwrap();
    let run = sandbox.smsctl(&["check", "sms", "--format", "concise"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(
        run.out.contains("unread-file") && run.out.contains("leak.md") && run.out.contains("symbolic link"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("SECRET-1"));
}

#[test]
fn init_writes_once_and_overwrites_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("sms/README.md", "mine\n");
    let run = sandbox.smsctl(&["init", "sms", "--organization", "Harbour Hosting"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.contains("Left alone because they exist: README.md"), "{}", run.out);
    assert_eq!(std::fs::read_to_string(sandbox.path("sms/README.md")).unwrap(), "mine\n");
    let again = sandbox.smsctl(&["init", "sms"]);
    assert_eq!(again.status, 2);
    assert!(again.err.contains("is an SMS already"), "{}", again.err);
    let check = sandbox.smsctl(&["-C", "sms", "check"]);
    assert_eq!(check.status, 1);
    assert!(check.out.contains("in working order"), "{}", check.out);
    let new = sandbox.smsctl(&["-C", "sms", "new", "backup-policy"]);
    assert_eq!(new.status, 0, "{}", new.err);
    assert!(sandbox.path("sms/policies/backup-policy.md").is_file());
    assert_eq!(sandbox.smsctl(&["-C", "sms", "new", "backup-policy"]).status, 2);
    assert_eq!(sandbox.smsctl(&["-C", "sms", "new", "procedure", "X", "--path", "../x.md"]).status, 2);
    assert!(!sandbox.path("x.md").exists());
}

#[test]
fn what_the_configuration_leaves_out_is_said() {
    let sandbox = Sandbox::with_sms();
    sandbox.write("sms/drafts/idea.md", "---\nid: X-1\nkind: polcy\n---\n");
    let config = std::fs::read_to_string(sandbox.path("sms/smsctl.toml")).unwrap();
    let config = config.replacen("[sms]\n", "[sms]\nexclude = [\"drafts/**\"]\n", 1);
    sandbox.write("sms/smsctl.toml", &format!("{config}\n[rules]\nlong-sentences = \"off\"\n"));
    let run = sandbox.smsctl(&["check", "sms", "-v"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(run.out.contains("Switched off in smsctl.toml: long-sentences."), "{}", run.out);
    assert!(run.out.contains("Left out by `exclude` in smsctl.toml: 1 file:\n  drafts/idea.md\n"), "{}", run.out);
    let json = sandbox.smsctl(&["check", "sms", "--format", "json"]).out;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["left_out"], serde_json::json!({"rules": ["long-sentences"], "files": ["drafts/idea.md"]}));
}

#[test]
fn an_sms_further_down_and_a_bare_repository_are_named() {
    let sandbox = Sandbox::with_sms();
    let above = sandbox.smsctl(&["check"]);
    assert_eq!(above.status, 2);
    assert!(above.err.contains("`smsctl -C sms check`"), "{}", above.err);
    sandbox.commit_all();
    sandbox.git(&["clone", "-q", "--bare", ".", "../bare"]);
    let bare = sandbox.smsctl(&["-C", "bare", "check"]);
    assert_eq!(bare.status, 2);
    assert!(bare.err.contains("bare Git repository") && bare.err.contains("--rev HEAD"), "{}", bare.err);
    assert_eq!(sandbox.smsctl(&["-C", "bare", "check", "--rev", "HEAD"]).status, 0);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_or_half() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::with_sms();
    std::fs::create_dir(sandbox.path("outside")).unwrap();
    symlink("../outside", sandbox.path("sms/linked")).unwrap();
    let new = sandbox.smsctl(&["-C", "sms", "new", "procedure", "X", "--path", "linked/x.md"]);
    assert_eq!(new.status, 2, "{}", new.out);
    assert!(new.err.contains("is a symbolic link, not a folder"), "{}", new.err);
    assert_eq!(sandbox.smsctl(&["-C", "sms", "new", "procedure", "X", "--id", "a b"]).status, 2);
    std::fs::create_dir_all(sandbox.path("dangling")).unwrap();
    symlink("nowhere.toml", sandbox.path("dangling/smsctl.toml")).unwrap();
    assert_eq!(sandbox.smsctl(&["init", "dangling"]).status, 2);
    assert_eq!(std::fs::read_dir(sandbox.path("dangling")).unwrap().count(), 1);
    std::fs::create_dir(sandbox.path("start")).unwrap();
    symlink("../outside", sandbox.path("start/registers")).unwrap();
    let init = sandbox.smsctl(&["init", "start"]);
    assert_eq!(init.status, 2, "{}", init.out);
    assert_eq!(std::fs::read_dir(sandbox.path("start")).unwrap().count(), 1, "a start that fails leaves nothing");
    assert_eq!(std::fs::read_dir(sandbox.path("outside")).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_the_same_finding_on_disk_and_in_a_commit() {
    use std::os::unix::ffi::OsStrExt as _;
    let sandbox = Sandbox::with_sms();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    std::fs::copy(sandbox.path("sms/policies/service-management-policy.md"), sandbox.path("sms").join(name)).unwrap();
    sandbox.commit_all();
    let disk = sandbox.smsctl(&["-C", "sms", "check", "--format", "concise"]);
    let commit = sandbox.smsctl(&["-C", "sms", "check", "--rev", "HEAD", "--format", "concise"]);
    assert!(disk.out.contains("its name is not UTF-8"), "{}", disk.out);
    assert_eq!((disk.status, &disk.out), (1, &commit.out));
}

#[test]
fn what_stands_in_a_refusal_cannot_steer_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("smsctl.toml", "[sms]\norganization = \"X\"\n");
    sandbox.write("a.md", "---\nid: \"SMS\\e[31m-9\"\nkind: policy\n---\n# A\n");
    let run = sandbox.smsctl(&["explain", "SMSx-9"]);
    assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
}

#[test]
fn an_sms_within_another_is_checked_apart() {
    let sandbox = Sandbox::with_sms();
    copy(&repository().join("tests/it/base"), &sandbox.path("sms/sites/north"));
    sandbox.commit_all();
    let outer = sandbox.smsctl(&["check", "sms", "--format", "concise"]);
    assert_eq!(outer.status, 0, "{}", outer.out);
    assert!(outer.out.contains("`sites/north/smsctl.toml` is not read as an artifact"), "{}", outer.out);
    assert!(!outer.out.contains("duplicate-id"), "{}", outer.out);
    let by_rev = sandbox.smsctl(&["-C", "sms", "check", "--rev", "HEAD", "--format", "concise"]);
    assert_eq!(by_rev.out, sandbox.smsctl(&["-C", "sms", "check", "--format", "concise"]).out);
    assert_eq!(sandbox.smsctl(&["check", "sms/sites/north"]).status, 0);
}
