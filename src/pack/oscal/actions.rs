//! The plan of action and milestones: every nonconformity with its cause, correction and corrective actions, open or closed.

use serde_json::{Value, json};

use super::clauses::Clauses;
use super::frame::{About, Frame};
use super::parts::{day, day_prop, link, list, moment, object, prop, sentence, told};
use super::text::{line, prose};
use crate::document::Node;
use crate::report::sentence as large;
use crate::workspace::EntityView;

/// `plan-of-action-and-milestones.json`; none without a nonconformity.
pub(super) fn plan(frame: &Frame<'_>, clauses: &Clauses<'_>) -> Option<Vec<u8>> {
    let mut entities: Vec<EntityView<'_>> =
        frame.facts.ws.of_type("nonconformity").filter(|n| n.artifact().is_current()).collect();
    entities.sort_by_key(|n| (n.date("raised_on"), n.id()));
    let cases: Vec<Case<'_>> =
        entities.into_iter().map(|entity| Case { frame, clauses, entity, key: frame.key(entity) }).collect();
    if cases.is_empty() {
        return None;
    }
    let system = json!({"identifier-type": "http://ietf.org/rfc/rfc4122", "id": frame.id("system", "sms")});
    let body = vec![
        ("system-id", system),
        ("observations", list(cases.iter().map(Case::observation))),
        ("risks", list(cases.iter().map(Case::risk))),
        ("findings", list(cases.iter().map(Case::finding))),
        ("poam-items", list(cases.iter().map(Case::item))),
    ];
    let title = format!("Nonconformities and corrective actions of {}", frame.organization());
    Some(frame.file("plan-of-action-and-milestones", About { title: &title, note: "" }, body, Vec::new()))
}

/// A nonconformity.
struct Case<'a> {
    frame: &'a Frame<'a>,
    clauses: &'a Clauses<'a>,
    entity: EntityView<'a>,
    key: String,
}

impl<'a> Case<'a> {
    fn id(&self, what: &str) -> String {
        self.frame.id(what, &self.key)
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        self.entity.str(field)
    }

    fn title(&self) -> Value {
        json!(line(&format!("{} {}", self.entity.id(), self.entity.label())))
    }

    fn raised_by(&self) -> Value {
        self.frame.actor(self.text("raised_by"))
    }

    fn observation(&self) -> Value {
        // The day it was raised; the day of the commit where none is written.
        let raised = day(self.entity.date("raised_on"));
        let collected = if raised.is_null() { json!(moment(self.frame.facts.commit.at)) } else { raised };
        let evidence = self.text("evidence").map(|e| json!({"description": told(Some(e))}));
        object([
            ("uuid", json!(self.id("observation"))),
            ("title", self.title()),
            ("description", json!(told(self.text("statement")))),
            ("methods", json!(["UNKNOWN"])),
            ("types", json!(["finding"])),
            ("origins", self.raised_by()),
            ("relevant-evidence", list(evidence)),
            ("collected", collected),
        ])
    }

    /// What was found stays found: that it is mended is said by the risk, which is then closed.
    fn finding(&self) -> Value {
        let Some(clause) = self.text("clause") else { return Value::Null };
        let Some(target) = self.clauses.statement(clause) else { return Value::Null };
        object([
            ("uuid", json!(self.id("finding"))),
            ("title", self.title()),
            ("description", json!(told(self.text("statement")))),
            ("origins", self.raised_by()),
            (
                "target",
                json!({
                    "type": "statement-id",
                    "target-id": target,
                    "title": line(&self.clauses.name(clause)),
                    "status": {"state": "not-satisfied", "reason": "fail"},
                }),
            ),
            ("related-observations", json!([{"observation-uuid": self.id("observation")}])),
            ("related-risks", json!([{"risk-uuid": self.id("risk")}])),
        ])
    }

    fn risk(&self) -> Value {
        let cause = self.text("root_cause").map_or_else(
            || "The cause is not written down yet.".to_owned(),
            |cause| format!("Cause: {}", sentence(cause)),
        );
        object([
            ("uuid", json!(self.id("risk"))),
            ("title", self.title()),
            ("description", json!(told(self.text("statement")))),
            ("statement", json!(told(Some(&cause)))),
            ("props", list([prop("cause-found-by", self.text("root_cause_method").unwrap_or_default())])),
            ("status", json!(self.status())),
            ("origins", self.raised_by()),
            ("deadline", self.deadline()),
            ("remediations", list(self.remediations())),
            ("risk-log", self.log()),
            ("related-observations", json!([{"observation-uuid": self.id("observation")}])),
        ])
    }

