//! The certification cycle: certificate, audits, deadlines.

use super::{due_cell, table, titled};
use crate::document::Node;
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::Facts;
use crate::pack::pieces;
use crate::readiness::{self, Duty};
use crate::report::{days_in_words, full_sentence};
use crate::workspace::EntityView;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "certification",
        "Certification cycle",
        "The certificate with its scope and its days, the audits of the certification body, what comes next and the rules \
         that dates must keep.",
    );
    out.blocks.push(Block::Table(cycles(facts)));
    out.blocks.push(Block::Table(audits(facts)));
    out.blocks.push(Block::Table(informed(facts)));
    out.blocks.push(Block::Table(deadlines(facts)));
    out.blocks.push(Block::Table(rules(facts)));
    out
}

fn entries<'f>(facts: &Facts<'f>) -> impl Iterator<Item = EntityView<'f>> {
    readiness::entries(facts.ws, "certification")
}

fn cycles(facts: &Facts<'_>) -> Table {
    let columns = [
        ("Cycle", Form::Text),
        ("Standard", Form::Text),
        ("Certification body", Form::Text),
        ("Accreditation", Form::Text),
        ("Scope", Form::Text),
        ("Certificate", Form::Short),
        ("Decided on", Form::Date),
        ("Issued on", Form::Date),
        ("Valid until", Form::Date),
        ("Status", Form::Short),
    ];
    let why =
        "The register of certification has no entry: the organization is not certified yet, or does not track it.";
    let mut out = table("certification-cycles", "Certificates", &columns, why);
    for entry in entries(facts) {
        let said = |field: &str| Cell::text(entry.str(field).unwrap_or_default());
        let cycle = entry.node().get("cycle");
        let day = |field: &str| cycle.and_then(|c| c.date(field));
        out.rows.push(vec![
            pieces::cell(pieces::named(entry)),
            said("standard"),
            said("certification_body"),
            said("accreditation"),
            said("scope_text"),
            Cell::text(cycle.and_then(|c| c.str("certificate_no")).unwrap_or_default()),
            Cell::date(day("decided_on")),
            Cell::date(day("issued_on")),
            due_cell(facts, day("expires_on")),
            said("status"),
        ]);
    }
    out
}

fn audits(facts: &Facts<'_>) -> Table {
    let columns = [
        ("Audit", Form::Text),
        ("Stage", Form::Short),
        ("Planned", Form::Date),
        ("Held on", Form::Date),
        ("Ended on", Form::Date),
        ("Method", Form::Short),
        ("Sites", Form::Text),
        ("Services", Form::Text),
        ("Clauses", Form::Text),
        ("Days", Form::Number),
        ("Findings", Form::Text),
        ("Result", Form::Short),
        ("Decision", Form::Text),
        ("Report", Form::Text),
    ];
    let mut out = table("external-audits", "Audits of the certification body", &columns, "No audit is recorded.");
    for entry in entries(facts) {
        out.rows.extend(entry.node().list("audits").iter().map(|a| audit(facts, entry, a)));
    }
    out
}

fn audit(facts: &Facts<'_>, entry: EntityView<'_>, audit: &Node) -> Vec<Cell> {
    let said = |field: &str| Cell::text(audit.str(field).unwrap_or_default());
    let texts = |field: &str| Cell::text(audit.texts(field).map(|(t, _)| t).collect::<Vec<_>>().join(", "));
    let ids = |field: &str| Cell::pieces(audit.texts(field).map(|(t, _)| pieces::maybe_id(facts.ws, t)).collect());
    let days = audit.number("auditor_days").zip(audit.str("auditor_days"));
    let (planned, held) = (audit.date("planned_on"), audit.date("held_on"));
    let name = format!("{} {}", audit.str("id").unwrap_or_default(), audit.str("title").unwrap_or_default());
    vec![
        pieces::cell(Piece::link(name.trim(), pieces::target(entry))),
        said("stage"),
        if held.is_some() { Cell::date(planned) } else { due_cell(facts, planned) },
        Cell::date(held),
        Cell::date(audit.date("ended_on")),
        said("method"),
        texts("sites"),
        ids("service_refs"),
        texts("clauses"),
        days.map_or_else(Cell::default, |(n, text)| Cell::number(text, n)),
        Cell::text(grades(audit)),
        said("result"),
        Cell::text(decision(audit)),
        ids("report_ref"),
    ]
}

