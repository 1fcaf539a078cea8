//! The result of the check: what the rules report, as observations by a tool. Findings that fail the check are findings about
//! a clause too; nothing is ever called satisfied, because silence of a rule proves nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clauses::Clauses;
use super::frame::Frame;
use super::parts::{day_prop, explained, link, list, moment, object, prop, sentence, told};
use super::text::line;
use crate::report::ReportFinding;
use crate::rules::{self, WaivedBy};

/// The observations and findings of one check, as they are gathered.
struct Gathered<'g> {
    frame: &'g Frame<'g>,
    clauses: &'g Clauses<'g>,
    at: String,
    seen: BTreeMap<String, usize>,
    observations: Vec<Value>,
    findings: Vec<Value>,
}

/// The result of the check.
pub(super) fn result(frame: &Frame<'_>, clauses: &Clauses<'_>) -> Value {
    let report = frame.facts.report;
    let at = moment(frame.facts.commit.at);
    let (seen, observations, findings) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut gathered = Gathered { frame, clauses, at: at.clone(), seen, observations, findings };
    report.findings.iter().for_each(|f| gathered.add(f, None));
    report.waived.iter().for_each(|(f, by)| gathered.add(f, Some(by)));
    object([
        ("uuid", json!(frame.id("result", &format!("check\n{}", frame.facts.commit.oid)))),
        ("title", json!("Check by smsctl")),
        ("description", json!(told(Some(&description(frame))))),
        ("start", json!(at)),
        ("end", json!(at)),
        ("props", counts(frame)),
        ("local-definitions", json!({"assessment-assets": platform(frame)})),
        ("reviewed-controls", reviewed(frame, clauses)),
        ("observations", list(gathered.observations)),
        ("findings", list(gathered.findings)),
        ("remarks", json!(told(Some(&undecided(frame))))),
    ])
}

fn description(frame: &Frame<'_>) -> String {
    let report = frame.facts.report;
    format!(
        "What the rules of smsctl {} report of the commit {}, with dates judged by {}. Findings of the severity {} or above fail \
         the check.",
        env!("CARGO_PKG_VERSION"),
        frame.facts.commit.oid,
        frame.facts.today,
        report.fail_on.as_str()
    )
}

fn counts(frame: &Frame<'_>) -> Value {
    let counts = frame.facts.report.summary();
    let number = |name: &str, n: usize| prop(name, &n.to_string());
    list([
        number("documents", counts.artifacts),
        number("errors", counts.error),
        number("warnings", counts.warning),
        number("notes", counts.note),
        number("waived", counts.waived),
        number("baselined", counts.baselined),
    ])
}

fn undecided(frame: &Frame<'_>) -> String {
    let report = frame.facts.report;
    let reasons: Vec<String> =
        report.not_evaluated.iter().map(|n| format!("{}: {}", n.rule, sentence(&n.reason))).collect();
    let mut out = match reasons.as_slice() {
        [] => "Every rule that is switched on could decide.".to_owned(),
        some => format!("These rules could not decide.\n\n{}", some.join("\n\n")),
    };
    if !report.off.is_empty() {
        out += &format!("\n\nSwitched off: {}.", report.off.join(", "));
    }
    out
}

fn platform(frame: &Frame<'_>) -> Value {
    let tool = frame.id("tool", "smsctl");
    json!({
        "components": [{
            "uuid": tool,
            "type": "software",
            "title": "smsctl",
            "description": "Checks the documents of a service management system by rules.",
            "props": [prop("version", env!("CARGO_PKG_VERSION"))],
            "status": {"state": "operational"},
        }],
        "assessment-platforms": [{
            "uuid": frame.id("platform", "smsctl"),
            "title": "smsctl",
            "uses-components": [{"component-uuid": tool}],
        }],
    })
}

/// The clauses that rules speak of.
fn reviewed(frame: &Frame<'_>, clauses: &Clauses<'_>) -> Value {
    let report = frame.facts.report;
    let silent = |name: &str| report.off.contains(&name) || report.not_evaluated.iter().any(|n| n.rule == name);
    let ran = rules::all().iter().filter(|r| !silent(r.name));
    let controls = clauses.selection(ran.flat_map(|r| r.clauses.iter().copied()));
    let words = "Clauses that at least one rule speaks of. A rule sees what is written down, so a clause without a finding is \
                 not shown to be met.";
    let selection = match controls {
        Value::Array(none) if none.is_empty() => json!({"include-all": {}, "remarks": NO_CLAUSE}),
        some => json!({"include-controls": some}),
    };
    json!({"description": words, "control-selections": [selection]})
}

