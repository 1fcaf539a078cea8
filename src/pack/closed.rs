//! What is said of documents whose whole text stays: findings and readiness are judged with that text, and may not quote it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::disclosure::Disclosure;
use crate::document::FrontMatter;
use crate::readiness::{Evidence, Missing, Readiness};
use crate::report::{Location, ReportFinding, RunReport};
use crate::source::Position;
use crate::workspace::Workspace;

/// What stands where something was said of them.
const INSTEAD: &str = "something in a document whose text is withheld";

/// The documents whose text stays, and the words that stand in them alone.
pub(super) struct Closed {
    /// Paths, CSV files of entries among them, with the id of the document.
    paths: BTreeMap<String, String>,
    words: HashSet<String>,
}

impl Closed {
    /// `private` is the SMS as it is, `public` as it may be shown.
    pub fn of(private: &Workspace, public: &Workspace, disclosure: &Disclosure) -> Self {
        let mut paths = BTreeMap::new();
        for artifact in private.artifacts().filter(|a| disclosure.is_closed(a.path())) {
            let id = artifact.id().to_owned();
            paths.extend(artifact.entries_path().map(|csv| (csv, id.clone())));
            paths.insert(artifact.path().to_owned(), id);
        }
        if !disclosure.all_leaves() {
            // Nobody can say of a document that cannot be read whether it may leave.
            let broken = private.documents.iter().filter(|d| matches!(d.front, FrontMatter::Broken { .. }));
            paths.extend(broken.map(|d| (private.sources.file(d.file).path.clone(), String::new())));
        }
        let texts = |ws: &Workspace, closed: bool| -> HashSet<String> {
            let files = ws.sources.files().iter().filter(|f| !closed || paths.contains_key(&f.path));
            files.flat_map(|f| words(&f.text).map(str::to_lowercase).collect::<Vec<_>>()).collect()
        };
        let shown = texts(public, false);
        let words = texts(private, true).difference(&shown).cloned().collect();
        Self { paths, words }
    }

    /// Whether a sentence quotes what stands in them alone.
    fn is_quoted(&self, text: &str) -> bool {
        !self.words.is_empty() && words(text).any(|word| self.words.contains(&word.to_lowercase()))
    }

    fn holds(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    /// A report that says of them only which rule they break.
    pub fn report(&self, mut report: RunReport) -> RunReport {
        report.findings.iter_mut().for_each(|finding| self.finding(finding));
        for (finding, by) in &mut report.waived {
            self.finding(finding);
            if self.holds(&finding.location.path) || self.is_quoted(&by.reason) {
                INSTEAD.clone_into(&mut by.reason);
            }
        }
        for one in &mut report.not_evaluated {
            if self.is_quoted(&one.reason) {
                INSTEAD.clone_into(&mut one.reason);
            }
        }
        report
    }

    fn finding(&self, finding: &mut ReportFinding) {
        let quoted = [&finding.message, &finding.help].into_iter().any(|text| self.is_quoted(text));
        let quoted = quoted || finding.subject.as_deref().is_some_and(|s| self.is_quoted(s));
        let related = finding.related.iter().any(|(place, text)| self.holds(&place.path) || self.is_quoted(text));
        let own = self.paths.get(&finding.location.path);
        if own.is_none() && !quoted && !related {
            return;
        }
        finding.message = format!("{} (the text is withheld)", finding.rule.summary);
        finding.help = "Look at the document where it is kept.".into();
        finding.related.clear();
        finding.related_spans.clear();
        if let Some(id) = own {
            finding.subject = Some(id.clone()).filter(|id| !id.is_empty());
            let start = Position { line: 1, column: 1 };
            finding.location = Location { path: finding.location.path.clone(), start, end: start };
        } else if finding.subject.as_deref().is_some_and(|s| self.is_quoted(s)) {
            finding.subject = None;
        }
    }

    /// Readiness that names the documents and nothing in them.
    pub fn readiness(&self, mut readiness: Readiness) -> Readiness {
        for clause in &mut readiness.clauses {
            self.evidence(&mut clause.elsewhere);
            self.missing(&mut clause.missing);
            for record in clause.records.iter_mut().map(|r| &mut r.evidence) {
                self.place(record);
            }
        }
        for condition in readiness.gates.iter_mut().flat_map(|g| &mut g.conditions) {
            self.evidence(&mut condition.evidence);
            self.missing(&mut condition.missing);
        }
        for duty in &mut readiness.due {
            if self.holds(&duty.path) || self.is_quoted(&duty.title) {
                duty.id = self.paths.get(&duty.path).cloned().unwrap_or_default();
                duty.kind = "withheld";
                INSTEAD.clone_into(&mut duty.title);
            }
        }
        // No page shows them.
        readiness.questions.clear();
        readiness.plan.clear();
        readiness.next.clear();
        readiness.certification = None;
        readiness
    }

    fn place(&self, evidence: &mut Evidence) {
        if let Some(id) = self.paths.get(&evidence.path) {
            evidence.id.clone_from(id);
        }
    }

    fn evidence(&self, list: &mut Vec<Evidence>) {
        for one in list.iter_mut() {
            self.place(one);
        }
        let mut seen = BTreeSet::new();
        list.retain(|e| seen.insert((e.path.clone(), e.id.clone())));
    }

    fn missing(&self, list: &mut Vec<Missing>) {
        for one in list.iter_mut() {
            let action = one.action.as_ref().is_some_and(|a| self.is_quoted(&a.title) || self.is_quoted(&a.command));
            if action || self.is_quoted(&one.text) {
                *one = Missing { text: INSTEAD.into(), action: None };
            }
        }
        let mut seen = BTreeSet::new();
        list.retain(|one| seen.insert(one.clone()));
    }
}

/// Words, ids, numbers and dates.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(move |c| !inside(c)).map(|w| w.trim_matches(['-', '_', '.'])).filter(|w| w.chars().count() > 1)
}
