//! Whether a need is met, by what, and what is missing.

use jiff::civil::Date;

use super::documents::{self, DocumentState};
use super::need::Need;
use super::records::{Dated, dated};
use super::select::{entries, entries_of};
use super::{Action, ClauseState, Evidence, Missing, Yardstick, special};
use crate::finding::Severity;
use crate::rules::{self, Ctx, Verdict};
use crate::workspace::{ArtifactView, EntityView};

/// How a need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Something that is there meets it.
    Met,
    /// Something is missing.
    Unmet,
    /// A rule that decides it could not be evaluated, or is switched off.
    Undecided,
}

/// A need with its state.
#[derive(Clone, Debug)]
pub struct Part {
    /// The need, in the language of [`Need`].
    pub need: String,
    /// How it stands.
    pub state: PartState,
    /// What meets it, or what there is of it.
    pub evidence: Vec<Evidence>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// All that decisions rest on.
pub(super) struct Facts<'a> {
    pub ctx: &'a Ctx<'a>,
    pub verdict: &'a Verdict,
    pub yardstick: Yardstick<'a>,
    /// A year before today.
    pub since: Date,
    /// By artifact; none for those out of use.
    pub documents: Vec<Option<DocumentState>>,
    /// Once they are known.
    pub clauses: &'a [ClauseState],
}

/// What a decision finds.
pub(super) type Found = (Vec<Evidence>, Vec<Missing>);

impl<'a> Facts<'a> {
    pub fn new(ctx: &'a Ctx<'a>, verdict: &'a Verdict, yardstick: Yardstick<'a>) -> Self {
        let since = back(ctx.today, jiff::Span::new().years(1));
        let documents = documents::all(ctx, verdict);
        Self { ctx, verdict, yardstick, since, documents, clauses: &[] }
    }

    pub fn with_clauses(self, clauses: &'a [ClauseState]) -> Self {
        Self { clauses, ..self }
    }

    /// Artifacts in use, each with its state.
    pub fn current(&self) -> impl Iterator<Item = (ArtifactView<'a>, &DocumentState)> {
        let state = |a: ArtifactView<'a>| Some((a, self.documents.get(a.ix)?.as_ref()?));
        self.ctx.ws.artifacts().filter_map(state)
    }

    /// Whether a document grew from a toolkit entry: by its own word, as its register, or, when it names no entry, by its
    /// number or its kind and first clause.
    pub fn is_grown_from(&self, artifact: ArtifactView<'_>, entry: &str) -> bool {
        let catalog = self.ctx.catalog;
        let Some(known) = catalog.entry(entry) else { return false };
        let template = artifact.front().str("template");
        let register = artifact.register().filter(|_| artifact.kind() == "register");
        let alike = || artifact.id() == known.doc_no || known.clauses.first().is_some_and(|c| artifact.claims(c));
        let by_kind = template.is_none() && known.register.is_none() && artifact.kind() == known.kind;
        catalog.is_of_entry(known, template, register) || (by_kind && alike())
    }

    /// Documents grown from a toolkit entry.
    pub fn grown_from(&self, entry: &str) -> Vec<(ArtifactView<'a>, &DocumentState)> {
        self.current().filter(|(a, _)| self.is_grown_from(*a, entry)).collect()
    }

