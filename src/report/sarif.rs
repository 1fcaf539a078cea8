//! The report as SARIF 2.1.0, for code scanning and viewers. Waived findings stay in it as suppressed results.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Location, ReportFinding, RunReport, fingerprint, full_sentence, sentence, why};
use crate::finding::Severity;
use crate::rules::{self, Level, NotEvaluated, Rule, WaivedBy};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Viewers refuse rules with more tags.
const MAX_TAGS: usize = 20;

/// The report as pretty JSON with a final line break.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let rules = Rules::of(report);
    let standing = report.findings.iter().map(|f| result(report, &rules, f));
    let waived = report.waived.iter().map(|(finding, by)| {
        let mut value = result(report, &rules, finding);
        value["suppressions"] = json!([suppression(by)]);
        value
    });
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "smsctl",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.0.iter().map(|r| descriptor(r)).collect::<Vec<_>>(),
            }},
            "invocations": [invocation(report, &rules)],
            "columnKind": "unicodeCodePoints",
            "results": standing.chain(waived).collect::<Vec<_>>(),
            "properties": {
                "organization": report.sms.organization,
                "standard": report.sms.standard,
                "revision": report.sms.revision,
                "dirty": report.sms.dirty,
                "today": report.sms.today.to_string(),
                "history": report.sms.history_none.then_some("none"),
            },
        }],
    });
    format!("{value:#}\n")
}

/// The document of a run that could not be made.
pub(super) fn failed(said: &str) -> String {
    let driver =
        json!({"name": "smsctl", "version": env!("CARGO_PKG_VERSION"), "semanticVersion": env!("CARGO_PKG_VERSION")});
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "invocations": [{
                "executionSuccessful": false,
                "exitCode": 2,
                "toolExecutionNotifications": [{"level": "error", "message": {"text": said}}],
            }],
            "results": [],
        }],
    });
    format!("{value:#}\n")
}

/// The rules a report speaks of, sorted by name.
struct Rules(Vec<&'static Rule>);

impl Rules {
    fn of(report: &RunReport) -> Self {
        let standing = report.findings.iter().map(|f| f.rule.name);
        let waived = report.waived.iter().map(|(f, _)| f.rule.name);
        let names: BTreeSet<&str> = standing.chain(waived).chain(report.not_evaluated.iter().map(|n| n.rule)).collect();
        Self(names.into_iter().filter_map(rules::find).collect())
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by_key(&name, |r| r.name).ok()
    }
}

fn descriptor(rule: &Rule) -> Value {
    let summary = full_sentence(rule.summary);
    // The page without its heading; the rule's name stands above it in every viewer.
    let page = rule.docs.split_once('\n').map_or("", |(_, body)| body.trim());
    let page = if page.is_empty() { &summary } else { page };
    let tags: Vec<String> = rule.clauses.iter().take(MAX_TAGS).map(|c| format!("iso-20000-1/{c}")).collect();
    json!({
        "id": rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": match rule.level {
            Level::Always(severity) => severity.as_str(),
            Level::ErrorOnceApproved => Severity::Error.as_str(),
        }},
        "properties": {"tags": tags},
    })
}

fn invocation(report: &RunReport, rules: &Rules) -> Value {
    let notes: Vec<Value> = report.not_evaluated.iter().map(|n| notification(n, rules)).collect();
    json!({
        "executionSuccessful": true,
        "exitCode": report.exit_status().code(),
        "toolExecutionNotifications": notes,
    })
}

fn notification(entry: &NotEvaluated, rules: &Rules) -> Value {
    let mut rule = json!({"id": entry.rule});
    if let Some(index) = rules.index(entry.rule) {
        rule["index"] = json!(index);
    }
    json!({
        "level": "note",
        "message": {"text": full_sentence(&format!("not evaluated: {}", entry.reason))},
        "associatedRule": rule,
    })
}

fn result(report: &RunReport, rules: &Rules, finding: &ReportFinding) -> Value {
    let mut place = location(report, &finding.location);
    if let Some(subject) = &finding.subject {
        place["logicalLocations"] = json!([{"name": subject}]);
    }
    let mut value = json!({
        "ruleId": finding.rule.name,
        "ruleIndex": rules.index(finding.rule.name),
        "level": finding.severity.as_str(),
        "message": {"text": message(finding)},
        "locations": [place],
        "partialFingerprints": {"smsctl/v1": fingerprint(finding)},
        "properties": {"clauses": finding.clauses, "fixable": finding.fixable},
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|(at, what)| {
            let mut related = location(report, at);
            related["message"] = json!({"text": sentence(what)});
            related
        });
        value["relatedLocations"] = related.collect();
    }
    value
}

/// What is wrong, what to do next, and why it matters: viewers show little beside the message.
fn message(finding: &ReportFinding) -> String {
    let parts = [full_sentence(&finding.message), finding.help.clone(), full_sentence(&why(finding))];
    parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join("\n")
}

fn location(report: &RunReport, place: &Location) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&report.shown_path(place))},
        "region": {
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.end.line,
            "endColumn": place.end.column,
        },
    }})
}

fn suppression(by: &WaivedBy) -> Value {
    let kind = if by.by == "inline" { "inSource" } else { "external" };
    let mut why = by.reason.clone();
    if let Some(owner) = &by.owner {
        let _ = write!(why, "; owner {owner}");
    }
    if let Some(expires) = by.expires {
        let _ = write!(why, "; until {expires}");
    }
    json!({"kind": kind, "status": "accepted", "justification": why})
}

/// A path as URI reference; an absolute one as `file:` URI.
fn uri(path: &str) -> String {
    let drive = path.get(1..3) == Some(":/");
    let mut out = String::from(match (drive, path.starts_with('/')) {
        (true, _) => "file:///",
        (false, true) => "file://",
        (false, false) => "",
    });
    for (at, byte) in path.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (drive && at == 1) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("policies/a b,50%:é.md"), "policies/a%20b%2C50%25%3A%C3%A9.md");
        assert_eq!(uri("../sms/a.md"), "../sms/a.md");
        assert_eq!(uri("/srv/sms/a#1.md"), "file:///srv/sms/a%231.md");
        assert_eq!(uri("C:/sms/a.md"), "file:///C:/sms/a.md");
    }
}
