//! Findings of audits, nonconformities, and the actions on them: what is open stands first.

use jiff::civil::Date;

use super::{due_cell, table, titled};
use crate::document::Node;
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::Facts;
use crate::pack::pieces::{self, count};
use crate::readiness;
use crate::workspace::EntityView;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "findings-and-actions",
        "Findings and corrective actions",
        "Nonconformities with cause and correction, every corrective action with its day and its proof, and what internal \
         and external audits found. What is still open stands first.",
    );
    let (nonconformities, open) = nonconformities(facts);
    let actions = actions(facts);
    let total = nonconformities.rows.len();
    out.blocks.push(Block::Text(vec![Piece::plain(summary(total, open, &actions))]));
    out.blocks.push(Block::Table(nonconformities));
    out.blocks.push(Block::Table(actions));
    out.blocks.push(Block::Table(audit_findings(facts, "certification")));
    out.blocks.push(Block::Table(audit_findings(facts, "internal-audits")));
    out
}

fn summary(total: usize, open: usize, actions: &Table) -> String {
    let all = count(total, "nonconformity");
    let undone = actions.rows.iter().filter(|r| r.get(4).is_some_and(|c| c.pieces.is_empty())).count();
    format!(
        "{all}, {open} of them open; {}, {undone} of them not done yet.",
        count(actions.rows.len(), "corrective action")
    )
}

