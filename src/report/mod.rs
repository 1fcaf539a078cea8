//! One finished report, rendered in many formats. A format can never change the verdict or the exit status.

pub mod approval;
mod audit;
mod baseline;
mod calendar;
pub mod change;
mod concise;
mod due;
mod excerpt;
mod explain;
mod failure;
mod github;
mod gitlab;
mod graphical;
mod history;
mod human;
mod json;
mod junit;
mod page;
mod picture;
mod register;
mod sarif;
mod status;
mod table;
mod trace;
mod verify;

use jiff::civil::Date;

pub use audit::{AuditPlanOptions, SampleReport, audit_plan, audit_plan_json};
pub use baseline::Baseline;
pub(crate) use baseline::fingerprint;
pub use calendar::calendar;
pub use concise::render as concise;
pub use due::{due_json, due_table};
pub use explain::{Topic, explain, names as explained_names, overview};
pub use failure::failure_document;
pub use github::render as github;
pub use gitlab::{aside as gitlab_aside, render as gitlab};
pub use history::DocumentHistory;
pub use human::{HumanOptions, render as human};
pub use json::render as json;
pub use junit::render as junit;
pub use page::page;
pub use picture::{Item, mermaid, mermaid_of_two_sides, tree};
pub use register::{
    computed_json, computed_table, documents_json, documents_table, entities_json, entities_table, needs_table,
};
pub use sarif::render as sarif;
pub(crate) use status::days_in_words;
pub use status::{Sections, Status, StatusOptions, status_human, status_json, status_markdown};
pub(crate) use table::not_calculated;
pub use table::{Column, Table};
pub use trace::{coverage_line, matrix_items, matrix_json, matrix_table, trace_items, trace_json, trace_table};
pub(crate) use trace::{title_of, value_of};
pub use verify::{LIMITS, Verification};

use crate::catalog::Catalog;
use crate::finding::Severity;
use crate::rules::{self, NotEvaluated, Rule, Verdict, WaivedBy};
use crate::source::{Position, SourceMap, Span, hidden};
use crate::workspace::Workspace;

/// How a command ended; the same for every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing at or above `fail-on`.
    Clean,
    /// Findings.
    Findings,
    /// Could not run.
    Failed,
}

impl ExitStatus {
    /// 0, 1 or 2.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}

/// A place for people: lines and columns from 1, columns in characters, `end` one past the last character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Path below the root of the SMS.
    pub path: String,
    /// First character.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

impl Location {
    fn of(sources: &SourceMap, span: Span) -> Self {
        let file = sources.file(span.file);
        Self {
            path: file.path.clone(),
            start: file.position(span.start as usize),
            end: file.position(span.end as usize),
        }
    }
}

/// A finding with its places resolved.
#[derive(Clone, Debug)]
pub struct ReportFinding {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// Clauses it rests on.
    pub clauses: Vec<String>,
    /// The entity it is about.
    pub subject: Option<String>,
    /// Where.
    pub location: Location,
    /// Other places.
    pub related: Vec<(Location, String)>,
    /// Other places, in bytes.
    pub related_spans: Vec<Span>,
    /// `--fix` can mend it.
    pub fixable: bool,
    /// Where, in bytes.
    pub span: Span,
}

/// What is reported of the SMS itself.
#[derive(Clone, Debug)]
pub struct SmsInfo {
    /// Name of the organization.
    pub organization: String,
    /// The standard.
    pub standard: String,
    /// The folder, as seen from where the command was run.
    pub root: String,
    /// The commit.
    pub revision: Option<String>,
    /// Whether the files differ from it.
    pub dirty: bool,
    /// The day dates were judged by.
    pub today: Date,
    /// The day comes from smsctl.toml.
    pub today_configured: bool,
    /// smsctl.toml says that the SMS has no history of its own, so approvals are not judged.
    pub history_none: bool,
}

/// Numbers of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Artifacts that were checked.
    pub artifacts: usize,
    /// Entities in them.
    pub entities: usize,
    /// Findings by severity.
    pub error: usize,
    /// Findings by severity.
    pub warning: usize,
    /// Findings by severity.
    pub note: usize,
    /// Findings waived inline or in smsctl.toml.
    pub waived: usize,
    /// Findings the baseline accepts.
    pub baselined: usize,
    /// Rules that could not decide.
    pub not_evaluated: usize,
}

