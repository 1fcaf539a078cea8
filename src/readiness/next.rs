//! The most useful next steps.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::checklist::QuestionState;
use super::clauses::ClauseState;
use super::gates::GateState;
use super::{Action, Missing};

/// A next step, and what it unlocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// What to do.
    pub action: Action,
    /// Why, in words.
    pub why: String,
    /// The next gate, when the step is needed to pass it.
    pub gate: Option<String>,
    /// Leaf clauses that wait for it.
    pub clauses: Vec<String>,
    /// Questions that wait for it.
    pub questions: Vec<String>,
}

/// How many are told.
const TOLD: usize = 5;

#[derive(Default)]
struct Waiting {
    action: Option<Action>,
    why: String,
    blocks: bool,
    clauses: BTreeSet<String>,
    questions: BTreeSet<String>,
}

/// The five most useful: what blocks the next gate first, then what is overdue, then what most clauses and questions wait for.
pub(super) fn steps(clauses: &[ClauseState], questions: &[QuestionState], gates: &[GateState]) -> Vec<NextStep> {
    let gate = gates.iter().find(|g| !g.passed());
    let mut found: BTreeMap<String, Waiting> = BTreeMap::new();
    for missing in gate.iter().flat_map(|g| &g.conditions).flat_map(|c| &c.missing) {
        note(&mut found, missing, |w| w.blocks = true);
    }
    for clause in clauses {
        for missing in &clause.missing {
            note(&mut found, missing, |w| {
                w.clauses.insert(clause.id.clone());
            });
        }
    }
    for question in questions {
        for missing in question.missing() {
            note(&mut found, missing, |w| {
                w.questions.insert(question.question.id.clone());
            });
        }
    }
    let mut all: Vec<NextStep> = found.into_values().filter_map(|w| step(w, gate)).collect();
    let rank = |s: &NextStep| {
        let unlocks = s.clauses.len() + s.questions.len();
        (s.gate.is_none(), !s.action.overdue, Reverse(unlocks), s.action.title.clone())
    };
    all.sort_by_cached_key(rank);
    all.truncate(TOLD);
    all
}

/// One thing to do may mend many things that are missing: it is told apart by its title.
fn note(found: &mut BTreeMap<String, Waiting>, missing: &Missing, mark: impl FnOnce(&mut Waiting)) {
    let Some(action) = &missing.action else { return };
    let waiting = found.entry(action.title.clone()).or_default();
    if waiting.action.is_none() {
        waiting.why.clone_from(&missing.text);
    }
    let known = waiting.action.get_or_insert_with(|| action.clone());
    known.overdue |= action.overdue;
    mark(waiting);
}

fn step(waiting: Waiting, gate: Option<&GateState>) -> Option<NextStep> {
    Some(NextStep {
        action: waiting.action?,
        why: waiting.why,
        gate: gate.filter(|_| waiting.blocks).map(|g| g.id.clone()),
        clauses: waiting.clauses.into_iter().collect(),
        questions: waiting.questions.into_iter().collect(),
    })
}
