//! The direction of dependencies between modules, as ARCHITECTURE.md tells it.

use std::path::{Path, PathBuf};

use crate::common::repository;

/// Each module with those it may use, besides itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &["error"]),
    ("error", &[]),
    ("finding", &["source"]),
    ("document", &["finding", "source"]),
    ("schema", &["document", "finding", "source"]),
    ("signature", &[]),
    ("change", &["document", "source"]),
    ("history", &["document", "error", "signature", "source"]),
    ("trust", &["change", "document", "error", "finding", "history", "schema", "signature", "source"]),
    ("catalog", &["document", "finding", "source"]),
    ("config", &["document", "error", "finding", "schema", "source"]),
    ("artifact", &["catalog", "document", "finding", "schema", "source"]),
    ("workspace", &["artifact", "catalog", "config", "document", "error", "finding", "schema", "source"]),
    (
        "rules",
        &[
            "artifact",
            "catalog",
            "change",
            "config",
            "document",
            "finding",
            "history",
            "schema",
            "signature",
            "source",
            "trust",
            "workspace",
        ],
    ),
    ("readiness", &["catalog", "document", "finding", "rules", "schema", "source", "trust", "workspace"]),
    (
        "report",
        &[
            "artifact",
            "catalog",
            "change",
            "config",
            "document",
            "error",
            "finding",
            "history",
            "readiness",
            "rules",
            "schema",
            "signature",
            "source",
            "trust",
            "workspace",
        ],
    ),
    (
        "approve",
        &[
            "artifact",
            "catalog",
            "change",
            "config",
            "document",
            "error",
            "finding",
            "history",
            "scaffold",
            "schema",
            "signature",
            "source",
            "trust",
            "workspace",
        ],
    ),
    (
        "scaffold",
        &[
            "signature",
            "trust",
            "artifact",
            "catalog",
            "config",
            "document",
            "error",
            "finding",
            "report",
            "rules",
            "schema",
            "source",
            "workspace",
        ],
    ),
    ("import", &["catalog", "document", "error", "scaffold", "source", "workspace"]),
    (
        "pack",
        &[
            "artifact",
            "catalog",
            "change",
            "config",
            "document",
            "error",
            "finding",
            "history",
            "readiness",
            "report",
            "rules",
            "schema",
            "signature",
            "source",
            "trust",
            "workspace",
        ],
    ),
    (
        "cli",
        &[
            "pack",
            "approve",
            "change",
            "history",
            "import",
            "signature",
            "trust",
            "artifact",
            "catalog",
            "config",
            "document",
            "error",
            "finding",
            "readiness",
            "report",
            "rules",
            "scaffold",
            "schema",
            "source",
            "workspace",
        ],
    ),
];

fn used(text: &str) -> Vec<String> {
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mut out = Vec::new();
    for line in code {
        for (at, mark) in line.match_indices("crate::") {
            let rest = &line[at + mark.len()..];
            let names = rest.strip_prefix('{').map_or(rest, |group| group);
            let name: String = names.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            out.push(name);
        }
    }
    out
}

fn visit(path: &Path, module: &str, allowed: &[&str], faults: &mut Vec<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            visit(&entry.unwrap().path(), module, allowed, faults);
        }
    } else if path.extension().is_some_and(|e| e == "rs") {
        for name in used(&std::fs::read_to_string(path).unwrap()) {
            if name != module && !allowed.contains(&name.as_str()) {
                faults.push(format!("{}: {module} may not use {name}", path.display()));
            }
        }
    }
}

#[test]
fn modules_use_only_what_stands_to_their_right() {
    let source = repository().join("src");
    let mut faults = Vec::new();
    for (module, allowed) in MAY_USE {
        let file = source.join(format!("{module}.rs"));
        let path = if file.is_file() { file } else { source.join(module) };
        assert!(path.exists(), "{module} does not exist");
        visit(&path, module, allowed, &mut faults);
    }
    assert_eq!(faults, Vec::<String>::new());
    let listed: Vec<_> = MAY_USE.iter().map(|(m, _)| *m).collect();
    for entry in std::fs::read_dir(source).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(
            matches!(name.as_str(), "lib" | "main") || listed.contains(&name.as_str()),
            "{name} is not in the table"
        );
    }
}

/// How code names the rule that a problem is of.
const MAKERS: &[&str] = &[
    "Problem::new(",
    "Issue::error(",
    "Issue::warning(",
    "Issue::note(",
    "Reason::new(",
    "refuse(",
    "code: ",
    "rule == ",
];

/// `verify` alone says this, since it depends on an option of the command; no rule does.
const NO_RULES: &[&str] = &["time-claimed-only"];

/// The rules that a text of code names.
fn codes(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let after =
        |maker: &&'static str| text.match_indices(*maker).map(|(at, maker)| text[at + maker.len()..].trim_start());
    MAKERS.iter().flat_map(after).filter_map(|rest| rest.strip_prefix('"')?.split('"').next()).collect()
}

/// A problem whose rule does not exist would vanish from the report.
#[test]
fn every_code_is_a_rule() {
    let mut unknown = Vec::new();
    let mut seen = 0;
    for path in code_files(&repository().join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let codes = codes(&text);
        seen += codes.len();
        let known = |code: &str| smsctl::rules::find(code).is_some() || NO_RULES.contains(&code);
        let wrong = codes.iter().filter(|code| !known(code));
        unknown.extend(wrong.map(|code| format!("{}: {code}", path.display())));
    }
    assert_eq!(unknown, Vec::<String>::new());
    assert!(seen > 120, "only {seen} codes were seen");
}

fn code_files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(code_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out
}

/// A test file that no `mod` line names would never run.
#[test]
fn no_test_file_is_forgotten() {
    let main = std::fs::read_to_string(repository().join("tests/it/main.rs")).unwrap();
    let mut forgotten = Vec::new();
    for entry in std::fs::read_dir(repository().join("tests/it")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_test = path.extension().is_some_and(|e| e == "rs") && name != "main";
        if is_test && !main.contains(&format!("\nmod {name};\n")) {
            forgotten.push(name);
        }
    }
    assert_eq!(forgotten, Vec::<String>::new());
}
