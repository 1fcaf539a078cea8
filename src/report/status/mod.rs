//! Readiness for people and for programs.

mod cycle;
mod human;
mod json;
mod tables;

pub use human::{StatusOptions, render as status_human};
pub use json::render as status_json;
pub use tables::markdown as status_markdown;

use jiff::civil::Date;

use crate::readiness::{ClauseState, Counts, GateState, PartState, QuestionVerdict, Readiness};
use crate::workspace::{Workspace, is_within};

/// What a status is about, and which parts of it are wanted.
pub struct Status<'s> {
    /// The SMS.
    pub ws: &'s Workspace,
    /// The folder, as seen from where the command was run.
    pub root: &'s str,
    /// How far it is.
    pub readiness: &'s Readiness,
    /// The parts wanted; none for the summary.
    pub sections: Sections,
    /// Only this clause and those below it.
    pub clause: Option<String>,
}

/// Parts of a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// Each clause.
    pub clauses: bool,
    /// Each question.
    pub checklist: bool,
    /// Each gate with its conditions.
    pub gates: bool,
    /// The first ninety days.
    pub plan: bool,
    /// The cycle of the certificate with its dates.
    pub certification: bool,
}

impl Sections {
    /// None is asked for.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Status<'_> {
    fn leaves(&self) -> impl Iterator<Item = &ClauseState> {
        self.readiness.leaves().filter(|c| self.wants(&c.id))
    }

    fn wants(&self, clause: &str) -> bool {
        self.clause.as_ref().is_none_or(|wanted| is_within(clause, wanted))
    }

    fn counts(&self) -> Counts {
        Counts::of(self.leaves().map(|c| c.verdict))
    }

    fn questions(&self, verdict: QuestionVerdict) -> usize {
        self.readiness.questions.iter().filter(|q| q.verdict == verdict).count()
    }
}

/// How many conditions are met, of how many.
fn met(gate: &GateState) -> (usize, usize) {
    (gate.conditions.iter().filter(|c| c.state == PartState::Met).count(), gate.conditions.len())
}

fn part_word(state: PartState) -> &'static str {
    match state {
        PartState::Met => "met",
        PartState::Unmet => "missing",
        PartState::Undecided => "undecided",
    }
}

/// `in 5 days`, `today`, `3 days ago`.
pub(crate) fn days_in_words(days: i32) -> String {
    let n = days.unsigned_abs();
    let unit = if n == 1 { "day" } else { "days" };
    match days {
        0 => "today".into(),
        d if d > 0 => format!("in {n} {unit}"),
        _ => format!("{n} {unit} ago"),
    }
}

fn day(on: Option<Date>) -> String {
    on.map_or_else(String::new, |d| d.to_string())
}

#[cfg(test)]
mod tests {
    use super::days_in_words;

    #[test]
    fn days_are_told_as_people_say_them() {
        assert_eq!(
            [-2, -1, 0, 1, 30].map(days_in_words),
            ["2 days ago", "1 day ago", "today", "in 1 day", "in 30 days"]
        );
    }
}
