//! The baseline: findings an SMS starts with, accepted so that only new ones fail. `smsctl-baseline.json` at the root.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Location, ReportFinding, RunReport};
use crate::finding::Severity;
use crate::rules::{self, WaivedBy};
use crate::source::{FileId, Position, Span};

const SCHEMA: &str = "smsctl-baseline/1";

/// A recorded set of findings.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: String,
    findings: Vec<Recorded>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    rule: String,
    path: String,
    subject: Option<String>,
    message: String,
    fingerprint: String,
    count: usize,
}

impl Baseline {
    /// Name of its file at the root of the SMS.
    pub const FILE: &'static str = "smsctl-baseline.json";

    /// Records the findings of a report, and those its own baseline accepted before.
    #[must_use]
    pub fn record(report: &RunReport) -> Self {
        let before = report.waived.iter().filter(|(_, by)| by.by == "baseline").map(|(f, _)| f);
        let mut counted: BTreeMap<(String, String), Recorded> = BTreeMap::new();
        for finding in report.findings.iter().chain(before).filter(|f| f.rule.name != "baseline-entry-gone") {
            let fingerprint = fingerprint(finding);
            let recorded =
                counted.entry((finding.location.path.clone(), fingerprint.clone())).or_insert_with(|| Recorded {
                    rule: finding.rule.name.to_owned(),
                    path: finding.location.path.clone(),
                    subject: finding.subject.clone(),
                    message: finding.message.clone(),
                    fingerprint,
                    count: 0,
                });
            recorded.count += 1;
        }
        Self { schema: SCHEMA.into(), findings: counted.into_values().collect() }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// A sentence when it is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|e| format!("{} is no baseline: {e}", Self::FILE))?;
        if baseline.schema == SCHEMA {
            Ok(baseline)
        } else {
            Err(format!("{} has the schema `{}`; this smsctl knows `{SCHEMA}`", Self::FILE, baseline.schema))
        }
    }

    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }

    /// How many findings it records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.iter().map(|f| f.count).sum()
    }

    /// Whether it records none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Moves recorded findings to the waived ones and says which records match nothing any more.
    pub fn apply(&self, report: &mut RunReport) {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for recorded in &self.findings {
            *left.entry(&recorded.fingerprint).or_default() += recorded.count;
        }
        let by = WaivedBy { by: "baseline", reason: "recorded in the baseline".into(), owner: None, expires: None };
        for finding in std::mem::take(&mut report.findings) {
            match left.get_mut(fingerprint(&finding).as_str()).filter(|n| **n > 0) {
                Some(count) => {
                    *count -= 1;
                    report.waived.push((finding, by.clone()));
                }
                None => report.findings.push(finding),
            }
        }
        for recorded in &self.findings {
            if left.remove(recorded.fingerprint.as_str()).is_some_and(|unmatched| unmatched > 0) {
                report.findings.extend(gone(recorded));
            }
        }
        report
            .findings
            .sort_by(|a, b| (&a.location, a.rule.name, &a.message).cmp(&(&b.location, b.rule.name, &b.message)));
    }
}

fn gone(recorded: &Recorded) -> Option<ReportFinding> {
    let rule = rules::find("baseline-entry-gone")?;
    let start = Position { line: 1, column: 1 };
    Some(ReportFinding {
        rule,
        severity: Severity::Note,
        message: format!(
            "recorded in the baseline, but gone: {} in {} ({})",
            recorded.rule, recorded.path, recorded.message
        ),
        help: "Well done. Record the baseline again with `smsctl baseline`, so that it cannot come back unseen.".into(),
        clauses: rule.clauses.iter().map(|c| (*c).to_owned()).collect(),
        subject: recorded.subject.clone(),
        location: Location { path: Baseline::FILE.into(), start, end: start },
        related: Vec::new(),
        related_spans: Vec::new(),
        fixable: false,
        span: Span::start_of(FileId(0)),
    })
}

/// Knows a finding again when lines move: rule, file, entity and words, not the place.
pub(crate) fn fingerprint(finding: &ReportFinding) -> String {
    let mut hash = Sha256::new();
    for part in
        [finding.rule.name, &finding.location.path, finding.subject.as_deref().unwrap_or_default(), &finding.message]
    {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}
