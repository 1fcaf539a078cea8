//! One line a finding: `path:line:column: severity[rule] message`.

use std::fmt::Write as _;

use super::{HISTORY_NONE, ReportFinding, RunReport, count, grouped, printable, printable_line};

/// The report as lines; the last one counts.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let _ = writeln!(out, "{}", line(report, finding));
    }
    out + &not_evaluated(report) + &counts(report) + "\n"
}

/// A finding on one line.
pub(super) fn line(report: &RunReport, finding: &ReportFinding) -> String {
    let place = finding.location.start;
    let path = printable_line(&report.shown_path(&finding.location));
    let message = printable(&finding.message).replace(['\n', '\t'], " ");
    let severity = finding.severity.as_str();
    format!("{path}:{}:{}: {severity}[{}] {message}", place.line, place.column, finding.rule.name)
}

/// A line for each reason why rules were not evaluated, with the rules; and one when there is no history to judge.
pub(super) fn not_evaluated(report: &RunReport) -> String {
    let mut out = String::new();
    for (reason, rules) in grouped(&report.not_evaluated) {
        let _ = writeln!(out, "not evaluated[{}] {}", rules.join(", "), printable(reason).replace('\n', " "));
    }
    if report.sms.history_none {
        let _ = writeln!(out, "history none: {HISTORY_NONE}");
    }
    out
}

/// The line that counts.
pub(super) fn counts(report: &RunReport) -> String {
    let s = report.summary();
    format!(
        "{}, {}: {}, {}, {}; {} waived, {} in the baseline, {} not evaluated",
        count(s.artifacts, "artifact"),
        count(s.entities, "entity"),
        count(s.error, "error"),
        count(s.warning, "warning"),
        count(s.note, "note"),
        s.waived,
        s.baselined,
        count(s.not_evaluated, "rule")
    )
}
