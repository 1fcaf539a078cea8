//! Readiness on a terminal: one screen, or the sections asked for.

use std::fmt::Write as _;

use super::super::{one_line, page};
use super::{Status, cycle, days_in_words, met, tables};
use crate::readiness::{Counts, QuestionVerdict, Readiness};

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct StatusOptions {
    /// Blocks for bars; otherwise signs that every pipe can take.
    pub graphical: bool,
    /// Colours.
    pub colour: bool,
    /// Width of the terminal in characters; none in a pipe.
    pub width: Option<usize>,
    /// Only the numbers.
    pub quiet: bool,
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
/// What a bar may take of the width.
const BAR: usize = 30;
/// A bar that is shorter says nothing.
const LEAST_BAR: usize = 5;
/// Dates told in the summary.
const DATES: usize = 5;

/// The status for people.
#[must_use]
pub fn render(status: &Status<'_>, options: StatusOptions) -> String {
    let pen = Pen { options };
    let mut out = pen.title(status);
    if status.clause.is_some() {
        let text: String = status.leaves().map(tables::clause_page).collect::<Vec<_>>().join("\n");
        return out + &page(&text, options.colour, options.width.unwrap_or(100));
    }
    if status.sections.is_empty() {
        out += &pen.summary(status);
        return out;
    }
    let wanted = status.sections;
    let mut section = |on: bool, title: &str, table: super::super::Table| {
        if on {
            let _ = writeln!(out, "{}\n{}", pen.paint(BOLD, title), table.text(options.width, true, options.colour));
        }
    };
    section(wanted.gates, "Gates", tables::gates(status.readiness));
    section(wanted.clauses, "Clauses", tables::clauses(status));
    section(wanted.checklist, "Checklist", tables::questions(status));
    section(wanted.plan, "First ninety days", tables::plan(status.readiness));
    if wanted.certification {
        out += pen.certification(status.readiness).trim_start();
        out += &format!("\n{}", cycle::table(status.readiness).text(options.width, true, options.colour));
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

struct Pen {
    options: StatusOptions,
}

impl Pen {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.options.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn title(&self, status: &Status<'_>) -> String {
        let name = one_line(&status.ws.config.organization);
        let name = if name.is_empty() { "This SMS".to_owned() } else { name };
        let title = format!("{name}: readiness on {}", status.readiness.today);
        let revision = status.ws.revision.as_deref().and_then(|r| r.get(..10));
        let state = revision
            .map_or_else(String::new, |r| format!(" (commit {r}{})", if status.ws.dirty { ", changed" } else { "" }));
        format!("{}{state}\n\n", self.paint(BOLD, &title))
    }

    fn summary(&self, status: &Status<'_>) -> String {
        let mut out = self.numbers(status);
        if self.options.quiet {
            return out;
        }
        out += &self.chapters(status);
        out += &self.gates(status.readiness);
        out += &self.certification(status.readiness);
        out += &self.plan(status.readiness);
        out += &self.dates(status.readiness);
        out += &self.steps(status.readiness);
        let aside = page(&tables::approvals(status.readiness), false, self.options.width.unwrap_or(100));
        let text = format!("{out}\n{aside}");
        text.trim_end().to_owned() + "\n"
    }

    fn numbers(&self, status: &Status<'_>) -> String {
        let counts = status.counts();
        let of = |verdict| status.questions(verdict);
        let (answered, interview) = (of(QuestionVerdict::Answered), of(QuestionVerdict::NeedsInterview));
        let (partly, open) = (of(QuestionVerdict::Partly), of(QuestionVerdict::Open));
        let questions = Counts { answered: answered + interview, partly, open };
        let clauses = format!(
            "{} of {} answered, {} partly, {} open",
            counts.answered,
            counts.total(),
            counts.partly,
            counts.open
        );
        let checklist = format!(
            "{answered} of {} answered, {interview} but for an interview, {partly} partly, {open} open",
            questions.total()
        );
        let text = clauses.len().max(checklist.len()) + "Checklist    ".len();
        let room = self.options.width.map_or(BAR, |w| w.saturating_sub(text)).clamp(LEAST_BAR, BAR);
        let (first, second) = (self.bar(counts, room), self.bar(questions, room));
        format!("Clauses    {first}  {clauses}\nChecklist  {second}  {checklist}\n")
    }

    /// Answered, partly and open as a bar; what is not whole never looks full, and the bar is empty until something is answered.
    fn bar(&self, counts: Counts, width: usize) -> String {
        let all = counts.total().max(1);
        let full = counts.answered * width / all;
        let begun = if counts.answered == 0 { 0 } else { counts.answered + counts.partly };
        let half = (begun * width / all).saturating_sub(full);
        let rest = width.saturating_sub(full + half);
        let [full_sign, half_sign, rest_sign] =
            if self.options.graphical { ["█", "▒", "░"] } else { ["#", "+", "."] };
        let part = |code, sign: &str, n: usize| if n == 0 { String::new() } else { self.paint(code, &sign.repeat(n)) };
        part(GREEN, full_sign, full) + &part(YELLOW, half_sign, half) + &part("0", rest_sign, rest)
    }

    fn chapters(&self, status: &Status<'_>) -> String {
        let mut out = String::from("\n");
        for chapter in status.readiness.clauses.iter().filter(|c| !c.id.contains('.')) {
            let counts = chapter.below;
            let name: String = one_line(&chapter.name).chars().take(44).collect();
            let _ = writeln!(out, "  {name:44}  {}  {}/{}", self.bar(counts, 20), counts.answered, counts.total());
        }
        out
    }

    fn gates(&self, readiness: &Readiness) -> String {
        let mut out = format!("\n{}\n", self.paint(BOLD, "Gates"));
        for gate in &readiness.gates {
            let (code, word) = if gate.passed() { (GREEN, "passed") } else { (RED, "open  ") };
            let (met, all) = met(gate);
            let line = format!("  {word}  {:26}  ", gate.title);
            let told = if gate.passed() { format!("{met} of {all}") } else { tables::open_conditions(gate) };
            out += &(self.cut(&line, &told).replacen(word, &self.paint(code, word), 1) + "\n");
        }
        out
    }

    /// A line that ends at the edge of the terminal.
    fn cut(&self, head: &str, tail: &str) -> String {
        let whole = format!("{head}{tail}");
        match self.options.width {
            Some(width) if whole.chars().count() > width => {
                whole.chars().take(width.saturating_sub(1)).collect::<String>() + "…"
            }
            _ => whole,
        }
    }

    fn certification(&self, readiness: &Readiness) -> String {
        let mut out = format!("\n{}\n", self.paint(BOLD, "Certification"));
        for line in cycle::lines(readiness) {
            out += &(self.cut("  ", &line) + "\n");
        }
        out
    }

    fn plan(&self, readiness: &Readiness) -> String {
        let mut out = format!("\n{}\n", self.paint(BOLD, "First ninety days"));
        for gate in &readiness.plan {
            let done = gate.items.iter().filter(|(_, done)| *done).count();
            let on = gate.due_on.map_or_else(|| "no date   ".to_owned(), |d| d.to_string());
            let open: Vec<&str> = gate.items.iter().filter(|(_, done)| !done).map(|(name, _)| *name).collect();
            let open = if open.is_empty() { String::new() } else { format!("; open: {}", open.join(", ")) };
            let head = format!("  day {}  {on}  {done} of {}", gate.day, gate.items.len());
            let _ = writeln!(out, "{}", self.cut(&head, &open));
        }
        out
    }

    fn dates(&self, readiness: &Readiness) -> String {
        let overdue = readiness.due.iter().filter(|d| d.is_overdue()).count();
        let late = if overdue == 0 { String::new() } else { format!(", {overdue} overdue") };
        let mut out = format!("\n{}{late}\n", self.paint(BOLD, "Next dates"));
        for duty in readiness.due.iter().take(DATES) {
            let when = days_in_words(duty.days_left);
            let line = format!("  {}  {when:12}  {}  ", duty.on, duty.id);
            let line = self.cut(&line, &one_line(&duty.title));
            out += &if duty.is_overdue() { self.paint(RED, &line) } else { line };
            out.push('\n');
        }
        if readiness.due.is_empty() {
            out += "  nothing has a date yet\n";
        }
        out
    }

    fn steps(&self, readiness: &Readiness) -> String {
        if readiness.next.is_empty() {
            return String::new();
        }
        let mut out = format!("\n{}\n", self.paint(BOLD, "Next steps"));
        for (index, step) in readiness.next.iter().enumerate() {
            let _ = writeln!(out, "{}", self.cut(&format!("  {}. ", index + 1), &one_line(&step.action.title)));
            let command = one_line(&step.action.command);
            let line = self.cut(&format!("     {command}  "), &one_line(&tables::unlocks(step)));
            let _ = writeln!(out, "{}", line.trim_end().replacen(&command, &self.paint(YELLOW, &command), 1));
        }
        out
    }
}