    fn status(&self) -> &'static str {
        match self.text("status") {
            Some("closed") => "closed",
            Some("planned" | "in-progress" | "implemented" | "verified") => "remediating",
            _ => "open",
        }
    }

    /// The correction, then the corrective actions, each with what it is to the case.
    fn actions(&self) -> impl Iterator<Item = (&'static str, &'a Node)> {
        let node = self.entity.node();
        let correction = node.get("correction").map(|c| ("correction", c));
        correction.into_iter().chain(node.list("corrective_actions").iter().map(|a| ("corrective action", a)))
    }

    /// The last day by which something that is not done is to be done.
    fn deadline(&self) -> Value {
        let open = self.actions().filter(|(_, a)| a.get("done_on").is_none() && self.status() != "closed");
        day(open.filter_map(|(_, a)| a.date("due_on")).max())
    }

    fn remediations(&self) -> Vec<Value> {
        self.actions().enumerate().map(|(n, (what, action))| self.remediation(n, what, action)).collect()
    }

    fn remediation(&self, nth: usize, what: &str, action: &'a Node) -> Value {
        let key = format!("{}\n{nth}", self.key);
        let done = action.get("done_on").is_some();
        let text = action.str("text");
        let evidence = action.texts("evidence_refs").map(|(id, _)| link(self.frame.evidence(id), "evidence"));
        object([
            ("uuid", json!(self.frame.id("remediation", &key))),
            ("lifecycle", json!(if done { "completed" } else { "planned" })),
            ("title", json!(line(&large(what)))),
            ("description", json!(told(text.map(sentence).as_deref()))),
            ("props", list([prop("type", what), day_prop("done-on", action.date("done_on"))])),
            ("links", list(once_each(evidence))),
            ("origins", self.frame.actor(action.str("owner"))),
            ("tasks", list([self.milestone(&key, text, action)])),
        ])
    }

    /// When it is due and who sees to it; nothing when neither is written.
    fn milestone(&self, key: &str, text: Option<&str>, action: &Node) -> Value {
        let due = day(action.date("due_on"));
        if due.is_null() {
            return Value::Null;
        }
        object([
            ("uuid", json!(self.frame.id("milestone", key))),
            ("type", json!("milestone")),
            ("title", json!(text.and_then(|t| line(&large(t))).unwrap_or_else(|| "Due".into()))),
            ("timing", json!({"on-date": {"date": due}})),
            ("responsible-roles", self.frame.responsible(action.str("owner"))),
        ])
    }

    /// What happened on which day.
    fn log(&self) -> Value {
        let check = self.entity.node().get("effectiveness");
        let worked = match check.and_then(|c| c.bool("effective")) {
            Some(true) => "Effect checked: the cause is gone",
            Some(false) => "Effect checked: the actions did not work",
            None => "Effect checked: no result written down",
        };
        let entries = [
            ("raised", "Raised", self.entity.date("raised_on"), "open"),
            ("checked", worked, check.and_then(|c| c.date("checked_on")), ""),
            ("closed", "Closed", self.entity.date("closed_on"), "closed"),
        ];
        let entries = list(entries.into_iter().map(|(what, title, on, status)| {
            let start = day(on);
            if start.is_null() {
                return Value::Null;
            }
            let id = json!(self.id(what));
            let status = (!status.is_empty()).then_some(status);
            object([("uuid", id), ("title", json!(title)), ("start", start), ("status-change", json!(status))])
        }));
        if entries == json!([]) { Value::Null } else { json!({"entries": entries}) }
    }

    fn item(&self) -> Value {
        let finding = self.finding();
        let finding = finding.get("uuid").map(|id| json!({"finding-uuid": id}));
        let facts = [
            prop("nonconformity", self.entity.id()),
            prop("status", self.text("status").unwrap_or_default()),
            prop("grade", self.text("grade").unwrap_or_default()),
            prop("source", self.text("source").unwrap_or_default()),
            prop("source-ref", self.text("source_ref").unwrap_or_default()),
            prop("clause", self.text("clause").unwrap_or_default()),
            prop("owner", &self.text("owner").map(|o| self.frame.facts.role(o)).unwrap_or_default()),
            day_prop("raised-on", self.entity.date("raised_on")),
            day_prop("closed-on", self.entity.date("closed_on")),
        ];
        object([
            ("uuid", json!(self.id("item"))),
            ("title", self.title()),
            ("description", json!(told(self.text("statement")))),
            ("props", list(facts)),
            ("links", list([link(self.frame.file_of(self.entity.artifact()), "reference")])),
            ("origins", self.raised_by()),
            ("related-findings", list(finding)),
            ("related-observations", json!([{"observation-uuid": self.id("observation")}])),
            ("related-risks", json!([{"risk-uuid": self.id("risk")}])),
            ("remarks", json!(self.remarks())),
        ])
    }

    fn remarks(&self) -> Option<String> {
        let said =
            [("At once", "containment"), ("Elsewhere", "similar_cases"), ("No corrective action", "no_action_reason")];
        let said = said.into_iter().filter_map(|(label, field)| Some(format!("{label}: {}", self.text(field)?)));
        prose(&said.collect::<Vec<_>>().join("\n\n"))
    }
}

/// Each value once, in the order they come.
fn once_each(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for value in values {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
