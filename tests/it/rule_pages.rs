//! Every rule's page is its documentation and its test: what stands under "Fails" must fail, under "Passes" must pass.
//!
//! A fenced block whose info string names a path (```` ```markdown registers/roles.md ````) is that file. The files of a
//! section are laid over `examples/toolkit`; with the line `<!-- alone -->` in the section they stand alone (beside a
//! plain smsctl.toml, unless they bring one). `delete` as language takes a file away, `unreadable` behind the path makes
//! it unreadable, and `␀` stands for a NUL byte.

use std::fmt::Write as _;
use std::sync::LazyLock;

use rayon::prelude::*;
use smsctl::rules::{self, Check, Rule};
use smsctl::source::MemoryTree;

use crate::common::{bare, check, lines, toolkit};

pub struct Section {
    title: String,
    alone: bool,
    files: Vec<(String, String, String)>,
}

pub fn sections(page: &str) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut fence: Option<(String, Vec<String>)> = None;
    let mut text = String::new();
    for line in page.lines() {
        match &fence {
            Some((marks, info)) if line.trim_end() == marks => {
                if let (Some(section), [language, path, rest @ ..]) = (out.last_mut(), info.as_slice()) {
                    let flag = rest.first().cloned().unwrap_or_default();
                    let flag = if language == "delete" { "delete".to_owned() } else { flag };
                    section.files.push((path.clone(), flag, std::mem::take(&mut text)));
                }
                fence = None;
            }
            Some(_) => writeln!(text, "{line}").unwrap(),
            None if line.starts_with("```") => {
                let marks: String = line.chars().take_while(|c| *c == '`').collect();
                let info = line[marks.len()..].split_whitespace().map(str::to_owned).collect();
                text.clear();
                fence = Some((marks, info));
            }
            None => {
                if let Some(title) = line.strip_prefix("## ") {
                    out.push(Section { title: title.trim().to_owned(), alone: false, files: Vec::new() });
                } else if line.trim() == "<!-- alone -->" {
                    out.last_mut().unwrap().alone = true;
                }
            }
        }
    }
    assert!(fence.is_none(), "a fence is not closed");
    out
}

pub fn tree(section: &Section) -> MemoryTree {
    let mut tree = if section.alone { bare() } else { toolkit() };
    for (path, flag, text) in &section.files {
        match flag.as_str() {
            "delete" => tree.remove(path),
            "unreadable" => tree.put(path, None),
            _ => tree.put(path, Some(text.replace('␀', "\0").into_bytes())),
        }
    }
    tree
}

/// An example of a page with what all rules say of it.
pub struct Case {
    pub rule: &'static str,
    pub title: String,
    /// Counts the examples of one title of one page from 1.
    pub number: usize,
    /// Paths of the example's own files; others are those of the sample.
    pub files: Vec<String>,
    /// `rule path:line:column message` of each finding.
    pub hits: Vec<String>,
}

impl Case {
    fn fault(&self, must_fail: bool) -> Option<String> {
        let own = format!("{} ", self.rule);
        let hits: Vec<_> = self.hits.iter().filter(|l| l.starts_with(&own)).map(String::as_str).collect();
        match (must_fail, hits.is_empty()) {
            (true, true) => {
                Some(format!("`Fails` {} does not fail; it gives\n    {}", self.number, self.hits.join("\n    ")))
            }
            (false, false) => Some(format!("`Passes` {} fails:\n    {}", self.number, hits.join("\n    "))),
            _ => None,
        }
    }
}

/// Every example of every page, looked at once by all rules, in the order of the pages.
pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut found: Vec<(&'static str, usize, Section)> = Vec::new();
    for rule in rules::all() {
        for section in sections(rule.docs) {
            if matches!(section.title.as_str(), "Fails" | "Passes") && !section.files.is_empty() {
                let same = |(r, _, s): &&(&str, usize, Section)| *r == rule.name && s.title == section.title;
                let number = found.iter().filter(same).count() + 1;
                found.push((rule.name, number, section));
            }
        }
    }
    let look = |(rule, number, section): (&'static str, usize, Section)| {
        let (workspace, verdict) = check(&tree(&section));
        let files = section.files.into_iter().map(|(path, ..)| path).collect();
        Case { rule, title: section.title, number, files, hits: lines(&workspace, &verdict) }
    };
    found.into_par_iter().map(look).collect()
});

