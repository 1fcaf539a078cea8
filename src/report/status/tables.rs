//! Readiness as tables, and as a Markdown page.

use std::fmt::Write as _;

use super::super::{Column, Table, full_sentence, one_line};
use super::{Status, day, days_in_words, met, part_word};
use crate::readiness::{ClauseState, ConditionState, Missing, NextStep, PartState, QuestionVerdict, Readiness};

/// Each leaf clause with its four steps.
pub(super) fn clauses(status: &Status<'_>) -> Table {
    let mut table = Table::new(&[
        Column::soft("CLAUSE"),
        Column::firm("STATE"),
        Column::firm("ASKS FOR").dispensable(2),
        Column::firm("DOCUMENT"),
        Column::firm("RECORDS"),
        Column::soft("MISSING").dispensable(1),
    ]);
    for clause in status.leaves() {
        table.row(&[
            clause.name.clone(),
            clause.verdict.word().to_owned(),
            asks(clause).to_owned(),
            ["-", "present", "approved", "current"].get(usize::from(clause.step())).map_or("", |s| s).to_owned(),
            if clause.records.is_empty() { "-".to_owned() } else { clause.records.len().to_string() },
            first(&clause.missing),
        ]);
    }
    table
}

fn asks(clause: &ClauseState) -> &'static str {
    match (clause.demanded.document, clause.demanded.record) {
        (true, true) => "document, record",
        (true, false) => "document",
        (false, true) => "record",
        (false, false) => "-",
    }
}

fn first(missing: &[Missing]) -> String {
    let more = if missing.len() > 1 { format!(" (and {} more)", missing.len() - 1) } else { String::new() };
    missing.first().map_or_else(String::new, |m| format!("{}{more}", m.text))
}

/// Each question with what answers it or is missing.
pub(super) fn questions(status: &Status<'_>) -> Table {
    let mut table = Table::new(&[
        Column::firm("ID"),
        Column::firm("STATE"),
        Column::soft("QUESTION"),
        Column::soft("EVIDENCE").dispensable(2),
        Column::soft("MISSING").dispensable(1),
    ]);
    for state in &status.readiness.questions {
        let evidence: Vec<String> = state.evidence().into_iter().map(|e| e.id).filter(|id| !id.is_empty()).collect();
        let missing: Vec<Missing> = state.missing().into_iter().cloned().collect();
        let interview = state.verdict == QuestionVerdict::NeedsInterview;
        table.row(&[
            state.question.id.clone(),
            state.verdict.word().to_owned(),
            state.question.question.clone(),
            evidence.join(" "),
            if interview { state.question.interview.clone() } else { first(&missing) },
        ]);
    }
    table
}

/// Each condition of each gate.
pub(super) fn gates(readiness: &Readiness) -> Table {
    let mut table = Table::new(&[
        Column::firm("GATE"),
        Column::firm("STATE"),
        Column::soft("CONDITION"),
        Column::soft("MISSING").dispensable(1),
    ]);
    for gate in &readiness.gates {
        for condition in &gate.conditions {
            let state = part_word(condition.state).to_owned();
            table.row(&[gate.id.clone(), state, condition.text.clone(), first(&condition.missing)]);
        }
    }
    table
}

/// What should stand when.
pub(super) fn plan(readiness: &Readiness) -> Table {
    let mut table =
        Table::new(&[Column::firm("DAY"), Column::firm("DUE"), Column::firm("STATE"), Column::soft("WHAT")]);
    for gate in &readiness.plan {
        for (name, done) in &gate.items {
            let late = !done && gate.due_on.is_some_and(|d| d < readiness.today);
            let state = if *done {
                "done"
            } else if late {
                "late"
            } else {
                "open"
            };
            table.row(&[gate.day.to_string(), day(gate.due_on), state.to_owned(), (*name).to_owned()]);
        }
    }
    table
}

/// The next dates.
pub(super) fn dates(readiness: &Readiness, count: usize) -> Table {
    let mut table = Table::new(&[
        Column::firm("DUE"),
        Column::firm("WHEN"),
        Column::firm("ID"),
        Column::soft("TITLE"),
        Column::soft("OWNER").dispensable(1),
    ]);
    for duty in readiness.due.iter().take(count) {
        let when = days_in_words(duty.days_left);
        table.row(&[duty.on.to_string(), when, duty.id.clone(), duty.title.clone(), duty.owner.clone()]);
    }
    table
}

/// What a step is good for.
pub(super) fn unlocks(step: &NextStep) -> String {
    let mut parts = Vec::new();
    if let Some(gate) = &step.gate {
        parts.push(format!("needed for {gate}"));
    }
    if step.action.overdue {
        parts.push("overdue".to_owned());
    }
    let listed = |word: &str, ids: &[String]| {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let shown = ids.get(..4).filter(|_| ids.len() > 5).unwrap_or(&ids);
        let more =
            if shown.len() < ids.len() { format!(" and {} more", ids.len() - shown.len()) } else { String::new() };
        format!("{word} {}{more}", shown.join(", "))
    };
    if !step.clauses.is_empty() {
        parts.push(listed("clauses", &step.clauses));
    }
    if !step.questions.is_empty() {
        parts.push(listed("questions", &step.questions));
    }
    parts.join("; ")
}

