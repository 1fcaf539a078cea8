//! What a name means: a rule, a policy requirement, a kind, a register, a clause, a toolkit entry, an entity of the SMS.
//!
//! Each answer is a page of Markdown and a JSON value with the same facts.

mod entity;
mod readiness;
mod schema;
mod standard;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::rules::{self, Level, Rule};
use crate::schema::SchemaSet;
use crate::workspace::Workspace;

/// One answer.
#[derive(Clone, Debug)]
pub struct Topic {
    /// `rule`, `requirement`, `kind`, `register`, `clause`, `toolkit-entry`, `question`, `stage`, `timing`, `entity`.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    /// The answer for people, in Markdown.
    pub page: String,
    /// The answer for programs.
    pub json: Value,
}

/// Everything a name means, most special first; nothing when it means nothing. Case does not count.
#[must_use]
pub fn explain(name: &str, ws: Option<&Workspace>) -> Vec<Topic> {
    let lower = name.trim().to_lowercase();
    let built_in = SchemaSet::default();
    let schemas = ws.map_or(&built_in, |ws| &ws.schemas);
    let mut out: Vec<Topic> = rules::find(&lower).map(rule).into_iter().collect();
    out.extend(requirement(&lower.to_uppercase()));
    out.extend(standard::clause(&lower, ws));
    out.extend(schema::kind(&lower, schemas));
    out.extend(schema::register(&lower, schemas));
    out.extend(standard::entry(&lower, ws));
    out.extend(readiness::question(&lower, catalog(ws)));
    out.extend(readiness::stage(&lower));
    out.extend(readiness::timing(&lower));
    out.extend(ws.and_then(|ws| entity::entity(name.trim(), ws)));
    out
}

/// All names that can be explained, for suggestions.
#[must_use]
pub fn names(ws: Option<&Workspace>) -> Vec<String> {
    let built_in = SchemaSet::default();
    let schemas = ws.map_or(&built_in, |ws| &ws.schemas);
    let catalog = catalog(ws);
    let mut out: Vec<String> = rules::all().iter().map(|r| r.name.to_owned()).collect();
    out.extend(rules::all().iter().flat_map(|r| r.requirements).map(|n| requirement_id(*n)));
    out.extend(schemas.kinds().chain(schemas.registers()).map(str::to_owned));
    out.extend(catalog.clauses().iter().map(|c| c.id.clone()));
    out.extend(catalog.entries().iter().map(|e| e.id.clone()));
    out.extend(readiness::names(catalog));
    out.extend(ws.into_iter().flat_map(|ws| ws.entities.iter().map(|e| e.id.clone())));
    out
}

/// The catalogue of an SMS, or the built-in one.
fn catalog(ws: Option<&Workspace>) -> &Catalog {
    match ws {
        Some(ws) => &ws.catalog,
        None => Catalog::get(),
    }
}

fn requirement_id(number: u16) -> String {
    format!("P-{number:03}")
}

/// The severity of a rule in words.
fn level(rule: &Rule) -> &'static str {
    match rule.level {
        Level::Always(severity) => severity.as_str(),
        Level::ErrorOnceApproved => "error once its document is approved, else warning",
    }
}

fn rule(rule: &'static Rule) -> Topic {
    let mut facts = format!("- severity: {}\n", level(rule));
    let _ = writeln!(facts, "- clauses: {}", list(rule.clauses.iter().map(|c| standard::titled(c))));
    if !rule.requirements.is_empty() {
        let _ = writeln!(facts, "- decides: {}", list(rule.requirements.iter().map(|n| requirement_id(*n))));
    }
    let _ = writeln!(facts, "- since: {}", rule.since);
    let (title, rest) = rule.docs.split_once('\n').unwrap_or((rule.docs, ""));
    let rest = rest.trim();
    let body = if rest.is_empty() { format!("{}.", super::sentence(rule.summary)) } else { rest.to_owned() };
    Topic {
        what: "rule",
        name: rule.name.to_owned(),
        page: format!("{title}\n\n{facts}\n{body}\n"),
        json: rule_json(rule),
    }
}

fn rule_json(rule: &Rule) -> Value {
    let options = rule.options.iter().map(|o| json!({"name": o.name, "default": o.default, "about": o.about}));
    json!({
        "what": "rule", "name": rule.name, "summary": rule.summary, "level": level(rule), "clauses": rule.clauses,
        "since": rule.since, "options": options.collect::<Vec<_>>(),
        "requirements": rule.requirements.iter().map(|n| requirement_id(*n)).collect::<Vec<_>>(),
        "page": rule.docs,
    })
}

/// A policy requirement is explained by the rules that decide it.
fn requirement(id: &str) -> Vec<Topic> {
    let deciding = rules::all().iter().filter(|r| r.requirements.iter().any(|n| requirement_id(*n) == id));
    let topics = deciding.map(|r| {
        let inner = rule(r);
        let page = format!("{id} is decided by the rule `{}`.\n\n{}", r.name, inner.page);
        let json = json!({"what": "requirement", "name": id, "rule": inner.json});
        Topic { what: "requirement", name: id.to_owned(), page, json }
    });
    topics.collect()
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// All rules by the part of the standard they rest on.
#[must_use]
pub fn overview() -> Topic {
    let catalog = Catalog::get();
    let mut areas: BTreeMap<usize, (String, Vec<&'static Rule>)> = BTreeMap::new();
    for rule in rules::all() {
        let area = rule.clauses.first().map_or("", |c| area(c));
        let at = areas.entry(catalog.clause_order(area)).or_insert_with(|| (standard::titled(area), Vec::new()));
        at.1.push(rule);
    }
    let mut page = String::from("# Rules\n");
    for (title, rules) in areas.values() {
        let _ = writeln!(page, "\n## {title}\n");
        for rule in rules {
            let _ = writeln!(page, "- `{}` ({}): {}", rule.name, level(rule), rule.summary);
        }
    }
    page.push_str("\n`smsctl explain NAME` tells more of a rule, kind, register, clause, toolkit entry or id.\n");
    let json = rules::all().iter().map(|r| rule_json(r)).collect::<Vec<_>>();
    Topic { what: "rules", name: "rules".into(), page, json: json!(json) }
}

/// `7.5` of `7.5.3.2`.
fn area(clause: &str) -> &str {
    clause.match_indices('.').nth(1).and_then(|(at, _)| clause.get(..at)).unwrap_or(clause)
}