/// Rules over Git history are shown by a scenario in `approval_rules`.
pub fn needs_history(rule: &Rule) -> bool {
    matches!(rule.check, Check::Trust | Check::History(_) | Check::Judged(_)) || rule.name == "approval-unverified"
}

/// In memory there is no repository: exactly the rules over history are not evaluated.
pub fn assert_only_history_is_not_evaluated(verdict: &rules::Verdict) {
    let undecided: Vec<_> = verdict.not_evaluated.iter().map(|n| (n.rule, n.reason.as_str())).collect();
    let reason = smsctl::trust::NotJudged::NoRepository.reason();
    let expected: Vec<_> = rules::all().iter().filter(|r| needs_history(r)).map(|r| (r.name, reason)).collect();
    assert_eq!(undecided, expected);
}

fn faults(rule: &Rule) -> Vec<String> {
    let mut faults = Vec::new();
    let sections = sections(rule.docs);
    let has = |title: &str| sections.iter().any(|s| s.title == title);
    if rule.docs.lines().next() != Some(&format!("# {}", rule.name)) {
        faults.push("the page does not start with its name as heading".to_owned());
    }
    for title in ["What it checks", "Why it matters", "How to fix"] {
        if !has(title) {
            faults.push(format!("no section `{title}`"));
        }
    }
    if has("Options") == rule.options.is_empty() {
        faults.push("the section `Options` must be there exactly when the rule has settings".to_owned());
    }
    if let Some(option) = rule.options.iter().find(|o| !rule.docs.contains(&format!("`{}`", o.name))) {
        faults.push(format!("the setting `{}` is not described", option.name));
    }
    // What only the engine reports, and what needs a history, cannot be shown by files alone.
    let shown_elsewhere = needs_history(rule) || rule.name == "baseline-entry-gone";
    if needs_history(rule) && !has("Example") {
        faults.push("no section `Example`".to_owned());
    }
    for (title, must_fail) in [("Fails", true), ("Passes", false)] {
        let cases: Vec<_> = CASES.iter().filter(|c| c.rule == rule.name && c.title == title).collect();
        if cases.is_empty() && !shown_elsewhere {
            faults.push(format!("no section `{title}` with files"));
        }
        faults.extend(cases.iter().filter_map(|c| c.fault(must_fail)));
    }
    faults
}

/// `RULE=name cargo test --test it rule_pages` looks at the pages whose rule's name holds the text.
#[test]
fn every_page_is_whole_and_its_examples_behave() {
    let wanted = std::env::var_os("RULE").map(|r| r.into_string().unwrap()).unwrap_or_default();
    let chosen: Vec<&Rule> = rules::all().iter().copied().filter(|r| r.name.contains(&wanted)).collect();
    let looked_at = chosen.len();
    let found: Vec<String> = chosen
        .iter()
        .flat_map(|r| faults(r).into_iter().map(|f| format!("{}: {f}", r.name)).collect::<Vec<_>>())
        .collect();
    let report = found.join("\n");
    assert!(looked_at > 0, "no rule was looked at");
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn names_are_kebab_case_unique_and_sorted() {
    let names: Vec<_> = rules::all().iter().map(|r| r.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    let kebab = |n: &&&str| !n.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert_eq!(names.iter().find(kebab), None);
}

/// A rule lives in `src/rules/<group>/<name>.rs` with its page beside it.
#[test]
fn files_pages_and_registry_agree() {
    let mut files = Vec::new();
    for group in std::fs::read_dir(crate::common::repository().join("src/rules")).unwrap() {
        let group = group.unwrap().path();
        if group.is_dir() {
            for file in std::fs::read_dir(group).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|e| e == "md") {
                    assert!(path.with_extension("rs").is_file(), "{} has no rule", path.display());
                    files.push(path.file_stem().unwrap().to_str().unwrap().replace('_', "-"));
                }
            }
        }
    }
    files.sort();
    let names: Vec<_> = rules::all().iter().map(|r| r.name.to_owned()).collect();
    assert_eq!(files, names);
}