/// A finished check.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The SMS.
    pub sms: SmsInfo,
    /// Artifacts and entities that were checked.
    pub artifacts: usize,
    /// Entities in them.
    pub entities: usize,
    /// Findings that stand, sorted by path, position and rule.
    pub findings: Vec<ReportFinding>,
    /// Findings that are waived, and by what.
    pub waived: Vec<(ReportFinding, WaivedBy)>,
    /// Rules that could not decide.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Rules that are switched off.
    pub off: Vec<&'static str>,
    /// Files that `exclude` leaves out.
    pub excluded: Vec<String>,
    /// Findings of this severity or above fail.
    pub fail_on: Severity,
}

impl RunReport {
    /// Resolves a verdict's places.
    #[must_use]
    pub fn new(ws: &Workspace, verdict: Verdict, root: String, today: Date) -> Self {
        let sms = SmsInfo {
            organization: ws.config.organization.clone(),
            standard: ws.config.standard.clone(),
            root,
            revision: ws.revision.clone(),
            dirty: ws.dirty,
            today,
            today_configured: ws.config.today == Some(today),
            history_none: ws.config.history_none,
        };
        let resolve = |f: &rules::Finding| resolve(&ws.sources, f);
        Self {
            sms,
            artifacts: ws.artifacts.len(),
            entities: ws.entities.len(),
            findings: verdict.findings.iter().map(resolve).collect(),
            waived: verdict.waived.iter().map(|w| (resolve(&w.finding), w.by.clone())).collect(),
            not_evaluated: verdict.not_evaluated,
            off: rules::all().iter().map(|r| r.name).filter(|name| is_off(ws, name)).collect(),
            excluded: ws.excluded.clone(),
            fail_on: ws.config.fail_on,
        }
    }

    /// Its numbers.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |severity| self.findings.iter().filter(|f| f.severity == severity).count();
        let baselined = self.waived.iter().filter(|(_, by)| by.by == "baseline").count();
        Summary {
            artifacts: self.artifacts,
            entities: self.entities,
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            note: count(Severity::Note),
            waived: self.waived.len() - baselined,
            baselined,
            not_evaluated: self.not_evaluated.len(),
        }
    }

    /// How the check ended.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        let fails = self.findings.iter().any(|f| f.severity >= self.fail_on);
        if fails { ExitStatus::Findings } else { ExitStatus::Clean }
    }

    /// Keeps only findings that a test accepts; waived ones too.
    pub fn retain(&mut self, keep: impl Fn(&ReportFinding) -> bool) {
        self.findings.retain(&keep);
        self.waived.retain(|(finding, _)| keep(finding));
    }

    /// Path of a location as seen from where the command was run.
    #[must_use]
    pub fn shown_path(&self, location: &Location) -> String {
        if self.sms.root == "." { location.path.clone() } else { format!("{}/{}", self.sms.root, location.path) }
    }
}

/// Said in every report of an SMS that has no history of its own.
const HISTORY_NONE: &str =
    "smsctl.toml says that this SMS has no history of its own ([trust] history = \"none\"): approvals are not judged";

