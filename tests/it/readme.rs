//! What the README and the guides say is true.

use std::process::Command;

use crate::common::{copy, repository};

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

fn smsctl(arguments: &[&str]) -> (i32, String) {
    #[allow(clippy::disallowed_methods)]
    let output = Command::new(env!("CARGO_BIN_EXE_smsctl"))
        .args(arguments)
        .current_dir(repository())
        .env_clear()
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_two_commands_are_what_ci_runs() {
    let readme = read("README.md");
    assert!(readme.contains("$ cargo run -- check examples/toolkit\n$ cargo test\n"));
    let ci = read(".ci/run");
    assert!(ci.trim_end().ends_with("\ncargo test"), "CI runs the README's test command last");
    assert!(ci.contains("check examples/toolkit"));
}

#[test]
fn the_main_job_ends_clean_and_says_what_it_did() {
    let (status, out) = smsctl(&["check", "examples/toolkit"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("No findings."), "{out}");
    assert!(out.contains("Northwind Managed Services as of 2026-11-20, the day set in smsctl.toml"), "{out}");
    assert!(out.contains("no history of its own"), "{out}");
}

#[test]
fn every_command_of_the_readme_exists() {
    let (status, help) = smsctl(&["--help"]);
    assert_eq!(status, 0);
    let readme = read("README.md");
    let commands = readme.lines().filter_map(|l| l.strip_prefix("| `smsctl "));
    let mut seen = 0;
    for name in commands.filter_map(|l| l.split([' ', '`']).next()) {
        seen += 1;
        assert!(help.lines().any(|l| l.trim_start().starts_with(name)), "{name} is not in --help");
    }
    assert!(seen >= 9, "{seen}");
}

/// The finding the README shows is the finding smsctl gives.
#[test]
fn the_shown_finding_is_real() {
    let dir = tempfile::tempdir().unwrap();
    let sample = dir.path().join("examples/toolkit");
    copy(&repository().join("examples/toolkit"), &sample);
    let policy = sample.join("policies/service-management-policy.md");
    let text = std::fs::read_to_string(&policy).unwrap();
    std::fs::write(&policy, text.replacen("owner: service-management-owner", "owner: service-managment-owner", 1))
        .unwrap();
    #[allow(clippy::disallowed_methods)]
    let output = Command::new(env!("CARGO_BIN_EXE_smsctl"))
        .args(["check", "examples/toolkit"])
        .current_dir(dir.path())
        .env_clear()
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let readme = read("README.md");
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(out.contains(shown.trim_end()), "the README shows\n{shown}\nsmsctl says\n{out}");
    assert_eq!(output.status.code(), Some(1));
}

/// Relative links of the project's own pages lead somewhere.
#[test]
fn links_between_pages_work() {
    let mut broken = Vec::new();
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/adoption.md",
        "docs/audit.md",
        "docs/data-model.md",
        "docs/formats.md",
        "docs/performance.md",
    ] {
        let text = read(page);
        let (document, _) = smsctl::document::parse(smsctl::source::FileId(0), &text);
        for link in document.body.links.iter().filter(|l| !l.target.contains("://") && !l.target.starts_with('#')) {
            let path = link.target.split('#').next().unwrap();
            let found = smsctl::source::resolve(page, path).is_some_and(|p| repository().join(p).exists());
            if !found {
                broken.push(format!("{page}: {}", link.target));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