/// Rows with a key that sorts them.
fn sorted<K: Ord>(mut rows: Vec<(K, Vec<Cell>)>) -> Vec<Vec<Cell>> {
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn is_open(entry: EntityView<'_>) -> bool {
    !readiness::is_ended(entry.node()) && !entry.has("closed_on")
}

fn word(text: &str, open: bool) -> Cell {
    Cell::toned(text, if open { Tone::Attention } else { Tone::Good })
}

fn said(node: &Node, field: &str) -> Cell {
    Cell::text(node.str(field).unwrap_or_default())
}

/// The table, and how many are open.
fn nonconformities(facts: &Facts<'_>) -> (Table, usize) {
    let columns = [
        ("Id", Form::Short),
        ("Title", Form::Text),
        ("Came to light by", Form::Text),
        ("Clause", Form::Short),
        ("Grade", Form::Short),
        ("Raised on", Form::Date),
        ("What is not met", Form::Text),
        ("Correction", Form::Text),
        ("Cause", Form::Text),
        ("Elsewhere", Form::Text),
        ("Effect checked", Form::Text),
        ("Owner", Form::Text),
        ("Status", Form::Short),
        ("Closed on", Form::Date),
    ];
    let mut out = table("nonconformities", "Nonconformities", &columns, "No nonconformity stands in the register.");
    let found: Vec<EntityView<'_>> = readiness::entries(facts.ws, "nonconformities").collect();
    let key = |e: &EntityView<'_>| (!is_open(*e), std::cmp::Reverse(e.date("raised_on")), e.id().to_owned());
    out.rows = sorted(found.iter().map(|e| (key(e), nonconformity(facts, *e))).collect());
    (out, found.iter().filter(|e| is_open(**e)).count())
}

fn nonconformity(facts: &Facts<'_>, entry: EntityView<'_>) -> Vec<Cell> {
    let node = entry.node();
    let mut source = vec![Piece::plain(entry.str("source").unwrap_or_default())];
    source.extend(entry.refs("source_ref").map(pieces::named));
    let correction = node.get("correction").map_or_else(Cell::default, |c| action_in_words(facts, c));
    let owner = entry.str("owner").or_else(|| entry.artifact().front().str("owner")).unwrap_or_default();
    vec![
        pieces::cell(pieces::id(entry)),
        Cell::text(entry.label()),
        Cell::pieces(source),
        said(node, "clause"),
        said(node, "grade"),
        Cell::date(entry.date("raised_on")),
        said(node, "statement"),
        correction,
        said(node, "root_cause"),
        said(node, "similar_cases"),
        effect(facts, node),
        pieces::cell(pieces::role(facts, owner)),
        word(entry.str("status").unwrap_or_default(), is_open(entry)),
        Cell::date(entry.date("closed_on")),
    ]
}

fn action_in_words(facts: &Facts<'_>, action: &Node) -> Cell {
    let done = action.str("done_on").map_or_else(String::new, |d| format!(" (done on {d})"));
    let owner = action.str("owner").map_or_else(String::new, |o| format!(", {}", facts.role(o)));
    let text = action.as_str().or_else(|| action.str("text")).unwrap_or_default();
    Cell::text(format!("{text}{owner}{done}"))
}

fn effect(facts: &Facts<'_>, node: &Node) -> Cell {
    let Some(check) = node.get("effectiveness") else { return Cell::toned("not yet", Tone::Muted) };
    let (word, tone) = match check.bool("effective") {
        Some(true) => ("effective", Tone::Good),
        Some(false) => ("not effective", Tone::Bad),
        None => ("no result", Tone::Attention),
    };
    let on = check.str("checked_on").map_or_else(String::new, |d| format!(", checked on {d}"));
    let by = check.str("checked_by").map_or_else(String::new, |r| format!(" by {}", facts.role(r)));
    let mut shown = vec![Piece::toned(format!("{word}{on}{by}"), tone)];
    shown.extend(check.texts("evidence_refs").map(|(id, _)| pieces::maybe_id(facts.ws, id)));
    Cell::pieces(shown)
}

fn actions(facts: &Facts<'_>) -> Table {
    let columns = [
        ("Nonconformity", Form::Short),
        ("Corrective action", Form::Text),
        ("Owner", Form::Text),
        ("Due", Form::Date),
        ("Done on", Form::Date),
        ("Proof", Form::Text),
    ];
    let mut out =
        table("corrective-actions", "Corrective actions", &columns, "No corrective action stands in the register.");
    let mut rows = Vec::new();
    for entry in readiness::entries(facts.ws, "nonconformities") {
        for action in entry.node().list("corrective_actions") {
            let (due, done) = (action.date("due_on"), action.date("done_on"));
            rows.push(((done.is_some(), due, entry.id().to_owned()), self::action(facts, entry, action, due, done)));
        }
    }
    out.rows = sorted(rows);
    out
}

fn action(facts: &Facts<'_>, entry: EntityView<'_>, action: &Node, due: Option<Date>, done: Option<Date>) -> Vec<Cell> {
    let proof: Vec<Piece> = action.texts("evidence_refs").map(|(id, _)| pieces::maybe_id(facts.ws, id)).collect();
    let missing = done.is_some() && proof.is_empty();
    vec![
        pieces::cell(pieces::id(entry)),
        said(action, "text"),
        pieces::cell(pieces::role(facts, action.str("owner").unwrap_or_default())),
        if done.is_some() { Cell::date(due) } else { due_cell(facts, due) },
        Cell::date(done),
        if missing { pieces::gap("no proof named") } else { Cell::pieces(proof) },
    ]
}

/// Findings of the audits of a register.
pub(super) fn audit_findings(facts: &Facts<'_>, register: &'static str) -> Table {
    let external = register == "certification";
    let (name, title) = if external {
        ("external-findings", "Findings of external audits")
    } else {
        ("internal-findings", "Findings of internal audits")
    };
    let columns = [
        ("Finding", Form::Short),
        ("Audit", Form::Text),
        ("Held on", Form::Date),
        ("Grade", Form::Short),
        ("Clause", Form::Short),
        ("What was found", Form::Text),
        ("What was seen", Form::Text),
        ("Followed by", Form::Text),
        ("Decision", Form::Text),
        ("Reply due", Form::Date),
        ("Answered on", Form::Date),
        ("Accepted on", Form::Date),
        ("Verified on", Form::Date),
        ("State", Form::Short),
    ];
    let mut out = table(name, title, &columns, "No finding stands in the register.");
    let mut rows = Vec::new();
    for entry in readiness::entries(facts.ws, register) {
        if external {
            for audit in entry.node().list("audits") {
                rows.extend(audit.list("findings").iter().map(|f| finding(facts, entry, audit, f)));
            }
        } else {
            rows.extend(entry.node().list("findings").iter().map(|f| finding(facts, entry, entry.node(), f)));
        }
    }
    out.rows = sorted(rows);
    out
}

/// Open ones first, then the newest.
type FindingKey = (bool, std::cmp::Reverse<Option<Date>>, String);

fn finding(facts: &Facts<'_>, entry: EntityView<'_>, audit: &Node, finding: &Node) -> (FindingKey, Vec<Cell>) {
    let id = finding.str("id").unwrap_or_default();
    let held = audit.date("held_on");
    let follow = ["nc_ref", "improvement_ref"].into_iter().filter_map(|f| finding.str(f));
    let follow: Vec<EntityView<'_>> = follow.filter_map(|id| facts.ws.entity(id)).collect();
    let (state, open) = state(finding, &follow);
    let name = format!("{} {}", audit.str("id").unwrap_or_default(), audit.str("title").unwrap_or_default());
    let due = finding.date("response_due_on");
    let row = vec![
        Cell::text(id),
        pieces::cell(Piece::link(name.trim(), pieces::target(entry))),
        Cell::date(held),
        said(finding, "grade"),
        said(finding, "clause"),
        said(finding, "statement"),
        said(finding, "evidence"),
        Cell::pieces(follow.iter().map(|e| pieces::named(*e)).collect()),
        said(finding, "decision"),
        if finding.get("responded_on").is_some() { Cell::date(due) } else { due_cell(facts, due) },
        Cell::date(finding.date("responded_on")),
        Cell::date(finding.date("accepted_on")),
        Cell::date(finding.date("verified_on")),
        word(state, open),
    ];
    ((!open, std::cmp::Reverse(held), id.to_owned()), row)
}

/// Where a finding stands, by what followed it.
fn state(finding: &Node, follow: &[EntityView<'_>]) -> (&'static str, bool) {
    let grade = finding.str("grade").unwrap_or_default();
    let ended = !follow.is_empty() && follow.iter().all(|e| !is_open(*e));
    match () {
        () if grade == "positive" => ("good practice", false),
        () if finding.get("verified_on").is_some() => ("verified", false),
        () if ended => ("closed", false),
        () if follow.is_empty() && finding.get("decision").is_some() => ("decided", false),
        () if follow.is_empty() => ("not followed up", true),
        () => ("open", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::load_toml;
    use crate::pack::facts::sample;
    use crate::source::FileId;

    #[test]
    fn nonconformities_lead_to_their_proof() {
        sample::with("stage-2", false, |facts| {
            let out = super::super::tests::text(&section(facts));
            let nc = out.lines().find(|l| l.starts_with("NC-001 | Improvements")).unwrap();
            for words in
                ["internal-audit, FND-04 in AUD-2025-01", "| 10.2 | minor |", "effective, checked on 2025-12-09"]
            {
                assert!(nc.contains(words), "{words}: {nc}");
            }
            assert!(out.contains("NC-001 | make baseline and target a condition of approval | SMS manager"), "{out}");
            assert!(out.contains("FND-E01 | AUD-EXT-2025-01 First surveillance | 2025-01-21 | minor | 6.1.3"), "{out}");
        });
    }

    #[test]
    fn a_finding_is_open_until_something_closes_it() {
        let of = |text: &str| state(&load_toml(FileId(0), text).unwrap(), &[]);
        assert_eq!(of("grade = 'minor'"), ("not followed up", true));
        assert_eq!(of("grade = 'observation'\ndecision = 'no'"), ("decided", false));
        assert_eq!(of("grade = 'positive'"), ("good practice", false));
        assert_eq!(of("grade = 'minor'\nverified_on = '2026-01-01'"), ("verified", false));
    }
}
