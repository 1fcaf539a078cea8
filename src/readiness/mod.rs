//! Readiness: how far an SMS is, clause by clause, question by question, gate by gate, and what to do next.
//!
//! Pure over the workspace, the rules' verdict, the history and the catalogue. The rules run once, before. Nothing that is
//! missing counts as passed: a demand is met by something that is there, or it is listed as missing.

mod audits;
mod certification;
mod checklist;
mod clauses;
mod decide;
mod documents;
pub mod due;
mod entries;
mod gates;
mod need;
mod need_in_words;
mod next;
mod records;
mod select;
mod special;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use audits::{AuditCycle, AuditPlan, AuditState, ClauseCoverage, Proposal, Reason, audit_plan};
pub use certification::{Certification, NextAudit, TimingMark, TimingState, certification};
pub use checklist::{QuestionState, QuestionVerdict};
pub use clauses::{ClauseState, ClauseVerdict, Counts, Demanded};
pub use decide::{Part, PartState};
pub use documents::{Approval, DocumentState};
pub use due::{Duty, duties};
pub use gates::{ConditionState, GateState};
pub use need::{Need, Selector};
pub use next::NextStep;
pub use records::Dated;
pub(crate) use records::newest;
pub(crate) use select::{entries, entries_of, is_ended};
pub use special::is_predicate;

use crate::catalog::{Catalog, Demand, Question, Stages, built_in_demands};
use crate::rules::evidence::{ProgrammeGate, programme};
use crate::rules::{Ctx, Verdict};

/// Something of the SMS that shows something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Path below the root.
    pub path: String,
    /// Id of the artifact or entity.
    pub id: String,
}

/// What is missing, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What, in words; lower case start, no full stop.
    pub text: String,
    /// What to do, when one thing mends it.
    pub action: Option<Action>,
}

impl Missing {
    fn new(text: impl Into<String>, action: Option<Action>) -> Self {
        Self { text: text.into(), action }
    }
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action {
    /// What to do, as an imperative sentence without full stop.
    pub title: String,
    /// The command to run.
    pub command: String,
    /// Its day has passed.
    pub overdue: bool,
}

impl Action {
    fn new(title: impl Into<String>, command: impl Into<String>) -> Self {
        Self { title: title.into(), command: command.into(), overdue: false }
    }
}

/// What readiness is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Yardstick<'c> {
    /// What counts for each clause.
    pub demands: &'c BTreeMap<String, Demand>,
    /// Questions.
    pub questions: &'c [Question],
    /// Stages and gates.
    pub stages: &'c Stages,
    /// Documents that say that they are approved count where that cannot be verified.
    pub accept_claims: bool,
}

impl<'c> Yardstick<'c> {
    /// For a catalogue and its questions. What counts for the clauses of another standard is told by its own table alone.
    #[must_use]
    pub fn new(catalog: &Catalog, questions: &'c [Question]) -> Self {
        static NONE: BTreeMap<String, Demand> = BTreeMap::new();
        let demands = if catalog.is_built_in_standard() { built_in_demands() } else { &NONE };
        Self { demands, questions, stages: Stages::built_in(), accept_claims: false }
    }

    /// The same, with whether claims of approval count where nothing can be verified.
    #[must_use]
    pub fn accepting_claims(self, accept_claims: bool) -> Self {
        Self { accept_claims, ..self }
    }
}

/// How far an SMS is.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// The day dates were judged by.
    pub today: Date,
    /// First day of the twelve months records are looked for in.
    pub since: Date,
    /// Why approvals were not judged from the history; none when they were.
    pub not_judged: Option<String>,
    /// Claims of approval were accepted in their place, because somebody asked for it.
    pub claims_accepted: bool,
    /// All clauses in the order of the standard, parents among them.
    pub clauses: Vec<ClauseState>,
    /// All questions in their order.
    pub questions: Vec<QuestionState>,
    /// All gates in their order.
    pub gates: Vec<GateState>,
    /// The first ninety days of the programme.
    pub plan: Vec<ProgrammeGate>,
    /// Where the SMS stands in the cycle of its certificate; none without one on record.
    pub certification: Option<Certification>,
    /// Everything with a date, earliest first.
    pub due: Vec<Duty>,
    /// The most useful next steps, most useful first.
    pub next: Vec<NextStep>,
}

impl Readiness {
    /// Clauses nothing stands below.
    pub fn leaves(&self) -> impl Iterator<Item = &ClauseState> {
        self.clauses.iter().filter(|c| c.is_leaf())
    }

    /// A gate by its id.
    #[must_use]
    pub fn gate(&self, id: &str) -> Option<&GateState> {
        self.gates.iter().find(|g| g.id == id)
    }
}

/// Measures an SMS. `verdict` is what the rules said of it on the same day.
#[must_use]
pub fn assess(ctx: &Ctx<'_>, verdict: &Verdict, yardstick: Yardstick<'_>) -> Readiness {
    let facts = decide::Facts::new(ctx, verdict, yardstick);
    let clauses = clauses::all(&facts);
    let facts = facts.with_clauses(&clauses);
    let questions = checklist::all(&facts);
    let gates = gates::all(&facts);
    let due = duties(ctx.ws, ctx.today);
    let next = next::steps(&clauses, &questions, &gates);
    let not_judged = facts.why_not_judged().map(str::to_owned);
    Readiness {
        today: ctx.today,
        since: facts.since,
        claims_accepted: not_judged.is_some() && yardstick.accept_claims,
        not_judged,
        plan: programme(ctx),
        certification: certification(ctx.ws, ctx.today),
        clauses,
        questions,
        gates,
        due,
        next,
    }
}
