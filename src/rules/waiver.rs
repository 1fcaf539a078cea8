//! Waivers: findings that are accepted, with a reason, perhaps for a time. Inline beside the words, or in smsctl.toml.

use jiff::civil::Date;

use super::engine::{Finding, unknown_rule};
use super::{Ctx, find};
use crate::finding::Problem;
use crate::source::{SourceFile, Span};
use crate::workspace::Workspace;

/// What waives a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaivedBy {
    /// `inline`, `config` or `baseline`.
    pub by: &'static str,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day it holds.
    pub expires: Option<Date>,
}

/// A finding that is waived.
#[derive(Clone, Debug)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// By what.
    pub by: WaivedBy,
}

/// A waiver with the lines or subject it reaches.
struct Waiver {
    rule: String,
    by: WaivedBy,
    span: Span,
    reach: Reach,
    used: bool,
}

enum Reach {
    /// A line of a file, and the next line with text.
    Lines { first: usize, last: usize },
    /// All findings of the rule.
    All,
    /// Findings about an entity, or in a file.
    Subject(String),
}

/// Splits findings into those that stand and those that are waived, and says what is wrong with the waivers.
pub(super) fn apply(ctx: &Ctx<'_>, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Waived>, Vec<Problem>) {
    let mut about = Vec::new();
    let mut waivers: Vec<Waiver> = configured(ctx.ws);
    for document in &ctx.ws.documents {
        let file = ctx.ws.sources.file(document.file);
        if file.text.contains(MARK) {
            waivers.extend(inline(file, document, &mut about));
        }
    }
    let (mut standing, mut waived) = (Vec::new(), Vec::new());
    waivers.retain(|w| judge(w, ctx.today, &mut about));
    for finding in findings {
        match waivers.iter_mut().find(|w| w.covers(ctx.ws, &finding)) {
            Some(found) => {
                found.used = true;
                waived.push(Waived { finding, by: found.by.clone() });
            }
            None => standing.push(finding),
        }
    }
    about.extend(waivers.iter().filter(|w| !w.used).map(unused));
    (standing, waived, about)
}

const MARK: &str = "smsctl-allow";

impl Waiver {
    fn covers(&self, ws: &Workspace, finding: &Finding) -> bool {
        if self.rule != finding.rule.name {
            return false;
        }
        let span = finding.problem.span;
        match &self.reach {
            Reach::All => true,
            Reach::Subject(subject) => {
                finding.problem.subject.as_deref() == Some(subject) || ws.sources.path(span) == subject
            }
            Reach::Lines { first, last } => {
                let file = ws.sources.file(span.file);
                let (start, end) = (file.position(span.start as usize).line, file.position(span.end as usize).line);
                span.file == self.span.file && start <= *last && end >= *first
            }
        }
    }
}

fn configured(ws: &Workspace) -> Vec<Waiver> {
    let waivers = ws.config.waivers.iter();
    waivers
        .map(|w| Waiver {
            rule: w.rule.clone(),
            by: WaivedBy { by: "config", reason: w.reason.clone(), owner: w.owner.clone(), expires: w.expires },
            span: w.span,
            reach: w.subject.clone().map_or(Reach::All, Reach::Subject),
            used: false,
        })
        .collect()
}

fn inline(file: &SourceFile, document: &crate::document::Document, about: &mut Vec<Problem>) -> Vec<Waiver> {
    let comments = document.body.comments.iter().map(|s| s.range());
    let yaml = match &document.front {
        crate::document::FrontMatter::Present { yaml, .. } => yaml.clone(),
        _ => 0..0,
    };
    let in_yaml = yaml_comments(&file.text, yaml);
    let all = comments.chain(in_yaml);
    all.filter_map(|range| parse(file, Span::new(document.file, range.start, range.end), about)).collect()
}

/// `# smsctl-allow …` comments of the front matter.
fn yaml_comments(text: &str, yaml: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let block = text.get(yaml.clone()).unwrap_or_default();
    let marks = block.match_indices(MARK).map(|(i, _)| yaml.start + i);
    marks
        .filter_map(|at| {
            let line_start = text.get(..at)?.rfind('\n').map_or(0, |i| i + 1);
            let hash = line_start + text.get(line_start..at)?.rfind('#')?;
            let between = text.get(hash + 1..at)?.trim();
            let before = text.get(..hash)?.chars().next_back()?;
            let end = at + text.get(at..)?.find('\n').unwrap_or(0);
            (between.is_empty() && before.is_whitespace()).then_some(hash..end)
        })
        .collect()
}

/// `smsctl-allow RULE[ until DATE]: reason`.
fn parse(file: &SourceFile, span: Span, about: &mut Vec<Problem>) -> Option<Waiver> {
    let comment = file.text.get(span.range())?;
    let (_, rest) = comment.split_once(MARK)?;
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || c == '>').trim_end_matches("--").trim();
    let (head, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let mut words = head.split_whitespace();
    let rule = words.next().unwrap_or_default().to_owned();
    let end = match (words.next(), words.next(), words.next()) {
        (None, ..) => Some(None),
        (Some("until"), Some(date), None) => date.parse::<Date>().ok().map(Some),
        _ => None,
    };
    let Some(expires) = end.filter(|_| !rule.is_empty()) else {
        let problem = Problem::new("waiver-without-reason", span, "this waiver cannot be read, so it does not count")
            .help("Write `smsctl-allow RULE: reason`, or `smsctl-allow RULE until 2027-03-31: reason`.");
        about.push(problem);
        return None;
    };
    let line = file.position(span.start as usize).line;
    let last = next_line_with_text(file, file.position(span.end as usize).line);
    Some(Waiver {
        rule,
        by: WaivedBy { by: "inline", reason: reason.trim().to_owned(), owner: None, expires },
        span,
        reach: Reach::Lines { first: line, last },
        used: false,
    })
}

fn next_line_with_text(file: &SourceFile, line: usize) -> usize {
    (line + 1..line + 50).find(|n| file.line(*n).is_none_or(|(_, text)| !text.trim().is_empty())).unwrap_or(line)
}

/// Whether a waiver may count; says why not.
fn judge(waiver: &Waiver, today: Date, about: &mut Vec<Problem>) -> bool {
    if waiver.rule.is_empty() {
        // The schema of smsctl.toml says so.
        return false;
    }
    if find(&waiver.rule).is_none() {
        about.push(unknown_rule(&waiver.rule, waiver.span));
        return false;
    }
    if waiver.by.reason.is_empty() {
        let message = format!("the waiver of `{}` gives no reason, so it does not count", waiver.rule);
        let how = if waiver.by.by == "config" { "Add `reason = \"…\"`:" } else { "Say after a colon" };
        let help = format!("{how} why this is accepted and by whom; auditors read the list of waivers.");
        let problem = Problem::new("waiver-without-reason", waiver.span, message).help(help);
        about.push(problem);
        return false;
    }
    if let Some(expires) = waiver.by.expires.filter(|e| *e < today) {
        let message = format!("the waiver of `{}` ended on {expires}, so it does not count any more", waiver.rule);
        let problem = Problem::new("waiver-expired", waiver.span, message)
            .help("Mend what it covered, or decide again and write a new date with the reason.");
        about.push(problem);
        return false;
    }
    true
}

fn unused(waiver: &Waiver) -> Problem {
    let message = format!("the waiver of `{}` matches no finding", waiver.rule);
    Problem::new("waiver-unused", waiver.span, message).help("Delete it: what it covered is gone or stands elsewhere.")
}