const NO_CLAUSE: &str = "No rule names a clause of this catalog. OSCAL cannot say that none was reviewed.";

impl Gathered<'_> {
    fn add(&mut self, finding: &ReportFinding, waived: Option<&WaivedBy>) {
        let key = self.key(finding);
        let observation = self.frame.id("observation", &key);
        let observed = self.observed(finding, waived, &observation);
        self.observations.push(observed);
        let target = finding.clauses.iter().find_map(|c| Some((c, self.clauses.statement(c)?)));
        if let Some((clause, statement)) = target.filter(|_| finding.severity >= self.frame.facts.report.fail_on) {
            let found = self.found(finding, waived, &key, (clause, statement), &observation);
            self.findings.push(found);
        }
    }

    /// What a finding is known by: not by its line, which moves; the second of two alike by its number.
    fn key(&mut self, finding: &ReportFinding) -> String {
        let subject = finding.subject.as_deref().unwrap_or_default();
        let key = [finding.rule.name, &finding.location.path, subject, &finding.message].join("\n");
        let nth = self.seen.entry(key.clone()).or_default();
        *nth += 1;
        format!("{key}\n{nth}")
    }

    fn observed(&self, finding: &ReportFinding, waived: Option<&WaivedBy>, id: &str) -> Value {
        let place = &finding.location;
        let resource = self.frame.home(&place.path);
        let subject = resource.clone().map(|id| json!({"subject-uuid": id, "type": "resource"}));
        let evidence = object([
            ("href", json!(resource.map(|id| format!("#{id}")))),
            ("description", json!(told(Some(&format!("{}, line {}", place.path, place.start.line))))),
        ]);
        object([
            ("uuid", json!(id)),
            ("title", json!(line(finding.rule.name))),
            ("description", json!(told(Some(&sentence(&finding.message))))),
            ("props", list(self.props(finding, waived))),
            ("methods", json!(["TEST"])),
            ("types", json!(["finding"])),
            ("origins", self.tool()),
            ("subjects", list(subject)),
            ("relevant-evidence", list([evidence])),
            ("collected", json!(self.at)),
            ("remarks", json!(super::text::prose(&finding.help))),
        ])
    }

    fn found(
        &self,
        finding: &ReportFinding,
        waived: Option<&WaivedBy>,
        key: &str,
        (clause, statement): (&String, String),
        observation: &str,
    ) -> Value {
        let message = sentence(&finding.message);
        let status = match waived {
            Some(by) => json!({"state": "not-satisfied", "reason": "other", "remarks": told(Some(&by.reason))}),
            None => json!({"state": "not-satisfied", "reason": "fail"}),
        };
        object([
            ("uuid", json!(self.frame.id("finding", key))),
            ("title", json!(line(&message).or_else(|| line(finding.rule.name)))),
            ("description", json!(told(Some(&message)))),
            ("props", list(self.props(finding, waived))),
            ("links", list([link(self.frame.home(&finding.location.path), "reference")])),
            ("origins", self.tool()),
            (
                "target",
                json!({
                    "type": "statement-id",
                    "target-id": statement,
                    "title": line(&self.clauses.name(clause)),
                    "status": status,
                }),
            ),
            ("related-observations", json!([{"observation-uuid": observation}])),
        ])
    }

    fn props(&self, finding: &ReportFinding, waived: Option<&WaivedBy>) -> Vec<Value> {
        let mut out = vec![
            prop("rule", finding.rule.name),
            prop("severity", finding.severity.as_str()),
            prop("subject", finding.subject.as_deref().unwrap_or_default()),
        ];
        out.extend(finding.clauses.iter().map(|c| prop("clause", c)));
        if let Some(by) = waived {
            out.push(explained("waived-by", by.by, &by.reason));
            out.push(day_prop("waived-until", by.expires));
            // An owner may be written as a name; only a role is told.
            let owner = by.owner.as_deref().filter(|o| self.frame.facts.ws.entity(o).is_some_and(|e| e.is("role")));
            out.push(prop("waiver-owner", &owner.map(|o| self.frame.facts.role(o)).unwrap_or_default()));
        }
        out
    }

    fn tool(&self) -> Value {
        json!([{"actors": [{"type": "tool", "actor-uuid": self.frame.id("tool", "smsctl")}]}])
    }
}