    /// Entries of a register.
    pub fn entries<'s>(&self, register: &'s str) -> impl Iterator<Item = EntityView<'s>>
    where
        'a: 's,
    {
        entries(self.ctx.ws, register)
    }

    /// An entry as a record. What waits to be filled in shows nothing yet.
    pub fn dated(&self, entity: EntityView<'_>) -> Option<Dated> {
        let unfinished = entity.is_artifact() && self.unfinished(entity.artifact()).is_some();
        dated(entity, self.ctx.today).filter(|_| !unfinished && !waits(entity.node()))
    }

    /// Decides one need of the language.
    pub fn decide(&self, text: &str) -> Part {
        let part = |(evidence, missing): Found| {
            let state = if missing.is_empty() { PartState::Met } else { PartState::Unmet };
            Part { need: text.to_owned(), state, evidence: distinct(evidence), missing }
        };
        match Need::parse(text) {
            Some(Need::Rule(name)) => self.if_all_is_read(self.rule(text, &name)),
            Some(Need::Is(name)) if name == special::APPROVALS_VERIFIED => self.approvals(text),
            Some(need) if rests_on_absence(&need) => self.if_all_is_read(part(self.found(&need))),
            Some(need) => part(self.found(&need)),
            None => part(nothing(format!("`{text}` is not understood"), None)),
        }
    }

    /// That nothing was found is no answer while a file cannot be read.
    fn if_all_is_read(&self, part: Part) -> Part {
        let broken = self.ctx.ws.broken_files();
        let Some(first) = broken.first().filter(|_| part.state == PartState::Met) else { return part };
        let action = Action::new(format!("Repair {first}"), format!("smsctl check {first}"));
        let missing = vec![Missing::new(format!("{first} cannot be read"), Some(action))];
        Part { state: PartState::Undecided, missing, ..part }
    }

    /// Why nothing is known of approvals; none when they are judged.
    pub fn why_not_judged(&self) -> Option<&'a str> {
        let why = |record: &'a crate::trust::Record| record.why_not().map_or("", |why| why.reason());
        self.ctx.judged().is_none().then(|| self.ctx.record.map_or("nobody looked for a history", why))
    }

    /// Approvals are verified, or it is open whether they are: what a file says of itself proves nothing.
    fn approvals(&self, text: &str) -> Part {
        let why = self.why_not_judged().filter(|_| !self.yardstick.accept_claims);
        let missing = why.map(|why| {
            let action = Action::new("Verify the approvals", "smsctl verify");
            Missing::new(format!("approvals cannot be verified: {why}"), Some(action))
        });
        let state = if missing.is_some() { PartState::Undecided } else { PartState::Met };
        Part { need: text.to_owned(), state, evidence: Vec::new(), missing: missing.into_iter().collect() }
    }

    fn found(&self, need: &Need) -> Found {
        match need {
            Need::Document(names) => self.document(names),
            Need::Register(names) => self.register(names),
            Need::Some(s, fields) => self.some(s, fields),
            Need::Each(s, fields) => self.each(s, fields),
            Need::None(s, only_open) => self.none(s, *only_open),
            Need::Future(s, field) => self.future(s, field),
            Need::Ordered(s, a, b) => self.ordered(s, a, b),
            Need::Referred(s, other, field) => self.referred(s, other, field),
            Need::Recent(s, period, field) => self.recent(s, *period, field.as_deref()),
            Need::Since(s, period) => self.old_enough(s, *period),
            Need::Section(entry, words) => self.section(entry, words),
            Need::Mention(entry, words) => self.mention(entry, words),
            Need::ReviewCovers(keys) => special::review_covers(self, keys),
            Need::AuditsCover(period) => special::audits_cover(self, *period),
            Need::Is(name) => special::decide(self, name),
            Need::Rule(_) | Need::Gate(_) => nothing("it is decided elsewhere", None),
        }
    }

    /// The best of the documents that may meet it decides.
    fn document(&self, names: &[String]) -> Found {
        let all: Vec<_> = names.iter().flat_map(|n| self.grown_from(n)).map(|(_, d)| d).collect();
        let Some(best) = all.iter().max_by_key(|d| d.step()) else {
            let (entry, title) = self.first_entry(names);
            let action = Action::new(format!("Write the {title}"), format!("smsctl new {entry}"));
            return nothing(format!("there is no {title}"), Some(action));
        };
        (all.iter().map(|d| d.evidence.clone()).collect(), best.missing())
    }

    fn first_entry(&self, names: &[String]) -> (String, String) {
        let entry = names.first().cloned().unwrap_or_default();
        let title = self.ctx.catalog.entry(&entry).map_or_else(|| entry.clone(), |e| e.title.clone());
        (entry, title)
    }

    pub(super) fn register(&self, names: &[String]) -> Found {
        let ws = self.ctx.ws;
        let artifacts: Vec<_> = names.iter().flat_map(|n| ws.register(n)).filter(|a| a.is_current()).collect();
        let holding: Vec<_> = artifacts.iter().filter(|a| entries_of(**a).next().is_some()).collect();
        let evidence: Vec<Evidence> = holding.iter().map(|a| whereabouts(**a)).collect();
        let finished = |a: &&&ArtifactView<'_>| self.unfinished(***a).is_none();
        if holding.iter().any(|a| finished(&a)) {
            return (evidence, Vec::new());
        }
        let name = names.first().map_or("", String::as_str);
        let open = holding.first().and_then(|a| self.unfinished(**a)).cloned();
        let empty = || Missing::new(empty_register(name, artifacts.is_empty()), Some(self.fill(name)));
        (evidence, vec![open.unwrap_or_else(empty)])
    }

    /// Why a document shows nothing yet: it is not finished, or not approved.
    pub(super) fn not_in_force(&self, artifact: ArtifactView<'_>) -> Option<Missing> {
        let state = self.documents.get(artifact.ix)?.as_ref()?;
        let missing = || state.missing().into_iter().next();
        (state.unfinished || !state.approval.holds()).then(missing).flatten()
    }

    /// What a template left behind in a document: it shows nothing yet.
    fn unfinished(&self, artifact: ArtifactView<'_>) -> Option<&Missing> {
        let state = self.documents.get(artifact.ix)?.as_ref()?;
        state.stale.first().filter(|_| state.unfinished)
    }

    /// How to get entries into a register.
    pub fn fill(&self, register: &str) -> Action {
        match self.ctx.ws.register(register).find(|a| a.is_current()) {
            None => Action::new(format!("Start the register {register}"), format!("smsctl new register {register}")),
            Some(found) => Action::new(
                format!("Bring the register {register} up to date ({})", found.path()),
                format!("smsctl explain {register}"),
            ),
        }
    }

    /// A rule is silent when it was evaluated and nothing it reports stands. A note that something is near is no defect.
    fn rule(&self, text: &str, name: &str) -> Part {
        let ahead = |f: &&rules::Finding| f.problem.severity == Some(Severity::Note);
        let found: Vec<_> = self.verdict.findings.iter().filter(|f| f.rule.name == name && !ahead(f)).collect();
        let place = |f: &&rules::Finding| Evidence {
            path: self.ctx.ws.sources.path(f.problem.span).to_owned(),
            id: f.problem.subject.clone().unwrap_or_default(),
        };
        let evidence = distinct(found.iter().map(place).collect());
        let (state, missing) = if let Some(first) = found.first() {
            let more = if found.len() > 1 { format!(" (and {} more)", found.len() - 1) } else { String::new() };
            let action = Action::new(format!("Mend what {name} reports"), format!("smsctl explain {name}"));
            (PartState::Unmet, vec![Missing::new(format!("{}{more}", first.problem.message), Some(action))])
        } else if let Some(why) = self.unevaluated(name) {
            (PartState::Undecided, vec![Missing::new(format!("{name} could not be judged: {why}"), None)])
        } else {
            (PartState::Met, Vec::new())
        };
        Part { need: text.to_owned(), state, evidence, missing }
    }

    fn unevaluated(&self, name: &str) -> Option<String> {
        if rules::find(name).is_none() {
            return Some("there is no such rule".into());
        }
        if self.ctx.ws.config.rule(name).is_some_and(|s| s.severity == Some(None)) {
            return Some("it is switched off in smsctl.toml".into());
        }
        let entry = self.verdict.not_evaluated.iter().find(|n| n.rule == name)?;
        Some(entry.reason.clone())
    }

    fn section(&self, entry: &str, words: &[String]) -> Found {
        let found = self.grown_from(entry);
        if found.is_empty() {
            return self.document(&[entry.to_owned()]);
        }
        let evidence = found.iter().map(|(_, d)| d.evidence.clone()).collect();
        if found.iter().any(|(a, _)| has_section(*a, words)) {
            return (evidence, Vec::new());
        }
        let Some((artifact, state)) = found.first() else { return (evidence, Vec::new()) };
        let id = &state.evidence.id;
        let text = format!("{id} has no text under a heading about {}", words.join(" or "));
        let complete = || Action::new(format!("Complete {id}"), format!("smsctl check {}", artifact.path()));
        let action = state.missing().into_iter().find_map(|m| m.action).unwrap_or_else(complete);
        (evidence, vec![Missing::new(text, Some(action))])
    }

    /// Whether a document speaks of something at all.
    fn mention(&self, entry: &str, words: &[String]) -> Found {
        let found = self.grown_from(entry);
        let Some((artifact, state)) = found.first() else { return self.document(&[entry.to_owned()]) };
        let evidence = found.iter().map(|(_, d)| d.evidence.clone()).collect();
        if found.iter().any(|(a, _)| speaks_of(*a, words)) {
            return (evidence, Vec::new());
        }
        let id = &state.evidence.id;
        let complete = || Action::new(format!("Complete {id}"), format!("smsctl check {}", artifact.path()));
        let action = state.missing().into_iter().find_map(|m| m.action).unwrap_or_else(complete);
        (evidence, vec![Missing::new(format!("{id} does not speak of {}", words.join(" or ")), Some(action))])
    }
}

