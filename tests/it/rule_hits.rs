//! What the rules say of the examples of each page, kept in `tests/it/snapshots/examples/<page>.snap`: of the page's own
//! rule all that is printed, of the others where they report. A new example shows an old rule's false positive, a changed
//! rule shows all that it changes. `UPDATE_DOCS=1 cargo test --test it rule_pages` writes the files; read what changed
//! before you commit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use smsctl::rules::{self, Rule};

use crate::common::repository;
use crate::examples::{Case, Hit, Place};

const HEAD: &str = "# What the rules report on the examples of this page, see CONTRIBUTING.md.\n";

fn folder() -> PathBuf {
    repository().join("tests/it/snapshots/examples")
}

fn range(place: &Place) -> String {
    let Place { path, start, end } = place;
    format!("{path}:{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

/// Everything that a finding prints.
fn whole(out: &mut String, hit: &Hit) {
    writeln!(out, "{} {}", hit.severity.as_str(), range(&hit.place)).unwrap();
    writeln!(out, "  {}", hit.message.replace('\n', "\n  ")).unwrap();
    writeln!(out, "  help: {}", hit.help.replace('\n', "\n  ")).unwrap();
    for (place, message) in &hit.related {
        writeln!(out, "  see {}: {message}", range(place)).unwrap();
    }
}

/// Where the other rules report: places in the example's own files, and how many elsewhere, since an example that stands
/// in for a file of the sample leaves others without what they refer to.
fn others(out: &mut String, case: &Case, own: &str) {
    let mut places: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for hit in case.hits.iter().filter(|h| h.rule != own) {
        let (here, elsewhere) = places.entry(hit.rule).or_default();
        if case.owns(&hit.place) {
            write!(here, " {}", hit.place.line()).unwrap();
        } else {
            *elsewhere += 1;
        }
    }
    for (rule, (here, elsewhere)) in places {
        let more = if elsewhere > 0 { format!(" +{elsewhere}") } else { String::new() };
        writeln!(out, "other: {rule}{here}{more}").unwrap();
    }
}

fn text(rule: &Rule, cases: &[Case]) -> String {
    let mut out = HEAD.to_owned();
    for case in cases {
        writeln!(out, "\n## {}", case.name()).unwrap();
        case.hits.iter().filter(|h| h.rule == rule.name).for_each(|hit| whole(&mut out, hit));
        others(&mut out, case, rule.name);
    }
    out
}

/// How the hits on the examples of a page differ from those that are known.
#[allow(clippy::disallowed_methods, reason = "a test may be told to write")]
pub fn difference(rule: &Rule, cases: &[Case]) -> Option<String> {
    let path = folder().join(format!("{}.snap", rule.name));
    let now = text(rule, cases);
    if std::env::var_os("UPDATE_DOCS").is_some() && !cases.is_empty() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
    (written != now)
        .then(|| format!("read, then UPDATE_DOCS=1 cargo test --test it rule_pages\n{}", lines(&written, &now)))
}

fn lines(written: &str, now: &str) -> String {
    let diff = similar::TextDiff::from_lines(written, now);
    diff.unified_diff().context_radius(2).to_string()
}

/// A file of a rule that is gone would never be compared again.
#[test]
fn no_snapshot_outlives_its_rule() {
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(rules::find(name).is_some(), "{} belongs to no rule", path.display());
    }
}

/// Rules that ask for more than an example on something else holds: examples are excerpts, and most stand alone.
const ASK_FOR_MORE: &[&str] = &[
    "acknowledgement-low",
    "agreement-without-obligation",
    "audit-not-reported",
    "availability-undecided",
    "awareness-not-sampled",
    "baseline-missing",
    "certification-change-not-told",
    "change-entry-missing",
    "change-unapproved",
    "commitment-without-objective",
    "element-not-located",
    "empty-document",
    "external-audit-unprepared",
    "impact-analysis-missing",
    "improvement-mechanism-unnamed",
    "live-service-without-sla",
    "major-change-incomplete",
    "management-review-input-missing",
    "measured-less-often-than-reviewed",
    "objective-category-missing",
    "objective-count",
    "objective-evidence-stale",
    "objective-incomplete",
    "objective-plan-incomplete",
    "objective-review-overdue",
    "objective-without-control",
    "objectives-framework-thin",
    "objectives-register-missing",
    "obligations-method-missing",
    "obligations-register-missing",
    "onboarding-missing",
    "other-parties-ungoverned",
    "policy-section-missing",
    "policy-unreachable",
    "process-not-evaluated",
    "publication-missing",
    "purpose-generic",
    "recertification-not-planned",
    "reference-unresolved",
    "requirements-undefined",
    "review-too-rare",
    "review-trigger-missing",
    "role-bullets-missing",
    "scope-note-missing",
    "section-missing",
    "service-management-undefined",
    "service-without-obligation",
    "service-without-requirements",
    "sla-review-overdue",
    "stage-two-without-records",
    "surveillance-missing",
    "target-not-measurable",
];

/// Examples of which another finding is the point, with its rule.
const ON_PURPOSE: &[(&str, &str)] =
    &[("obligations-method-missing", "register-empty"), ("obligations-register-missing", "yaml-syntax")];

/// What stands under `Passes` teaches, so no rule finds fault with the example's own files. smsctl.toml stands for the
/// SMS as a whole.
pub fn faults_of_good_examples(rule: &Rule, cases: &[Case]) -> Vec<String> {
    let mut faults = Vec::new();
    for case in cases.iter().filter(|c| c.title == "Passes") {
        for hit in case.hits.iter().filter(|h| h.rule != rule.name) {
            let known = ASK_FOR_MORE.contains(&hit.rule) || ON_PURPOSE.contains(&(rule.name, hit.rule));
            if !known && case.owns(&hit.place) && hit.place.path != "smsctl.toml" {
                faults.push(format!("`{}` is good practice, but {}: {}", case.name(), hit.rule, hit.place.line()));
            }
        }
    }
    faults
}

#[test]
fn rules_that_ask_for_more_exist() {
    let named = ON_PURPOSE.iter().flat_map(|(page, rule)| [*page, *rule]).chain(ASK_FOR_MORE.iter().copied());
    let unknown: Vec<_> = named.filter(|name| rules::find(name).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
