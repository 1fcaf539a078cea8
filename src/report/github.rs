//! Workflow commands: GitHub turns each line into an annotation beside the changed lines of a pull request.

use std::fmt::Write as _;

use super::{HISTORY_NONE, ReportFinding, RunReport, concise, full_sentence, grouped, printable, printable_line};
use crate::finding::Severity;

/// One command a finding, one notice for rules that were not evaluated, and a plain line that counts.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        command(&mut out, report, finding);
    }
    if !report.not_evaluated.is_empty() {
        let lines = grouped(&report.not_evaluated);
        let lines = lines.into_iter().map(|(reason, rules)| format!("{}: {}", rules.join(", "), printable(reason)));
        let text = lines.collect::<Vec<_>>().join("\n");
        let _ = writeln!(out, "::notice title={}::{}", property("smsctl: not evaluated"), data(&text));
    }
    if report.sms.history_none {
        let _ = writeln!(out, "::notice title={}::{}", property("smsctl: no history"), data(HISTORY_NONE));
    }
    let _ = writeln!(out, "{}", concise::counts(report));
    out
}

fn command(out: &mut String, report: &RunReport, finding: &ReportFinding) {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = (finding.location.start, finding.location.end);
    let path = property(&printable_line(&report.shown_path(&finding.location)));
    let _ = write!(out, "::{name} file={path},line={}", start.line);
    // GitHub refuses columns when the lines differ.
    let _ = if start.line == end.line {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        write!(out, ",endLine={}", end.line)
    };
    let mut text = full_sentence(&printable(&finding.message));
    if !finding.help.is_empty() {
        let _ = write!(text, "\n{}", printable(&finding.help));
    }
    let _ = writeln!(out, ",title={}::{}", property(finding.rule.name), data(&text));
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
