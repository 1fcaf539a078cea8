//! GitLab's Code Quality report: what a merge request shows beside the diff. It has no place for rules that were not
//! evaluated, so the command says those on standard error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{RunReport, concise, fingerprint, full_sentence};
use crate::finding::Severity;

/// The report as a JSON list with a final line break.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let issues: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "description": full_sentence(&finding.message),
                "check_name": finding.rule.name,
                "fingerprint": unique(fingerprint(finding), &mut seen),
                "severity": match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                "location": {
                    "path": report.shown_path(&finding.location),
                    "lines": {"begin": finding.location.start.line, "end": finding.location.end.line},
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::from(issues))
}

/// What the form has no place for.
#[must_use]
pub fn aside(report: &RunReport) -> String {
    concise::not_evaluated(report) + &concise::counts(report) + "\n"
}

/// GitLab shows only the first issue of a fingerprint: the second of the same words in a file gets one of its own.
fn unique(fingerprint: String, seen: &mut BTreeMap<String, usize>) -> String {
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    if *count == 1 {
        return fingerprint;
    }
    let digest = Sha256::digest(format!("{fingerprint} {count}"));
    digest.iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
