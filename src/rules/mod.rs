//! Rules: data, a page and a function each. Pure over the workspace and the history; they cannot fail, read no file and
//! no clock. One identity: the kebab-case name of the bad state.

pub mod approval;
pub mod assurance;
mod engine;
pub mod evidence;
mod links;
pub mod management;
pub mod objectives;
pub mod operation;
mod period;
pub mod policy;
mod registers;
mod similarity;
pub mod structure;
mod waiver;
pub mod wording;
mod words;

use std::sync::LazyLock;

use jiff::civil::Date;

pub use engine::{Finding, NotEvaluated, Verdict, Waived, run};
pub(crate) use evidence::facts::{days_after, months_after};
pub use waiver::WaivedBy;

use crate::catalog::{Catalog, Lexicon};
use crate::finding::{Problem, Severity};
use crate::history::Repository;
use crate::source::Span;
use crate::trust::{Judged, Record};
use crate::workspace::{ArtifactView, Workspace};

/// How grave a rule's findings are before configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Always this.
    Always(Severity),
    /// Error when the artifact it stands in is approved, else a warning: drafts may be unfinished.
    ErrorOnceApproved,
}

/// Shorthand for a rule's level.
pub const ERROR: Level = Level::Always(Severity::Error);
/// Shorthand for a rule's level.
pub const WARNING: Level = Level::Always(Severity::Warning);
/// Shorthand for a rule's level.
pub const NOTE: Level = Level::Always(Severity::Note);
/// Shorthand for a rule's level.
pub const ERROR_ONCE_APPROVED: Level = Level::ErrorOnceApproved;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name of the bad state; reads well after "allow".
    pub name: &'static str,
    /// One sentence, lower case, no full stop.
    pub summary: &'static str,
    /// Its page.
    pub docs: &'static str,
    /// How grave.
    pub level: Level,
    /// Clauses of the standard it rests on.
    pub clauses: &'static [&'static str],
    /// Version of smsctl that brought it.
    pub since: &'static str,
    /// Policy requirements (`P-036` is 36) it decides.
    pub requirements: &'static [u16],
    /// Settings with their defaults.
    pub options: &'static [RuleOption],
    /// Its function.
    pub check: Check,
}

