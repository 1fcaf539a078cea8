//! The gates of certification.

use super::decide::{Facts, Part, PartState, distinct};
use super::need::Need;
use super::{Evidence, Missing};
use crate::catalog::{Gate, GateCondition};

/// A condition with its state.
#[derive(Clone, Debug)]
pub struct ConditionState {
    /// Its short name.
    pub id: String,
    /// What must hold.
    pub text: String,
    /// How it stands.
    pub state: PartState,
    /// What meets it.
    pub evidence: Vec<Evidence>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// A gate with its state.
#[derive(Clone, Debug)]
pub struct GateState {
    /// `stage-1`.
    pub id: String,
    /// `Ready for stage 1`.
    pub title: String,
    /// When it passes.
    pub passes_when: String,
    /// All conditions, in order.
    pub conditions: Vec<ConditionState>,
}

impl GateState {
    /// All conditions are met.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.conditions.iter().all(|c| c.state == PartState::Met)
    }
}

pub(super) fn all(facts: &Facts<'_>) -> Vec<GateState> {
    let mut done: Vec<GateState> = Vec::new();
    for gate in &facts.yardstick.stages.gates {
        let state = state(facts, gate, &done);
        done.push(state);
    }
    done
}

fn state(facts: &Facts<'_>, gate: &Gate, done: &[GateState]) -> GateState {
    GateState {
        id: gate.id.clone(),
        title: gate.title.clone(),
        passes_when: gate.passes_when.clone(),
        conditions: gate.conditions.iter().map(|c| condition(facts, c, done)).collect(),
    }
}

fn condition(facts: &Facts<'_>, condition: &GateCondition, done: &[GateState]) -> ConditionState {
    let decide = |need: &String| match Need::parse(need) {
        Some(Need::Gate(id)) => earlier(need, &id, done),
        _ => facts.decide(need),
    };
    let parts: Vec<Part> = condition.needs.iter().map(decide).collect();
    let any = |state| parts.iter().any(|p| p.state == state);
    let state = match (any(PartState::Unmet), any(PartState::Undecided)) {
        (true, _) => PartState::Unmet,
        (false, true) => PartState::Undecided,
        (false, false) => PartState::Met,
    };
    ConditionState {
        id: condition.id.clone(),
        text: condition.text.clone(),
        state,
        evidence: distinct(parts.iter().flat_map(|p| p.evidence.iter().cloned()).collect()),
        missing: parts.into_iter().flat_map(|p| p.missing).collect(),
    }
}

/// A gate may rest on one that stands before it.
fn earlier(need: &str, id: &str, done: &[GateState]) -> Part {
    let gate = done.iter().find(|g| g.id == id);
    let open = |g: &GateState| g.conditions.iter().filter(|c| c.state != PartState::Met).count();
    let missing = match gate {
        Some(gate) if gate.passed() => Vec::new(),
        Some(gate) => {
            vec![Missing::new(format!("{} of its {} conditions are not met", open(gate), gate.conditions.len()), None)]
        }
        None => vec![Missing::new(format!("there is no gate {id} before this one"), None)],
    };
    let undecided = gate.is_some_and(|g| !g.conditions.iter().any(|c| c.state == PartState::Unmet));
    let state = match (missing.is_empty(), undecided) {
        (true, _) => PartState::Met,
        (false, true) => PartState::Undecided,
        (false, false) => PartState::Unmet,
    };
    Part { need: need.to_owned(), state, evidence: Vec::new(), missing }
}
