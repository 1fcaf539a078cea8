//! What `smsctl check` says, with everything that was silenced, left out or could not be decided.

use super::{table, titled};
use crate::finding::Severity;
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::Facts;
use crate::pack::people::People;
use crate::pack::pieces::{self, count};
use crate::report::{ReportFinding, full_sentence, grouped};
use crate::rules::WaivedBy;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "validation",
        "Validation report",
        "The rules of smsctl were run over every document. Here is all they found, all that was set aside and by whom, \
         and all that they could not decide.",
    );
    let people = People::of(facts);
    out.blocks.push(Block::Text(vec![summary(facts)]));
    out.blocks.push(Block::Table(findings(facts, &people)));
    out.blocks.push(Block::Table(waived(facts, &people)));
    out.blocks.push(Block::Table(undecided(facts, &people)));
    out.blocks.push(Block::Table(left_out(facts)));
    out
}

fn summary(facts: &Facts<'_>) -> Piece {
    let s = facts.report.summary();
    let text = format!(
        "{} with {} were checked as of {}: {}, {}, {}; {} set aside, {} accepted by a baseline; {} not decided, {} \
         switched off.",
        count(s.artifacts, "document"),
        count(s.entities, "entry"),
        facts.today,
        count(s.error, "error"),
        count(s.warning, "warning"),
        count(s.note, "note"),
        s.waived,
        s.baselined,
        count(s.not_evaluated, "rule"),
        facts.report.off.len(),
    );
    Piece::toned(text, if s.error > 0 { Tone::Bad } else { Tone::Plain })
}

const COLUMNS: [(&str, Form); 7] = [
    ("Severity", Form::Short),
    ("Rule", Form::Short),
    ("Place", Form::Text),
    ("Line", Form::Number),
    ("What is wrong", Form::Text),
    ("What to do", Form::Text),
    ("Clauses", Form::Short),
];

fn findings(facts: &Facts<'_>, people: &People) -> Table {
    let mut out = table("findings", "Findings", &COLUMNS, "The rules found nothing wrong.");
    let mut found: Vec<&ReportFinding> = facts.report.findings.iter().collect();
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    out.rows = found.into_iter().map(|f| finding(facts, people, f)).collect();
    out
}

fn finding(facts: &Facts<'_>, people: &People, finding: &ReportFinding) -> Vec<Cell> {
    let (word, tone) = match finding.severity {
        Severity::Error => ("error", Tone::Bad),
        Severity::Warning => ("warning", Tone::Attention),
        Severity::Note => ("note", Tone::Muted),
    };
    let line = finding.location.start.line;
    vec![
        Cell::toned(word, tone),
        Cell::text(finding.rule.name),
        pieces::cell(place(facts, people, finding)),
        Cell::number(line.to_string(), f64::from(u32::try_from(line).unwrap_or(u32::MAX))),
        Cell::text(full_sentence(&people.without(&finding.message))),
        Cell::text(people.without(&finding.help)),
        Cell::text(finding.clauses.join(", ")),
    ]
}

/// The document a finding stands in, or whose entries do; other files are named alone. Paths of approvals hold ids of people.
/// Found by path: the rules may have run over the texts before something was withheld.
fn place(facts: &Facts<'_>, people: &People, finding: &ReportFinding) -> Piece {
    let path = &finding.location.path;
    let beside = || facts.ws.artifacts().find(|a| a.entries_path().as_deref() == Some(path));
    match facts.ws.artifact_at(path).or_else(beside) {
        Some(artifact) => pieces::document(artifact),
        None => Piece::plain(people.without(path)),
    }
}

fn waived(facts: &Facts<'_>, people: &People) -> Table {
    let columns = [
        ("Rule", Form::Short),
        ("Place", Form::Text),
        ("What was found", Form::Text),
        ("Reason", Form::Text),
        ("Set aside in", Form::Short),
        ("Answered for by", Form::Text),
        ("Until", Form::Date),
    ];
    let mut out = table("waivers", "Findings that were set aside", &columns, "No finding was set aside.");
    let row = |(f, by): &(ReportFinding, WaivedBy)| {
        vec![
            Cell::text(f.rule.name),
            pieces::cell(place(facts, people, f)),
            Cell::text(full_sentence(&people.without(&f.message))),
            reason(&people.without(&by.reason)),
            Cell::text(where_from(by.by)),
            by.owner.as_deref().map_or_else(|| pieces::gap("nobody named"), |o| answers(facts, people, o)),
            Cell::date(by.expires),
        ]
    };
    out.rows = facts.report.waived.iter().map(row).collect();
    out
}

fn reason(text: &str) -> Cell {
    if text.is_empty() { pieces::gap("no reason given") } else { Cell::text(text) }
}

fn answers(facts: &Facts<'_>, people: &People, owner: &str) -> Cell {
    if facts.ws.entity(owner).is_some_and(|e| e.is("role")) {
        return pieces::cell(pieces::role(facts, owner));
    }
    Cell::text(people.without(owner))
}

fn where_from(by: &str) -> &str {
    match by {
        "inline" => "the document",
        "config" => "smsctl.toml",
        other => other,
    }
}

fn undecided(facts: &Facts<'_>, people: &People) -> Table {
    let columns = [("Why they were not decided", Form::Text), ("Rules", Form::Text)];
    let mut out = table("rules-not-decided", "Rules that could not be decided", &columns, "Every rule was decided.");
    let row = |(why, rules): (&str, Vec<&str>)| {
        vec![Cell::text(full_sentence(&people.without(why))), Cell::text(rules.join(", "))]
    };
    out.rows = grouped(&facts.report.not_evaluated).into_iter().map(row).collect();
    out
}

/// Rules that are switched off and files that were not looked at: nothing of that is silent.
fn left_out(facts: &Facts<'_>) -> Table {
    let columns = [("What", Form::Short), ("Name", Form::Text), ("Why", Form::Text)];
    let why = "No rule is switched off and every file was looked at.";
    let mut out = table("left-out", "What was not looked at", &columns, why);
    let row = |what: &str, name: &str, why: &str| vec![Cell::text(what), Cell::text(name), Cell::text(why)];
    let off = facts.report.off.iter().map(|r| row("rule", r, "switched off in smsctl.toml"));
    let excluded = facts.report.excluded.iter().map(|p| row("file", p, "left out by `exclude` in smsctl.toml"));
    let unread = facts.ws.unread.iter().map(|u| row("file", &u.path, u.why));
    let broken = facts.ws.broken_files();
    let broken = broken.iter().map(|p| row("file", p, "could not be read; see the findings"));
    out.rows = off.chain(excluded).chain(unread).chain(broken).collect();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn what_was_not_decided_is_told_with_its_reason() {
        sample::with("stage-2", false, |facts| {
            let out = super::super::tests::text(&section(facts));
            assert!(out.contains("were checked as of 2026-11-20: 0 errors, 0 warnings"), "{out}");
            assert!(out.contains("The rules found nothing wrong."), "{out}");
            assert!(!facts.report.not_evaluated.is_empty());
            for entry in &facts.report.not_evaluated {
                assert!(out.contains(entry.rule), "{}", entry.rule);
            }
        });
    }
}
