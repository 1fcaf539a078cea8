//! The internal audits that were held, each a result of its own, and the file that holds all results.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::clauses::Clauses;
use super::frame::{About, Frame};
use super::parts::{day, day_prop, link, list, object, prop, sentence, told};
use super::text::{line, plain};
use crate::document::Node;
use crate::workspace::{ArtifactView, EntityView};

/// The results of all audits held, oldest first, and why an audit is not among them.
pub(super) fn results(frame: &Frame<'_>, clauses: &Clauses<'_>) -> (Vec<Value>, Vec<String>) {
    let held = |a: &EntityView<'_>| !a.is_retired() && a.has("held_on");
    let mut audits: Vec<EntityView<'_>> = frame.facts.ws.of_type("audit").filter(held).collect();
    audits.sort_by_key(|a| (a.date("held_on"), a.id()));
    let (mut out, mut unheard) = (Vec::new(), Vec::new());
    for entity in audits {
        let audit = Audit { frame, clauses, entity, key: frame.key(entity) };
        match audit.result() {
            Ok(result) => out.push(result),
            Err(why) => unheard.push(format!("The audit {} is left out: {why}.", entity.id())),
        }
    }
    (out, unheard)
}

/// `assessment-results.json`.
pub(super) fn assessment(frame: &Frame<'_>, check: Value, audits: Vec<Value>) -> Vec<u8> {
    let (plan, resource) = basis(frame);
    let results = list(std::iter::once(check).chain(audits));
    let body = vec![("import-ap", json!({"href": format!("#{plan}"), "remarks": NO_PLAN})), ("results", results)];
    let title = format!("Check and internal audits of {}", frame.organization());
    frame.file("assessment-results", About { title: &title, note: "" }, body, vec![resource])
}

const NO_PLAN: &str = "There is no assessment plan in OSCAL. The resource says what the results rest on.";

/// What stands for the assessment plan that OSCAL asks for.
fn basis(frame: &Frame<'_>) -> (String, Value) {
    let id = frame.id("resource", "basis of assessment");
    let words = "The check follows the rules of smsctl; what each rule looks at is told by its page in the documentation. \
                 Internal audits follow the audit programme and the plan of each audit, which are documents of the service \
                 management system.";
    let rules = json!({"href": env!("CARGO_PKG_REPOSITORY")});
    let registers = frame.facts.ws.register("internal-audits").filter(|a| a.kind() == "register");
    let registers: BTreeSet<&str> = registers.map(ArtifactView::path).collect();
    let resource = object([
        ("uuid", json!(id)),
        ("title", json!("What the results rest on")),
        ("description", json!(words)),
        ("props", list([prop("tool", "smsctl"), prop("tool-version", env!("CARGO_PKG_VERSION"))])),
        ("rlinks", list(std::iter::once(rules).chain(registers.into_iter().map(|path| frame.rlink(path))))),
    ]);
    (id, resource)
}

struct Audit<'a> {
    frame: &'a Frame<'a>,
    clauses: &'a Clauses<'a>,
    entity: EntityView<'a>,
    key: String,
}

/// Something an audit brought to light.
struct Found<'a> {
    key: String,
    id: &'a str,
    grade: &'a str,
    clause: &'a str,
    statement: Option<&'a str>,
    evidence: Option<&'a str>,
    nonconformity: Option<&'a str>,
}