/// Whether a need is met by what is not there.
fn rests_on_absence(need: &Need) -> bool {
    match need {
        Need::None(..) | Need::Rule(_) => true,
        Need::Is(name) => special::rests_on_absence(name),
        _ => false,
    }
}

/// Whether a word stands in the body, outside a placeholder's block.
fn speaks_of(artifact: ArtifactView<'_>, words: &[String]) -> bool {
    let blocks = artifact.document().body.blocks.iter().filter_map(|b| artifact.text().get(b.span.range()));
    let mut told = blocks.filter(|t| !t.contains("TODO(")).map(str::to_lowercase);
    told.any(|text| words.iter().any(|w| text.contains(w.as_str())))
}

/// A day so long before another; stops at the start of the calendar.
pub(super) fn back(from: Date, period: jiff::Span) -> Date {
    from.checked_sub(period).unwrap_or(Date::MIN)
}

/// A heading with one of the words and at least one block of text below it that is not a heading.
fn has_section(artifact: ArtifactView<'_>, words: &[String]) -> bool {
    use crate::document::BlockKind;
    let body = &artifact.document().body;
    let about = |h: &crate::document::Heading| {
        let title = h.text.to_lowercase();
        words.iter().any(|w| title.contains(w.as_str()))
    };
    let told = |ix: usize| {
        let mut blocks = body.section(ix).iter().filter(|b| b.kind != BlockKind::Heading);
        blocks.any(|b| artifact.text().get(b.span.range()).is_some_and(|t| !t.contains("TODO(")))
    };
    body.headings.iter().enumerate().any(|(ix, h)| about(h) && told(ix))
}

/// Whether a value or a part of it waits to be filled in.
fn waits(node: &crate::document::Node) -> bool {
    node.as_str().is_some_and(|text| text.contains("TODO("))
        || node.items().iter().any(waits)
        || node.fields().iter().any(|f| waits(&f.value))
}

pub(super) fn whereabouts(artifact: ArtifactView<'_>) -> Evidence {
    Evidence { path: artifact.path().to_owned(), id: artifact.id().to_owned() }
}

pub(super) fn distinct(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort();
    evidence.dedup();
    evidence
}

pub(super) fn nothing(text: impl Into<String>, action: Option<Action>) -> Found {
    (Vec::new(), vec![Missing::new(text, action)])
}

pub(super) fn empty_register(name: &str, absent: bool) -> String {
    if absent { format!("there is no register {name}") } else { format!("the register {name} has no entries") }
}

/// The first ids of many.
pub(super) fn few(ids: &[&str]) -> String {
    let shown = ids.get(..3).filter(|_| ids.len() > 4);
    shown.map_or_else(|| ids.join(", "), |first| format!("{} and {} more", first.join(", "), ids.len() - 3))
}
