//! Runs all rules, decides severities, applies waivers.

use rayon::prelude::*;

use super::{Check, Ctx, Level, Rule, Sink, all, approval, find, waiver};
use crate::catalog::Lexicon;
use crate::finding::{Problem, Severity, did_you_mean};
use crate::trust::{NotJudged, Record};
use crate::workspace::Workspace;

pub use super::waiver::Waived;

/// A problem with its severity decided.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave it is here.
    pub severity: Severity,
    /// What is wrong and where.
    pub problem: Problem,
}

impl Finding {
    /// Clauses it rests on.
    #[must_use]
    pub fn clauses(&self) -> Vec<String> {
        if self.problem.clauses.is_empty() {
            self.rule.clauses.iter().map(|c| (*c).to_owned()).collect()
        } else {
            self.problem.clauses.clone()
        }
    }
}

/// A rule that could not decide, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotEvaluated {
    /// The rule.
    pub rule: &'static str,
    /// Why.
    pub reason: String,
}

/// What the rules say of an SMS.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings that stand, sorted by path, position and rule.
    pub findings: Vec<Finding>,
    /// Findings that are waived.
    pub waived: Vec<Waived>,
    /// Rules that could not decide.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// Runs all rules over a workspace.
#[must_use]
pub fn run(ctx: &Ctx<'_>) -> Verdict {
    let (mut problems, mut not_evaluated) = evaluate(ctx);
    problems.extend(ctx.ws.problems.iter().cloned());
    problems.extend(configuration(ctx));
    let findings = problems.into_iter().filter_map(|p| decide(ctx.ws, p)).collect();
    let (mut findings, mut waived, about_waivers) = waiver::apply(ctx, findings);
    findings.extend(about_waivers.into_iter().filter_map(|p| decide(ctx.ws, p)));
    sort(ctx.ws, &mut findings, |f| f);
    sort(ctx.ws, &mut waived, |w| &w.finding);
    not_evaluated.sort();
    not_evaluated.dedup();
    Verdict { findings, waived, not_evaluated }
}

fn evaluate(ctx: &Ctx<'_>) -> (Vec<Problem>, Vec<NotEvaluated>) {
    let mut not_evaluated = Vec::new();
    let mut problems = Vec::new();
    let artifact_rules: Vec<_> =
        active(ctx).filter_map(|r| if let Check::Artifact(f) = r.check { Some((r, f)) } else { None }).collect();
    let of_artifacts: Vec<_> = (0..ctx.ws.artifacts.len())
        .into_par_iter()
        .flat_map_iter(|ix| {
            artifact_rules.iter().map(move |(rule, check)| {
                let mut sink = Sink::default();
                check(ctx, ctx.ws.artifact(ix), &mut sink);
                (*rule, sink)
            })
        })
        .filter(|(_, sink)| !sink.problems.is_empty() || !sink.not_evaluated.is_empty())
        .collect();
    let whole: Vec<_> =
        active(ctx).filter_map(|r| if let Check::Workspace(f) = r.check { Some((r, f)) } else { None }).collect();
    let of_whole: Vec<_> = whole
        .into_par_iter()
        .map(|(rule, check)| {
            let mut sink = Sink::default();
            check(ctx, &mut sink);
            (rule, sink)
        })
        .collect();
    for (rule, sink) in of_artifacts.into_iter().chain(of_whole) {
        problems.extend(sink.problems);
        not_evaluated.extend(sink.not_evaluated.into_iter().map(|reason| NotEvaluated { rule: rule.name, reason }));
    }
    let (of_history, unjudged) = history(ctx);
    problems.extend(of_history);
    not_evaluated.extend(unjudged);
    (problems, not_evaluated)
}

/// Rules over the history and its approvals. What nothing can be said of is listed with the reason.
fn history(ctx: &Ctx<'_>) -> (Vec<Problem>, Vec<NotEvaluated>) {
    let mut problems = approval::from_trust(ctx);
    let mut not_evaluated: Vec<NotEvaluated> = Vec::new();
    let why_not = ctx.record.map_or(Some(&NotJudged::NoRepository), Record::why_not);
    for rule in active(ctx) {
        let mut sink = Sink::default();
        let needs = match rule.check {
            Check::Judged(check) => {
                if let Some(judged) = ctx.judged() {
                    check(ctx, judged, &mut sink);
                }
                why_not
            }
            Check::History(check) => {
                let why_not = why_not.filter(|why| !matches!(why, NotJudged::NoPolicy | NotJudged::Broken));
                if let Some(record) = ctx.record.filter(|_| why_not.is_none()) {
                    check(ctx, record, &mut sink);
                }
                why_not
            }
            Check::Trust => {
                let said = problems.iter().any(|p| p.rule == rule.name);
                why_not.filter(|why| !said && !approval::looked_at(rule, why))
            }
            _ => continue,
        };
        problems.append(&mut sink.problems);
        let reasons = sink.not_evaluated.into_iter().chain(needs.map(|why| why.reason().to_owned()));
        not_evaluated.extend(reasons.map(|reason| NotEvaluated { rule: rule.name, reason }));
    }
    (problems, not_evaluated)
}