impl<'a> Audit<'a> {
    fn result(&self) -> Result<Value, &'static str> {
        let (frame, audit) = (self.frame, self.entity);
        let start = day(audit.date("held_on"));
        let controls = self.clauses.selection(audit.node().texts("clauses").map(|(c, _)| c));
        if start.is_null() {
            return Err("the day it was held on is no day that OSCAL can write");
        }
        if controls == json!([]) {
            return Err("it names no clause of the catalog, and OSCAL asks for one");
        }
        let found = self.found();
        Ok(object([
            ("uuid", json!(frame.id("result", &self.key))),
            ("title", json!(line(&format!("Internal audit {}: {}", audit.id(), audit.label())))),
            ("description", json!(told(Some(&self.description(found.len()))))),
            ("start", start.clone()),
            ("props", list(self.props())),
            ("links", list(self.links())),
            ("reviewed-controls", json!({"control-selections": [{"include-controls": controls}]})),
            ("observations", list(found.iter().map(|f| self.observation(f, &start)))),
            ("findings", list(found.iter().map(|f| self.finding(f)))),
        ]))
    }

    fn description(&self, found: usize) -> String {
        let criteria = self.entity.str("criteria").and_then(plain).unwrap_or_else(|| "not written down".into());
        let results = if found == 1 { "1 result".to_owned() } else { format!("{found} results") };
        format!("Internal audit with {results}. Judged against: {}", sentence(&criteria))
    }

    fn props(&self) -> Vec<Value> {
        let audit = self.entity;
        let node = audit.node();
        let (lead, others) = (audit.str("lead_auditor"), node.texts("auditors").map(|(r, _)| r));
        let independent = if node.bool("independence_check") == Some(true) { "checked" } else { "not recorded" };
        let mut out = vec![
            prop("audit-id", audit.id()),
            prop("status", audit.str("status").unwrap_or_default()),
            day_prop("planned-on", audit.date("planned_on")),
            day_prop("reported-on", audit.date("reported_on")),
            prop("independence", independent),
            prop("lead-auditor", &lead.map(|r| self.frame.facts.role(r)).unwrap_or_default()),
        ];
        out.extend(others.map(|r| prop("auditor", &self.frame.facts.role(r))));
        out
    }

    /// Its record, plan and report, each document once.
    fn links(&self) -> Vec<Value> {
        let named = |field: &str| self.entity.str(field).and_then(|id| self.frame.evidence(id));
        let own = self.frame.file_of(self.entity.artifact());
        let all = [(own, "record"), (named("plan_ref"), "plan"), (named("report_ref"), "report")];
        let mut seen = BTreeSet::new();
        all.into_iter()
            .filter(|(to, _)| to.as_ref().is_some_and(|id| seen.insert(id.clone())))
            .map(|(to, rel)| link(to, rel))
            .collect()
    }

    /// The findings in the record, then nonconformities raised from the audit itself.
    fn found(&self) -> Vec<Found<'a>> {
        let (entity, key) = (self.entity, &self.key);
        let items = entity.node().list("findings").iter().enumerate();
        let mut out: Vec<Found<'_>> = items.map(|(n, item)| Found::of_item(item, format!("{key}\n{n}"))).collect();
        let told: BTreeSet<&str> = out.iter().filter_map(|f| f.nonconformity).collect();
        let raised = entity.referrers_by("nonconformity", "source_ref");
        let more: BTreeSet<&str> = raised.filter(|n| !n.is_retired()).map(EntityView::id).collect();
        let more = more.into_iter().filter(|id| !told.contains(id)).filter_map(|id| entity.ws.entity(id));
        out.extend(more.map(|n| Found::of_nonconformity(n, format!("{key}\n{}", n.id()))));
        out
    }

    fn observation(&self, found: &Found<'_>, held: &Value) -> Value {
        let weighs = matches!(found.grade, "major" | "minor");
        object([
            ("uuid", json!(self.frame.id("observation", &found.key))),
            ("title", json!(line(&found.title()))),
            ("description", json!(told(found.statement))),
            ("props", list(found.props())),
            ("methods", json!(["UNKNOWN"])),
            ("types", json!([if weighs { "finding" } else { "discovery" }])),
            ("origins", self.frame.actor(self.entity.str("lead_auditor"))),
            ("relevant-evidence", list(found.evidence.map(|e| json!({"description": told(Some(e))})))),
            ("collected", held.clone()),
        ])
    }

    /// Only a nonconformity says that a clause is not met. Nothing an audit praises says that a whole clause is.
    fn finding(&self, found: &Found<'_>) -> Value {
        let Some(target) = self.clauses.statement(found.clause).filter(|_| matches!(found.grade, "major" | "minor"))
        else {
            return Value::Null;
        };
        object([
            ("uuid", json!(self.frame.id("finding", &found.key))),
            ("title", json!(line(&found.title()))),
            ("description", json!(told(found.statement))),
            ("props", list(found.props())),
            ("links", list([link(found.nonconformity.and_then(|id| self.frame.evidence(id)), "corrective-action")])),
            ("origins", self.frame.actor(self.entity.str("lead_auditor"))),
            (
                "target",
                json!({
                    "type": "statement-id",
                    "target-id": target,
                    "title": line(&self.clauses.name(found.clause)),
                    "status": {"state": "not-satisfied", "reason": "fail"},
                }),
            ),
            ("related-observations", json!([{"observation-uuid": self.frame.id("observation", &found.key)}])),
        ])
    }
}

impl<'a> Found<'a> {
    fn of_item(item: &'a Node, key: String) -> Self {
        let text = |field: &str| item.str(field);
        Self {
            key,
            id: text("id").unwrap_or_default(),
            grade: text("grade").unwrap_or_default(),
            clause: text("clause").unwrap_or_default(),
            statement: text("statement"),
            evidence: text("evidence"),
            nonconformity: text("nc_ref"),
        }
    }

    fn of_nonconformity(entity: EntityView<'a>, key: String) -> Self {
        let found = Self::of_item(entity.node(), key);
        Self { id: entity.id(), nonconformity: Some(entity.id()), ..found }
    }

    fn title(&self) -> String {
        let kind = match self.grade {
            "major" => "major nonconformity",
            "minor" => "minor nonconformity",
            "opportunity" => "opportunity for improvement",
            "positive" => "good practice",
            _ => "observation",
        };
        format!("{} {kind}", self.id).trim().to_owned()
    }

    fn props(&self) -> Vec<Value> {
        let nonconformity = self.nonconformity.unwrap_or_default();
        vec![
            prop("finding-id", self.id),
            prop("grade", self.grade),
            prop("clause", self.clause),
            prop("nonconformity", nonconformity),
        ]
    }
}
