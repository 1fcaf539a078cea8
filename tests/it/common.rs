//! What tests share: the sample SMS in memory, with files laid over it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use proptest::test_runner::Config as ProptestConfig;
use smsctl::rules::{self, Ctx, Verdict};
use smsctl::source::{MemoryTree, WorkTree};
use smsctl::workspace::{self, Workspace};

/// The day all tests judge dates by.
pub const TODAY: Date = date(2026, 11, 20);

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

static TOOLKIT: LazyLock<MemoryTree> =
    LazyLock::new(|| MemoryTree::copy_of(&WorkTree::open(&repository().join("examples/toolkit"))));

static BASE: LazyLock<MemoryTree> =
    LazyLock::new(|| MemoryTree::copy_of(&WorkTree::open(&repository().join("tests/it/base"))));

/// A small SMS with which every rule is content: what the examples of the pages are laid over.
pub fn base() -> MemoryTree {
    BASE.clone()
}

/// The sample SMS.
pub fn toolkit() -> MemoryTree {
    TOOLKIT.clone()
}

/// An SMS with nothing but its configuration.
pub fn bare() -> MemoryTree {
    let mut tree = MemoryTree::default();
    tree.put("smsctl.toml", Some(b"[sms]\norganization = \"Northwind Managed Services\"\n".to_vec()));
    tree
}

/// A workspace and what the rules say of it.
pub fn check(tree: &MemoryTree) -> (Workspace, Verdict) {
    let workspace = workspace::load(tree, &|_, _| {}).expect("smsctl.toml is readable");
    let verdict = rules::run(&Ctx::new(&workspace, TODAY));
    (workspace, verdict)
}

/// `rule path:line:column message` of each finding.
pub fn lines(workspace: &Workspace, verdict: &Verdict) -> Vec<String> {
    let line = |f: &rules::Finding| {
        let span = f.problem.span;
        let place = workspace.sources.file(span.file).position(span.start as usize);
        format!(
            "{} {}:{}:{} {}",
            f.rule.name,
            workspace.sources.path(span),
            place.line,
            place.column,
            f.problem.message
        )
    };
    verdict.findings.iter().map(line).collect()
}

/// A program alone with a home: nothing of the machine's configuration, but what the system needs to start it. Git makes
/// repositories without sample hooks, and starts no second process after a commit that looks for something to tidy.
#[allow(clippy::disallowed_methods, reason = "the programs are the oracles")]
pub fn alone(program: impl AsRef<OsStr>, home: &Path) -> Command {
    let mut command = Command::new(on_path(program.as_ref()));
    command.env_clear().envs(at_home(home));
    for name in ["PATH", "SystemRoot", "TEMP", "TMP"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command.env("GIT_TEMPLATE_DIR", "").env("GIT_CONFIG_COUNT", "1");
    command.env("GIT_CONFIG_KEY_0", "maintenance.auto").env("GIT_CONFIG_VALUE_0", "false");
    command
}

/// Where a program is. Without its place, a command with an environment of its own is started by a copy of this process, which
/// costs more than most programs do once the tests have filled the memory.
#[allow(clippy::disallowed_methods, reason = "the programs are the oracles")]
pub fn on_path(program: &OsStr) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.filter(|_| cfg!(unix)).unwrap_or_else(|| program.into())
}

/// Where each system looks for a home and for settings.
pub fn at_home(home: &Path) -> Vec<(&'static str, PathBuf)> {
    let mut out = vec![("HOME", home.to_owned())];
    if cfg!(windows) {
        out.extend([("USERPROFILE", home.to_owned()), ("APPDATA", home.join(".config"))]);
    }
    out
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Properties run this many cases, or `PROPTEST_CASES` where it is set. What failed once is kept in
/// `tests/proptest-regressions` and tried first.
#[allow(clippy::disallowed_methods, reason = "a test may be told to try more")]
pub fn cases(usual: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok().map(|n| n.parse().expect("PROPTEST_CASES is a number"));
    ProptestConfig::with_cases(given.unwrap_or(usual))
}

/// How long this thread has had a processor: a busy machine takes longer, but spends no more. Where the system does not say,
/// the time since the first question.
pub fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let own = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = own.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
