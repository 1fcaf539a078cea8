//! One line a finding: `path:line:column: severity[rule] message`.

use std::fmt::Write as _;

use super::{RunReport, printable};

/// The report as lines; the last one counts.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let place = finding.location.start;
        let path = printable(&report.shown_path(&finding.location));
        let message = printable(&finding.message).replace('\n', " ");
        let severity = finding.severity.as_str();
        let _ = writeln!(out, "{path}:{}:{}: {severity}[{}] {message}", place.line, place.column, finding.rule.name);
    }
    let s = report.summary();
    let _ = writeln!(
        out,
        "{} artifacts, {} entities: {} errors, {} warnings, {} notes; {} waived, {} in the baseline, {} rules not evaluated",
        s.artifacts, s.entities, s.error, s.warning, s.note, s.waived, s.baselined, s.not_evaluated
    );
    out
}
