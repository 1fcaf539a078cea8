//! Each question of the checklist: what answers it, what is missing, what is left to the interview.

use super::decide::{Facts, Part, PartState, distinct};
use super::{Evidence, Missing};
use crate::catalog::Question;

/// Whether a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuestionVerdict {
    /// Nothing that answers it is there.
    Open,
    /// Something is there; something is missing.
    Partly,
    /// All a program can see is there; the rest shows in an interview or on site.
    NeedsInterview,
    /// Yes.
    Answered,
}

impl QuestionVerdict {
    /// `open`, `partly`, `needs-interview` or `answered`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partly => "partly",
            Self::NeedsInterview => "needs-interview",
            Self::Answered => "answered",
        }
    }
}

/// A question with its state.
#[derive(Clone, Debug)]
pub struct QuestionState {
    /// The question.
    pub question: Question,
    /// Whether it is answered.
    pub verdict: QuestionVerdict,
    /// Its needs, one by one.
    pub parts: Vec<Part>,
}

impl QuestionState {
    /// What answers it.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        distinct(self.parts.iter().flat_map(|p| p.evidence.iter().cloned()).collect())
    }

    /// What is missing, each said once.
    #[must_use]
    pub fn missing(&self) -> Vec<&Missing> {
        let mut out: Vec<&Missing> = Vec::new();
        for missing in self.parts.iter().flat_map(|p| &p.missing) {
            if !out.contains(&missing) {
                out.push(missing);
            }
        }
        out
    }
}

pub(super) fn all(facts: &Facts<'_>) -> Vec<QuestionState> {
    facts.yardstick.questions.iter().map(|q| state(facts, q)).collect()
}

fn state(facts: &Facts<'_>, question: &Question) -> QuestionState {
    let parts: Vec<Part> = question.needs.iter().map(|n| facts.decide(n)).collect();
    QuestionState { question: question.clone(), verdict: verdict(question, &parts), parts }
}

/// Silent rules alone answer nothing: they are silent in an empty SMS too.
fn verdict(question: &Question, parts: &[Part]) -> QuestionVerdict {
    let met = |p: &Part| p.state == PartState::Met;
    if parts.iter().all(met) {
        let whole = if question.automatic { QuestionVerdict::Answered } else { QuestionVerdict::NeedsInterview };
        return whole;
    }
    let shown = |p: &Part| !p.need.starts_with("rule ") && !p.evidence.is_empty();
    if parts.iter().any(shown) { QuestionVerdict::Partly } else { QuestionVerdict::Open }
}