/// A setting of a rule: a whole number.
#[derive(Debug)]
pub struct RuleOption {
    /// Kebab-case name.
    pub name: &'static str,
    /// Value when smsctl.toml says nothing.
    pub default: i64,
    /// What it does.
    pub about: &'static str,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// Reported while files are read.
    Reader,
    /// Looks at one artifact (and may look around).
    Artifact(fn(&Ctx<'_>, ArtifactView<'_>, &mut Sink)),
    /// Looks at the SMS as a whole.
    Workspace(fn(&Ctx<'_>, &mut Sink)),
    /// Reported by the engine: waivers, configuration.
    Engine,
    /// Reported from the evaluation of the history: its issues, and why approvals are refused.
    Trust,
    /// Looks at the history; needs all of it, but no trust policy.
    History(fn(&Ctx<'_>, &Record, &mut Sink)),
    /// Looks at approvals; needs a trust policy that can judge.
    Judged(fn(&Ctx<'_>, &Judged, &mut Sink)),
}

impl Rule {
    /// A problem of this rule at a place.
    pub fn problem(&self, span: Span, message: impl Into<String>) -> Problem {
        Problem::new(self.name, span, message)
    }
}

/// What a rule may know.
pub struct Ctx<'a> {
    /// The SMS.
    pub ws: &'a Workspace,
    /// The day dates are judged by.
    pub today: Date,
    /// The clock, when the day is the present one.
    pub now: Option<jiff::Timestamp>,
    /// The standard and the toolkit.
    pub catalog: &'a Catalog,
    /// Word lists of the SMS's language.
    pub words: Lexicon,
    /// What the history proves; none when nobody looked for a repository.
    pub record: Option<&'a Record>,
    /// Contents of the history by name; none without a repository.
    pub repository: Option<&'a Repository>,
    /// The file that says who reviews changes, when there is one.
    pub code_owners: Option<CodeOwners>,
    /// By artifact: whether it is approved as it is now; empty when nothing can be judged.
    standings: Vec<approval::Standing<'a>>,
    /// Which leftovers of templates may stand in each artifact. Worked out once, for several rules.
    suspects: wording::leftovers::Suspects,
}

impl<'a> Ctx<'a> {
    /// The knowledge of one run.
    #[must_use]
    pub fn new(ws: &'a Workspace, today: Date) -> Self {
        let mut words = Lexicon::built_in(&ws.config.language);
        let base = ws.config.language.split('-').next().unwrap_or_default();
        if let Some(lists) = ws.config.words.get(base) {
            words.apply(lists);
        }
        if base != ws.config.language
            && let Some(lists) = ws.config.words.get(&ws.config.language)
        {
            words.apply(lists);
        }
        let suspects = wording::leftovers::Suspects::of(ws, &words);
        let (record, repository, code_owners, standings) = (None, None, None, Vec::new());
        let now = None;
        Self { ws, today, now, catalog: &ws.catalog, words, record, repository, code_owners, standings, suspects }
    }

    /// The same with what the history proves. The rules read contents of the history from the repository.
    #[must_use]
    pub fn with_record(self, record: &'a Record, repository: Option<&'a Repository>) -> Self {
        let standings = record.judged().map(|j| approval::standings(self.ws, j)).unwrap_or_default();
        Self { record: Some(record), repository, standings, ..self }
    }

    /// The same with the clock of the present day.
    #[must_use]
    pub fn with_now(self, now: Option<jiff::Timestamp>) -> Self {
        Self { now, ..self }
    }

    /// The same with the file that says who reviews changes.
    #[must_use]
    pub fn with_code_owners(self, code_owners: Option<CodeOwners>) -> Self {
        Self { code_owners, ..self }
    }

    /// What was judged, when it was.
    #[must_use]
    pub fn judged(&self) -> Option<&'a Judged> {
        self.record?.judged()
    }

    /// A rule's setting: from smsctl.toml, else its default.
    #[must_use]
    pub fn number(&self, rule: &Rule, option: &str) -> i64 {
        number(self.ws, rule, option)
    }
}

/// A rule's setting in an SMS: from smsctl.toml, else its default.
#[must_use]
pub fn number(ws: &Workspace, rule: &Rule, option: &str) -> i64 {
    let set = ws.config.rule(rule.name).and_then(|s| s.options.str(option)?.replace('_', "").parse().ok());
    let default = || rule.options.iter().find(|o| o.name == option).map_or(0, |o| o.default);
    set.unwrap_or_else(default)
}

/// CODEOWNERS: where the Git service reads who must review a change.
#[derive(Clone, Debug)]
pub struct CodeOwners {
    /// Path below the root of the SMS when it lies there, else as seen from the root of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Folder of the SMS below the root of the repository; empty when they are the same.
    pub prefix: String,
}

impl CodeOwners {
    /// Where Git services look for it below the top of the repository, in this order.
    pub const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// The file at a place below the top of the repository.
    #[must_use]
    pub fn at(place: &str, text: String, prefix: &str) -> Self {
        let below = if prefix.is_empty() { Some(place) } else { place.strip_prefix(&format!("{prefix}/")) };
        Self { path: below.unwrap_or(place).to_owned(), text, prefix: prefix.to_owned() }
    }
}

/// Takes what a rule reports.
#[derive(Debug, Default)]
pub struct Sink {
    problems: Vec<Problem>,
    not_evaluated: Vec<String>,
}

impl Sink {
    /// Reports a problem.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Says why the rule could not decide; listed in every report.
    pub fn not_evaluated(&mut self, reason: impl Into<String>) {
        self.not_evaluated.push(reason.into());
    }
}

static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut all: Vec<&'static Rule> = [
        approval::RULES,
        assurance::RULES,
        evidence::RULES,
        management::RULES,
        objectives::RULES,
        operation::RULES,
        policy::RULES,
        structure::RULES,
        wording::RULES,
    ]
    .concat();
    all.sort_by_key(|r| r.name);
    all
});

/// All rules, sorted by name.
#[must_use]
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// A rule by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let index = ALL.binary_search_by_key(&name, |r| r.name).ok()?;
    ALL.get(index).copied()
}

/// The rule that decides a policy requirement such as `P-036`.
#[must_use]
pub fn by_requirement(id: &str) -> Option<&'static Rule> {
    let number: u16 = id.strip_prefix("P-").or_else(|| id.strip_prefix("p-"))?.parse().ok()?;
    ALL.iter().find(|r| r.requirements.contains(&number)).copied()
}
