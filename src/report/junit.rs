//! JUnit XML, for servers that show test results. A test case is a rule and a file with findings of it; a rule without
//! findings is one passed case, one that was not evaluated or is switched off is skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{ReportFinding, RunReport, concise, full_sentence, printable};
use crate::rules;

/// Name of the case of a rule that found nothing.
const WHOLE: &str = "all files";

/// What is said of a rule in a file.
#[derive(Default)]
struct Case {
    /// Findings that fail the check.
    failures: Vec<String>,
    /// The first of them in words.
    message: String,
    /// Findings below `fail-on` and waived ones.
    remarks: Vec<String>,
    /// Why it was not judged.
    skipped: Option<String>,
}

type Cases = BTreeMap<(&'static str, String), Case>;

/// The report as an XML document.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let cases = cases(report);
    let failures = cases.values().filter(|c| !c.failures.is_empty()).count();
    let skipped = cases.values().filter(|c| c.skipped.is_some()).count();
    let tests = cases.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("name=\"smsctl\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    let _ = writeln!(out, "<testsuites {counts}>\n  <testsuite {counts} skipped=\"{skipped}\">");
    properties(&mut out, report);
    for ((rule, name), case) in &cases {
        write_case(&mut out, rule, name, case);
    }
    let _ = writeln!(out, "    <system-out>{}</system-out>", text(&concise::counts(report)));
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn cases(report: &RunReport) -> Cases {
    let mut cases = Cases::new();
    for finding in &report.findings {
        let case = cases.entry(key(report, finding)).or_default();
        if finding.severity < report.fail_on {
            case.remarks.push(entry(report, finding));
            continue;
        }
        if case.failures.is_empty() {
            case.message = full_sentence(&finding.message);
        }
        case.failures.push(entry(report, finding));
    }
    for (finding, by) in &report.waived {
        let remark = format!("waived ({}: {}): {}", by.by, by.reason, entry(report, finding));
        cases.entry(key(report, finding)).or_default().remarks.push(remark);
    }
    skipped(report, &mut cases);
    passed(&mut cases);
    cases
}

fn key(report: &RunReport, finding: &ReportFinding) -> (&'static str, String) {
    (finding.rule.name, report.shown_path(&finding.location))
}

fn entry(report: &RunReport, finding: &ReportFinding) -> String {
    let help = finding.help.replace('\n', " ");
    let indent = if help.is_empty() { "" } else { "\n    " };
    format!("{}{indent}{help}", concise::line(report, finding))
}

fn skipped(report: &RunReport, cases: &mut Cases) {
    let off = report.off.iter().map(|rule| (*rule, "switched off", "it is switched off in smsctl.toml"));
    let undecided = report.not_evaluated.iter().map(|n| (n.rule, "not evaluated", n.reason.as_str()));
    for (rule, name, reason) in off.chain(undecided) {
        let reasons = cases.entry((rule, name.to_owned())).or_default().skipped.get_or_insert_default();
        let _ = write!(reasons, "{}{reason}", if reasons.is_empty() { "" } else { "; " });
    }
}

fn passed(cases: &mut Cases) {
    let spoken_of: BTreeSet<&str> = cases.keys().map(|(rule, _)| *rule).collect();
    for rule in rules::all().iter().filter(|r| !spoken_of.contains(r.name)) {
        cases.insert((rule.name, WHOLE.to_owned()), Case::default());
    }
}

fn properties(out: &mut String, report: &RunReport) {
    let revision = report.sms.revision.as_deref().map(|commit| ("sms.revision", commit));
    let today = report.sms.today.to_string();
    let all = [
        ("smsctl.version", env!("CARGO_PKG_VERSION")),
        ("sms.organization", &report.sms.organization),
        ("sms.standard", &report.sms.standard),
        ("sms.today", today.as_str()),
    ];
    out.push_str("    <properties>\n");
    let history = report.sms.history_none.then_some(("sms.history", "none"));
    for (name, value) in all.into_iter().chain(revision).chain(history) {
        let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", attribute(value));
    }
    out.push_str("    </properties>\n");
}

fn write_case(out: &mut String, rule: &str, name: &str, case: &Case) {
    let _ = write!(out, "    <testcase classname=\"smsctl.{rule}\" name=\"{}\"", attribute(name));
    if case.failures.is_empty() && case.remarks.is_empty() && case.skipped.is_none() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some(reason) = &case.skipped {
        let _ = writeln!(out, "      <skipped message=\"{}\"/>", attribute(reason));
    }
    if !case.failures.is_empty() {
        let more = case.failures.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        let message = attribute(&format!("{}{more}", case.message));
        let body = text(&case.failures.join("\n"));
        let _ = writeln!(out, "      <failure type=\"{rule}\" message=\"{message}\">{body}</failure>");
    }
    if !case.remarks.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", text(&case.remarks.join("\n")));
    }
    out.push_str("    </testcase>\n");
}

/// Text of an element: markup is escaped, what XML forbids is shown as an escape or replaced.
pub(super) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in printable(value).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}