/// `1 minor, 1 observation`.
fn grades(audit: &Node) -> String {
    let mut out: Vec<(&str, usize)> = Vec::new();
    for grade in audit.list("findings").iter().filter_map(|f| f.str("grade")) {
        match out.iter_mut().find(|(g, _)| *g == grade) {
            Some((_, n)) => *n += 1,
            None => out.push((grade, 1)),
        }
    }
    out.iter().map(|(grade, n)| format!("{n} {grade}")).collect::<Vec<_>>().join(", ")
}

fn decision(audit: &Node) -> String {
    let Some(decision) = audit.get("decision") else { return String::new() };
    let said = |field: &str| decision.str(field).unwrap_or_default();
    format!("{} ({}, {})", said("value"), said("by"), said("on"))
}

fn informed(facts: &Facts<'_>) -> Table {
    let columns = [("Told on", Form::Date), ("Change", Form::Text)];
    let why = "The register names no change the certification body was told of.";
    let mut out = table("changes-told", "Changes the certification body was told of", &columns, why);
    for change in entries(facts).flat_map(|e| e.node().list("informed_changes")) {
        out.rows.push(vec![Cell::date(change.date("on")), Cell::text(change.str("text").unwrap_or_default())]);
    }
    out
}

/// Duties that a certification body asks for.
fn deadlines(facts: &Facts<'_>) -> Table {
    const KINDS: [&str; 4] = ["audit", "continuity-test", "corrective-action", "management-review"];
    let columns = [
        ("Day", Form::Date),
        ("When", Form::Short),
        ("What", Form::Short),
        ("About", Form::Text),
        ("Owner", Form::Text),
        ("Stands in", Form::Text),
    ];
    let mut out = table("certification-dates", "What comes next", &columns, "Nothing with a date is planned.");
    let of_body = |d: &Duty, kind| facts.ws.entity(&d.id).is_some_and(|e| e.is(kind));
    let audit = |d: &Duty| of_body(d, "certification-audit");
    let of_cycle = |d: &&Duty| KINDS.contains(&d.kind) || of_body(d, "certification") || audit(d);
    for duty in facts.readiness.due.iter().filter(of_cycle) {
        let tone = if duty.is_overdue() { Tone::Bad } else { Tone::Plain };
        out.rows.push(vec![
            due_cell(facts, Some(duty.on)),
            Cell::toned(days_in_words(duty.days_left), tone),
            Cell::text(if audit(duty) { "certification audit".to_owned() } else { duty.kind.replace('-', " ") }),
            Cell::text(&duty.title),
            pieces::cell(pieces::role(facts, &duty.owner)),
            pieces::cell(pieces::maybe_id(facts.ws, &duty.id)),
        ]);
    }
    out
}

fn rules(facts: &Facts<'_>) -> Table {
    let columns = [("No.", Form::Short), ("Rule", Form::Text), ("What it says", Form::Text), ("Rests on", Form::Text)];
    let mut out = table("certification-rules", "Rules for dates", &columns, "No rule is known.");
    let row = |t: &crate::catalog::Timing| {
        vec![
            Cell::text(&t.id),
            Cell::text(full_sentence(&t.title)),
            Cell::text(full_sentence(&t.rule)),
            Cell::text(full_sentence(&t.basis)),
        ]
    };
    out.rows = facts.stages.timing.iter().map(row).collect();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn certificate_audits_and_what_comes_next() {
        sample::with("surveillance", false, |facts| {
            let out = super::super::tests::text(&section(facts));
            for words in [
                "BC-20000-0417",
                "AUD-EXT-2025-01 First surveillance | surveillance | 2025-01-21",
                "| 1 minor, 1 observation",
                "maintain (Brabant Certification, 2025-02-24)",
                "2027-01-19 | in 60 days | certification audit",
                "T-03",
            ] {
                assert!(out.contains(words), "{words}: {out}");
            }
        });
    }
}
