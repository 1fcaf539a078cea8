//! `docs/rules.md` is written from the rules: `UPDATE_DOCS=1 cargo test --test it docs` writes it, else it is compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use smsctl::rules::{self, Level, Rule};

use crate::common::repository;

const HEAD: &str = "# Rules\n\n\
    Every rule of smsctl, with how grave it is unless smsctl.toml says otherwise. The page of a rule says what it checks, why it\n\
    matters, shows an example that fails and one that passes, and how to mend it; `smsctl explain NAME` shows the same page.\n\n\
    `error, when approved` is an error in an approved document and a warning in one that is not.\n\n";

const REQUIREMENTS: &str = "## Requirements for the service management policy\n\n\
    The requirements P-001 to P-106 spell out what clause 5.2.1 and its neighbours ask of a service management policy and of what\n\
    follows from it. Each is decided by the rules named here.\n\n";

/// The last of the requirements.
const LAST: u16 = 106;

/// What no rule decides, and why.
const REASONS: &[(u16, &str)] = &[];

/// Path of each rule's page below `src/rules`, by name.
fn pages() -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for group in std::fs::read_dir(repository().join("src/rules")).unwrap() {
        let group = group.unwrap().path();
        if group.is_dir() {
            for file in std::fs::read_dir(&group).unwrap() {
                let file = file.unwrap().path();
                if file.extension().is_some_and(|e| e == "md") {
                    let (stem, folder) = (file.file_stem().unwrap(), group.file_name().unwrap());
                    let (stem, folder) = (stem.to_str().unwrap(), folder.to_str().unwrap());
                    out.insert(stem.replace('_', "-"), format!("{folder}/{stem}.md"));
                }
            }
        }
    }
    out
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Always(severity) => severity.as_str(),
        Level::ErrorOnceApproved => "error, when approved",
    }
}

fn link(rule: &Rule, pages: &BTreeMap<String, String>) -> String {
    format!("[{}](../src/rules/{})", rule.name, pages[rule.name])
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The groups of rules: folder, heading, what they are about.
const GROUPS: [(&str, &str, &str); 9] = [
    ("policy", "Policy", "What the service management policy says, and who stands behind it."),
    ("wording", "Wording", "Whether commitments can be kept and measured, and what templates left behind."),
    ("objectives", "Objectives", "The way from commitments to objectives, targets, measurements and reviews."),
    (
        "evidence",
        "Evidence",
        "Obligations, communication, reviews, audits and other parties: what must be shown, and by when.",
    ),
    (
        "management",
        "Management",
        "Services, SLAs, suppliers, roles, risks, audits, nonconformities, improvements and reviews: whether what was decided is done in time.",
    ),
    (
        "assurance",
        "Assurance",
        "Requirements, internal agreements, competence, reports, complaints, satisfaction, continuity, money and certification.",
    ),
    (
        "operation",
        "Operation",
        "Changes, releases, incidents, requests, problems, configuration items and assets: what the records must show.",
    ),
    (
        "approval",
        "Approvals and history",
        "Who approved what, by signatures in Git and the trust policy, and what changed since. These need a Git repository.",
    ),
    ("structure", "Form", "Files, fields, ids, references, links, sections, configuration and waivers."),
];

fn rule_tables(pages: &BTreeMap<String, String>, out: &mut String) {
    for (folder, heading, about) in GROUPS {
        let of_group = |r: &&&Rule| pages[r.name].split('/').next() == Some(folder);
        let rules: Vec<_> = rules::all().iter().filter(of_group).collect();
        writeln!(out, "## {heading}\n\n{about} {} rules.\n", rules.len()).unwrap();
        out.push_str("| rule | severity | reports | clauses |\n| --- | --- | --- | --- |\n");
        for rule in rules {
            let clauses = rule.clauses.join(", ");
            writeln!(out, "| {} | {} | {} | {clauses} |", link(rule, pages), level(rule.level), cell(rule.summary))
                .unwrap();
        }
        out.push('\n');
    }
}

/// Every rule stands in a group.
#[test]
fn groups_are_those_of_the_pages() {
    let folders: std::collections::BTreeSet<_> =
        pages().into_values().map(|page| page.split('/').next().unwrap().to_owned()).collect();
    let named: std::collections::BTreeSet<_> = GROUPS.iter().map(|(folder, ..)| (*folder).to_owned()).collect();
    assert_eq!(folders, named);
}

fn requirement_table(pages: &BTreeMap<String, String>, out: &mut String) {
    out.push_str("| requirement | rules | why not |\n| --- | --- | --- |\n");
    for number in 1..=LAST {
        let deciding: Vec<_> = rules::all().iter().filter(|r| r.requirements.contains(&number)).collect();
        let names: Vec<String> = deciding.iter().map(|r| link(r, pages)).collect();
        let reason = REASONS.iter().find(|(n, _)| *n == number).map_or("no rule yet", |(_, why)| why);
        let reason = if deciding.is_empty() { reason } else { "" };
        writeln!(out, "| P-{number:03} | {} | {reason} |", names.join(", ")).unwrap();
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test may be told to write")]
fn the_list_of_rules_is_up_to_date() {
    let pages = pages();
    let mut text = HEAD.to_owned();
    rule_tables(&pages, &mut text);
    text.push_str(REQUIREMENTS);
    requirement_table(&pages, &mut text);
    let path = repository().join("docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/rules.md is out of date: UPDATE_DOCS=1 cargo test --test it docs");
}

#[test]
fn requirements_are_those_that_exist() {
    let unknown = |r: &&&Rule| r.requirements.iter().any(|n| !(1..=LAST).contains(n));
    assert!(rules::all().iter().find(unknown).is_none());
}
