//! The JSON report: a contract (`smsctl-report/1`), described by `schemas/report.schema.json`.

use serde_json::{Value, json};

use super::{Location, ReportFinding, RunReport};

/// The report as pretty JSON with a final line break.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let summary = report.summary();
    let value = json!({
        "schema": "smsctl-report/1",
        "tool": {"name": "smsctl", "version": env!("CARGO_PKG_VERSION")},
        "sms": {
            "organization": report.sms.organization,
            "standard": report.sms.standard,
            "root": report.sms.root,
            "revision": report.sms.revision,
            "dirty": report.sms.dirty,
            "today": report.sms.today.to_string(),
            "history": report.sms.history_none.then_some("none"),
        },
        "summary": {
            "artifacts": summary.artifacts,
            "entities": summary.entities,
            "error": summary.error,
            "warning": summary.warning,
            "note": summary.note,
            "waived": summary.waived,
            "baselined": summary.baselined,
            "not_evaluated": summary.not_evaluated,
        },
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "waived": report.waived.iter().map(|(f, by)| {
            let mut value = finding(f);
            let mut waiver = json!({"by": by.by, "reason": by.reason});
            if let Some(owner) = &by.owner {
                waiver["owner"] = json!(owner);
            }
            if let Some(expires) = by.expires {
                waiver["expires"] = json!(expires.to_string());
            }
            value["waiver"] = waiver;
            value
        }).collect::<Vec<_>>(),
        "not_evaluated": report.not_evaluated.iter()
            .map(|n| json!({"rule": n.rule, "reason": n.reason})).collect::<Vec<_>>(),
        "left_out": {"rules": report.off, "files": report.excluded},
    });
    format!("{value:#}\n")
}

fn finding(finding: &ReportFinding) -> Value {
    json!({
        "rule": finding.rule.name,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "clauses": finding.clauses,
        "subject": finding.subject,
        "location": location(&finding.location),
        "related": finding.related.iter()
            .map(|(place, message)| json!({"location": location(place), "message": message})).collect::<Vec<_>>(),
        "fixable": finding.fixable,
    })
}

fn location(location: &Location) -> Value {
    json!({
        "path": location.path,
        "start": {"line": location.start.line, "column": location.start.column},
        "end": {"line": location.end.line, "column": location.end.column},
    })
}