/// Rules that are not switched off.
fn active<'a>(ctx: &'a Ctx<'_>) -> impl Iterator<Item = &'static Rule> + 'a {
    let off = |rule: &Rule| ctx.ws.config.rule(rule.name).is_some_and(|s| s.severity == Some(None));
    all().iter().copied().filter(move |r| !off(r))
}

/// The severity of a problem; none when its rule is off.
fn decide(ws: &Workspace, problem: Problem) -> Option<Finding> {
    debug_assert!(find(problem.rule).is_some(), "no rule is called {}", problem.rule);
    let rule = find(problem.rule)?;
    let configured = ws.config.rule(rule.name).and_then(|s| s.severity);
    let severity = match (configured, problem.severity, rule.level) {
        (Some(None), ..) => return None,
        (Some(Some(severity)), ..) | (None, Some(severity), _) | (None, None, Level::Always(severity)) => severity,
        (None, None, Level::ErrorOnceApproved) => {
            let approved = ws.artifact_of(problem.span).is_some_and(crate::workspace::ArtifactView::is_approved);
            if approved { Severity::Error } else { Severity::Warning }
        }
    };
    Some(Finding { rule, severity, problem })
}

fn sort<T>(ws: &Workspace, items: &mut [T], finding: impl Fn(&T) -> &Finding) {
    items.sort_by_cached_key(|item| {
        let finding = finding(item);
        let span = finding.problem.span;
        (ws.sources.path(span).to_owned(), span.start, span.end, finding.rule.name, finding.problem.message.clone())
    });
}

/// Names in smsctl.toml that nothing answers to.
fn configuration(ctx: &Ctx<'_>) -> Vec<Problem> {
    let mut out = Vec::new();
    for setting in &ctx.ws.config.rules {
        let Some(rule) = find(&setting.rule) else {
            out.push(unknown_rule(&setting.rule, setting.span));
            continue;
        };
        let known: Vec<&str> = rule.options.iter().map(|o| o.name).chain(["severity"]).collect();
        for field in setting.options.fields().iter().filter(|f| !known.contains(&&*f.key)) {
            let near = did_you_mean(&field.key, known.iter().copied());
            let help = if near.is_empty() { format!("It has: {}.", known.join(", ")) } else { near };
            let message = format!("the rule `{}` has no setting `{}`", rule.name, field.key);
            out.push(Problem::new("config-unknown-name", field.key_span, message).help(help));
        }
        for field in setting.options.fields().iter().filter(|f| &*f.key != "severity" && known.contains(&&*f.key)) {
            if field.value.as_str().is_none_or(|t| t.replace('_', "").parse::<i64>().is_err()) {
                let message = format!("the setting `{}` of `{}` must be a whole number", field.key, rule.name);
                out.push(
                    Problem::new("config-invalid", field.value.span, message).help("Write a number, such as `1000`."),
                );
            }
        }
    }
    out.extend(word_lists(ctx));
    out
}

pub(super) fn unknown_rule(name: &str, span: crate::source::Span) -> Problem {
    let near = match super::by_requirement(name) {
        Some(rule) => format!("{name} is decided by the rule `{}`.", rule.name),
        None => did_you_mean(name, all().iter().map(|r| r.name)),
    };
    let help = if near.is_empty() { "`smsctl explain` lists all rules.".to_owned() } else { near };
    Problem::new("config-unknown-name", span, format!("there is no rule `{name}`")).help(help)
}

fn word_lists(ctx: &Ctx<'_>) -> Vec<Problem> {
    let known = Lexicon::known_names();
    let mut out = Vec::new();
    for list in ctx.ws.config.words.fields().iter().flat_map(|language| language.value.fields()) {
        let name = list.key.strip_suffix("-add").unwrap_or(&list.key);
        if !known.iter().any(|k| k == name) {
            let near = did_you_mean(name, known.iter().map(String::as_str));
            let help = if near.is_empty() { format!("Known lists: {}.", known.join(", ")) } else { near };
            out.push(
                Problem::new("config-unknown-name", list.key_span, format!("there is no word list `{name}`"))
                    .help(help),
            );
        }
    }
    for (list, pattern, reason) in ctx.words.bad_patterns() {
        let span = ctx.ws.config.words.span;
        let reason = reason.lines().last().unwrap_or_default().trim().to_owned();
        let message = format!("`{pattern}` in the list `{list}` is no regular expression: {reason}");
        out.push(Problem::new("config-invalid", span, message).help("Mend or delete this pattern; it is not used."));
    }
    out
}