/// Rules that were not evaluated, those with one reason together, in the order of the first of each.
pub(crate) fn grouped(not_evaluated: &[NotEvaluated]) -> Vec<(&str, Vec<&'static str>)> {
    let mut groups: Vec<(&str, Vec<&'static str>)> = Vec::new();
    for entry in not_evaluated {
        match groups.iter_mut().find(|(reason, _)| *reason == entry.reason) {
            Some((_, rules)) => rules.push(entry.rule),
            None => groups.push((&entry.reason, vec![entry.rule])),
        }
    }
    groups
}

fn resolve(sources: &SourceMap, finding: &rules::Finding) -> ReportFinding {
    let problem = &finding.problem;
    ReportFinding {
        rule: finding.rule,
        severity: finding.severity,
        message: problem.message.clone(),
        help: problem.help.clone(),
        clauses: finding.clauses(),
        subject: problem.subject.clone().filter(|s| !s.is_empty()),
        location: Location::of(sources, problem.span),
        related: problem.related.iter().map(|r| (Location::of(sources, r.span), r.message.clone())).collect(),
        related_spans: problem.related.iter().map(|r| r.span).collect(),
        fixable: problem.fix.is_some(),
        span: problem.span,
    }
}

fn is_off(ws: &Workspace, rule: &str) -> bool {
    ws.config.rule(rule).is_some_and(|setting| setting.severity == Some(None))
}

/// The first letter large, for sentences that start a line. A name (`smsctl.toml`, `service-owner`) keeps its letters.
pub(crate) fn sentence(text: &str) -> String {
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    if !word.trim_end_matches([',', ':', ';', '.']).chars().all(char::is_alphabetic) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

/// A sentence with its full stop; nothing stays nothing.
pub(crate) fn full_sentence(text: &str) -> String {
    let ended = text.is_empty() || text.ends_with(['.', '!', '?', '…']);
    sentence(text) + if ended { "" } else { "." }
}

/// The clauses a finding rests on, in words; empty when it rests on none.
fn why(finding: &ReportFinding) -> String {
    let catalog = Catalog::get();
    let named: Vec<String> = finding.clauses.iter().take(2).filter_map(|id| catalog.clause_name(id)).collect();
    if named.is_empty() { String::new() } else { format!("why: ISO/IEC 20000-1 clause {}", named.join("; ")) }
}

/// A number with its word.
pub(crate) fn count(n: usize, word: &str) -> String {
    let plural = word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"));
    if n == 1 { format!("1 {word}") } else { format!("{n} {plural}") }
}

/// Characters that could change how the rest of a line looks: escape sequences, bidirectional overrides, invisible marks.
fn harmful(c: char) -> bool {
    c.is_control() || hidden::is_directional(c) || hidden::is_invisible(c)
}

/// Makes text safe for a terminal: harmful characters are shown, not sent.
pub(crate) fn printable(text: &str) -> String {
    escape(text, |c| harmful(c) && c != '\n' && c != '\t')
}

/// Makes text safe where a line must stay one line, such as a path.
pub(crate) fn printable_line(text: &str) -> String {
    escape(text, harmful)
}

fn escape(text: &str, harmful: impl Fn(char) -> bool + Copy) -> String {
    if !text.contains(harmful) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if harmful(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

/// Printable text on one line.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// Pretty JSON with a final line break that is safe on a terminal: what JSON leaves alone and a terminal obeys is escaped.
pub(crate) fn safe_json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in format!("{value:#}\n").chars() {
        match c {
            '\n' => out.push(c),
            _ if harmful(c) => out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_start_large_but_names_keep_their_letters() {
        assert_eq!(full_sentence("the owner is missing"), "The owner is missing.");
        assert_eq!(full_sentence("élan vital?"), "Élan vital?");
        assert_eq!(full_sentence("smsctl.toml sets no day"), "smsctl.toml sets no day.");
        assert_eq!(full_sentence("`x` is no rule"), "`x` is no rule.");
        assert_eq!(full_sentence(""), "");
    }

    #[test]
    fn harmful_characters_are_shown() {
        assert_eq!(printable("a\u{1b}[31m\u{202e}\tb\n"), "a\\u{1b}[31m\\u{202e}\tb\n");
        assert_eq!(printable_line("a\nb"), "a\\u{a}b");
        assert_eq!(printable("שלום 漢字"), "שלום 漢字");
        let json = safe_json(&serde_json::json!("a\u{e0041}\u{202e}"));
        assert_eq!(json, "\"a\\udb40\\udc41\\u202e\"\n");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), "a\u{e0041}\u{202e}");
        assert_eq!(one_line("pay\u{200b}roll \u{feff}x"), "pay\\u{200b}roll \\u{feff}x");
    }
}
