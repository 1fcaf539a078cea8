//! Every rule's page is its documentation and its test: what stands under "Fails" must fail, under "Passes" must pass. How the
//! examples are read stands in `examples.rs`.

use rayon::prelude::*;
use smsctl::rules::{self, Check, Rule};

use crate::examples::{Case, cases_of, sections};
use crate::rule_hits::{difference, faults_of_good_examples};

/// Why an example does not do what its title says.
fn fault(rule: &Rule, case: &Case) -> Option<String> {
    let own: Vec<_> = case.hits.iter().filter(|h| h.rule == rule.name).map(|h| h.place.line()).collect();
    let all =
        || case.hits.iter().map(|h| format!("\n    {} {} {}", h.rule, h.place.line(), h.message)).collect::<String>();
    match (case.title == "Fails", own.is_empty()) {
        (true, true) => Some(format!("`{}` does not fail; it gives{}", case.name(), all())),
        (false, false) => Some(format!("`{}` fails: {}", case.name(), own.join(" "))),
        _ => None,
    }
}

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

/// What is wrong with a page as a page.
fn faults_of_form(rule: &Rule) -> Vec<String> {
    let mut faults = Vec::new();
    let sections = sections(rule.docs);
    let has = |title: &str| sections.iter().any(|s| s.title() == title);
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
    if needs_history(rule) && !has("Example") {
        faults.push("no section `Example`".to_owned());
    }
    faults
}

fn faults(rule: &Rule) -> Vec<String> {
    let mut faults = faults_of_form(rule);
    let cases = cases_of(rule);
    // What only the engine reports, and what needs a history, cannot be shown by files alone.
    let shown_elsewhere = needs_history(rule) || rule.name == "baseline-entry-gone";
    for title in ["Fails", "Passes"] {
        if !shown_elsewhere && !cases.iter().any(|c| c.title == title) {
            faults.push(format!("no section `{title}` with files"));
        }
    }
    faults.extend(cases.iter().filter_map(|case| fault(rule, case)));
    faults.extend(faults_of_good_examples(rule, &cases));
    faults.extend(difference(rule, &cases));
    faults
}

/// Each example is judged once and looked at from all sides. `RULE=name cargo test --test it rule_pages` looks at the pages
/// whose rule's name holds the text.
#[test]
fn every_page_is_whole_and_its_examples_behave() {
    let wanted = std::env::var_os("RULE").map(|r| r.into_string().unwrap()).unwrap_or_default();
    let chosen: Vec<&Rule> = rules::all().iter().copied().filter(|r| r.name.contains(&wanted)).collect();
    assert!(!chosen.is_empty(), "no rule was looked at");
    let name = |rule: &Rule| faults(rule).into_iter().map(|f| format!("{}: {f}", rule.name)).collect::<Vec<_>>();
    let found: Vec<String> = chosen.par_iter().flat_map_iter(|rule| name(rule)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
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