/// One clause with all there is of it, as Markdown.
pub(super) fn clause_page(clause: &ClauseState) -> String {
    let mut out = format!("## {}: {}\n\n", one_line(&clause.name), clause.verdict.word());
    let asks = asks(clause);
    let _ = writeln!(out, "The clause asks for: {}.", if asks == "-" { "nothing by name" } else { asks });
    list(
        &mut out,
        "Documents",
        clause.documents.iter().map(|d| {
            let reasons: Vec<String> = d.missing().into_iter().map(|m| m.text).collect();
            let state =
                ["", "present", "approved", "approved and current"].get(usize::from(d.step())).map_or("", |s| s);
            let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
            let basis = if d.approval.word() == "claimed" { ", by its own word" } else { "" };
            format!("{} {}: {state}{basis}{why}, {}", d.evidence.id, d.title, d.evidence.path)
        }),
    );
    let shown = clause.records.iter().take(5).map(|r| format!("{} {}, {}", r.on, r.evidence.id, r.evidence.path));
    list(&mut out, &format!("Records of the last twelve months: {}", clause.records.len()), shown);
    list(&mut out, "Kept elsewhere", clause.elsewhere.iter().map(|e| format!("{}, {}", e.id, e.path)));
    list(&mut out, "Missing", clause.missing.iter().map(mend));
    out
}

/// What is missing and the command that mends it.
fn mend(missing: &Missing) -> String {
    let command = missing.action.as_ref().map_or_else(String::new, |a| format!(" `{}`", a.command));
    format!("{}{command}", full_sentence(&missing.text))
}

fn list(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(out, "\n### {title}\n");
        for item in items {
            let _ = writeln!(out, "- {}", one_line(&item));
        }
    }
}

/// Heading of the section on the cycle of the certificate.
const CYCLE: &str = "Certification";

/// The status as a Markdown page: the sections asked for, or the summary with all of them.
#[must_use]
pub fn markdown(status: &Status<'_>) -> String {
    let readiness = status.readiness;
    let name = one_line(&status.ws.config.organization);
    let mut out = format!("# Readiness of {name} on {}\n\n{}", readiness.today, approvals(readiness));
    if status.clause.is_some() {
        status.leaves().for_each(|c| out += &clause_page(c));
        return out;
    }
    let wanted = status.sections;
    let all = wanted.is_empty();
    if all {
        out += &overview(status);
    }
    let mut section = |on: bool, title: &str, table: Table| {
        if all || on {
            let lines = if title == CYCLE { super::cycle::lines(readiness) } else { Vec::new() };
            let lines: String = lines.iter().map(|l| format!("- {}\n", l.replace('<', "&lt;"))).collect();
            let (gap, table) = (
                if lines.is_empty() { "" } else { "\n" },
                if table.is_empty() { String::new() } else { table.markdown() },
            );
            let _ = writeln!(out, "## {title}\n\n{lines}{gap}{table}");
        }
    };
    section(wanted.gates, "Gates", gates(readiness));
    section(wanted.clauses, "Clauses", clauses(status));
    section(wanted.checklist, "Checklist", questions(status));
    section(wanted.plan, "First ninety days", plan(readiness));
    section(wanted.certification, CYCLE, super::cycle::table(readiness));
    section(false, "Next dates", dates(readiness, 10));
    if all {
        out += &steps(readiness);
    }
    out
}

fn overview(status: &Status<'_>) -> String {
    let counts = status.counts();
    let of = |verdict| status.questions(verdict);
    let mut table = Table::new(&[
        Column::firm(""),
        Column::firm("ANSWERED"),
        Column::firm("NEEDS INTERVIEW"),
        Column::firm("PARTLY"),
        Column::firm("OPEN"),
        Column::firm("OF"),
    ]);
    let row = |name: &str, numbers: [Option<usize>; 5]| {
        let cells = numbers.map(|n| n.map_or_else(|| "-".to_owned(), |n| n.to_string()));
        [vec![name.to_owned()], cells.to_vec()].concat()
    };
    let total = Some(counts.total());
    table.row(&row("Clauses", [Some(counts.answered), None, Some(counts.partly), Some(counts.open), total]));
    table.row(&row(
        "Questions",
        [
            Some(of(QuestionVerdict::Answered)),
            Some(of(QuestionVerdict::NeedsInterview)),
            Some(of(QuestionVerdict::Partly)),
            Some(of(QuestionVerdict::Open)),
            Some(status.readiness.questions.len()),
        ],
    ));
    table.markdown() + "\n"
}

fn steps(readiness: &Readiness) -> String {
    let mut out = String::from("## Next steps\n\n");
    for (index, step) in readiness.next.iter().enumerate() {
        let title = one_line(&step.action.title);
        let _ = writeln!(out, "{}. **{title}** `{}`: {}", index + 1, step.action.command, one_line(&unlocks(step)));
    }
    out
}

/// What approvals rest on.
pub(super) fn approvals(readiness: &Readiness) -> String {
    match &readiness.not_judged {
        None => String::new(),
        Some(why) if readiness.claims_accepted => format!(
            "Approvals could not be verified ({}). --accept-claims was given: documents count as approved because their status \
             says so, in the gates as well.\n\n",
            one_line(why)
        ),
        Some(why) => format!(
            "Approvals could not be verified ({}), so no gate passes. Elsewhere documents count as approved when their status \
             says so; with --accept-claims they do so in the gates as well.\n\n",
            one_line(why)
        ),
    }
}

/// What is open of a gate, in words.
pub(super) fn open_conditions(gate: &crate::readiness::GateState) -> String {
    let open = |c: &&ConditionState| c.state != PartState::Met;
    let ids: Vec<&str> = gate.conditions.iter().filter(open).map(|c| c.text.as_str()).collect();
    let (met, all) = met(gate);
    if ids.is_empty() { format!("{met} of {all}") } else { format!("{met} of {all}; open: {}", ids.join("; ")) }
}
