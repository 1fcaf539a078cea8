//! What every rule says of every example of every page, kept in `tests/it/snapshots/hits/<rule>.snap`: a new example shows
//! an old rule's false positive, a changed rule shows all that it changes. `UPDATE_DOCS=1 cargo test --test it rule_hits`
//! writes the files; read what changed before you commit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use smsctl::rules;

use crate::common::repository;
use crate::rule_pages::{CASES, Case};

const HEAD: &str =
    "# Where this rule reports, example by example; what is not in the example's own files is only counted.\n";

fn folder() -> PathBuf {
    repository().join("tests/it/snapshots/hits")
}

/// Rule and `path:line` of a finding.
fn parts(hit: &str) -> (&str, &str) {
    let mut words = hit.splitn(3, ' ');
    let (rule, place) = (words.next().unwrap(), words.next().unwrap());
    (rule, place.rsplit_once(':').unwrap().0)
}

fn is_own(case: &Case, place: &str) -> bool {
    let (path, _) = place.rsplit_once(':').unwrap();
    case.files.iter().any(|file| file == path)
}

/// What each rule says of an example: places in its own files, and how many elsewhere, since an example that stands in
/// for a file of the sample leaves others without what they refer to.
fn hits_of(case: &Case) -> BTreeMap<&str, (Vec<&str>, usize)> {
    let mut out: BTreeMap<&str, (Vec<&str>, usize)> = BTreeMap::new();
    for (rule, place) in case.hits.iter().map(|hit| parts(hit)) {
        let (own, elsewhere) = out.entry(rule).or_default();
        if is_own(case, place) {
            own.push(place);
        } else {
            *elsewhere += 1;
        }
    }
    out
}

fn hits() -> BTreeMap<&'static str, String> {
    let mut out: BTreeMap<&'static str, String> = rules::all().iter().map(|r| (r.name, HEAD.to_owned())).collect();
    for case in CASES.iter() {
        for (rule, (own, elsewhere)) in hits_of(case) {
            let text = out.get_mut(rule).unwrap();
            write!(text, "{}, {} {}:", case.rule, case.title, case.number).unwrap();
            let more = (elsewhere > 0).then(|| format!("+{elsewhere}"));
            let places = own.into_iter().map(str::to_owned).chain(more);
            places.for_each(|place| text.push_str(&format!(" {place}")));
            text.push('\n');
        }
    }
    out
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test may be told to write")]
fn every_hit_on_every_example_is_known() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut changed = Vec::new();
    for (rule, text) in hits() {
        let path = folder().join(format!("{rule}.snap"));
        if update {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        if written != text {
            changed.push(difference(rule, &written, &text));
        }
    }
    let changed = changed.join("\n");
    assert!(changed.is_empty(), "read, then UPDATE_DOCS=1 cargo test --test it rule_hits\n{changed}");
}

fn difference(rule: &str, written: &str, now: &str) -> String {
    let gone = written.lines().filter(|l| !now.lines().any(|n| n == *l)).map(|l| format!("  - {l}\n"));
    let new = now.lines().filter(|l| !written.lines().any(|w| w == *l)).map(|l| format!("  + {l}\n"));
    format!("{rule}\n{}", gone.chain(new).collect::<String>())
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
#[test]
fn good_examples_are_good() {
    let mut faults = Vec::new();
    for case in CASES.iter().filter(|c| c.title == "Passes") {
        for hit in &case.hits {
            let (rule, place) = parts(hit);
            let known = ASK_FOR_MORE.contains(&rule) || ON_PURPOSE.contains(&(case.rule, rule));
            if !known && is_own(case, place) && !place.starts_with("smsctl.toml:") {
                faults.push(format!("{}, {} {}: {hit}", case.rule, case.title, case.number));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn rules_that_ask_for_more_exist() {
    let named = ON_PURPOSE.iter().flat_map(|(page, rule)| [*page, *rule]).chain(ASK_FOR_MORE.iter().copied());
    let unknown: Vec<_> = named.filter(|name| rules::find(name).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
