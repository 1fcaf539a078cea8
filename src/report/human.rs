//! The report for people: frames and arrows on a terminal, plain in a pipe.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::excerpt::{self, Excerpt};
use super::{
    ExitStatus, HISTORY_NONE, ReportFinding, RunReport, Summary, count, graphical, grouped, printable, printable_line,
    sentence, why,
};
use crate::catalog::Catalog;
use crate::finding::Severity;
use crate::source::{CONFIG_FILE, SourceMap};
use crate::trust::NotJudged;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct HumanOptions {
    /// Frames and arrows around the source.
    pub graphical: bool,
    /// Colours.
    pub colour: bool,
    /// Width of the terminal in characters.
    pub width: usize,
    /// Waived findings and what was left out, too.
    pub verbose: bool,
    /// Only the summary.
    pub quiet: bool,
}

/// More findings of one rule than this are counted, not shown.
const SHOWN_PER_RULE: usize = 25;

/// Columns of a line that are shown in a pipe.
const PLAIN_ROOM: usize = 120;

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// The report for people.
#[must_use]
pub fn render(report: &RunReport, sources: &SourceMap, options: HumanOptions) -> String {
    let mut out = String::new();
    if !options.quiet {
        findings(&mut out, report, sources, options);
        to_dos(&mut out, report, options);
        if options.verbose {
            waived(&mut out, report);
        }
        not_evaluated(&mut out, report, options);
    }
    closing(&mut out, report, options);
    out
}

fn findings(out: &mut String, report: &RunReport, sources: &SourceMap, options: HumanOptions) {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let limit = if options.verbose { usize::MAX } else { SHOWN_PER_RULE };
    for finding in report.findings.iter().filter(|f| f.rule.name != "to-do") {
        let count = shown.entry(finding.rule.name).or_default();
        *count += 1;
        if *count <= limit {
            let framed = options.graphical.then(|| graphical::render(report, sources, finding, options)).flatten();
            match framed {
                Some(framed) => {
                    let _ = writeln!(out, "{framed}");
                }
                None => plain(out, report, sources, finding, options.colour),
            }
        }
    }
    for (rule, count) in shown.into_iter().filter(|(_, n)| *n > limit) {
        let more = count - limit;
        let _ = writeln!(
            out,
            "… and {more} more of {rule}; `--format concise` lists every one, `smsctl explain {rule}` says how to mend them.\n"
        );
    }
}

fn plain(out: &mut String, report: &RunReport, sources: &SourceMap, finding: &ReportFinding, colour: bool) {
    let place = finding.location.start;
    let path = printable_line(&report.shown_path(&finding.location));
    let severity = painted(finding.severity.as_str(), colour_of(finding.severity), colour);
    let _ = writeln!(out, "{severity}[{}] {path}:{}:{}", finding.rule.name, place.line, place.column);
    let _ = writeln!(out, "  {}", indented(&sentence(&finding.message)));
    snippet(out, sources, finding);
    for (related, message) in &finding.related {
        let path = printable_line(&report.shown_path(related));
        let _ = writeln!(out, "  also: {path}:{}: {}", related.start.line, indented(message));
    }
    if !finding.help.is_empty() {
        let _ = writeln!(out, "  help: {}", indented(&finding.help));
    }
    let why = why(finding);
    if !why.is_empty() {
        let _ = writeln!(out, "  {why}");
    }
    out.push('\n');
}

/// Text of several lines keeps its indent.
fn indented(text: &str) -> String {
    printable(text).replace('\n', "\n  ")
}

fn snippet(out: &mut String, sources: &SourceMap, finding: &ReportFinding) {
    let place = &finding.location;
    let line = excerpt::file(sources, place, finding.span).and_then(|file| file.line(place.start.line));
    let Some((_, line)) = line.filter(|(_, line)| !line.trim().is_empty()) else { return };
    let marks = excerpt::marks(place, line);
    let excerpt = Excerpt::new(line, marks.clone(), PLAIN_ROOM);
    let (from, to) = (excerpt.place(marks.start).1, excerpt.place(marks.end).1);
    let carets = "^".repeat(to.saturating_sub(from).max(1));
    let goes_on =
        if place.end.line > place.start.line { format!(" to line {}", place.end.line) } else { String::new() };
    let _ = writeln!(out, "  {:>5} | {}", place.start.line, excerpt.text);
    let _ = writeln!(out, "        | {}{carets}{goes_on}", " ".repeat(from));
}

/// Placeholders as a list to work through, in the order of the standard's clauses.
fn to_dos(out: &mut String, report: &RunReport, options: HumanOptions) {
    let catalog = Catalog::get();
    let mut files: BTreeMap<(usize, &str), Vec<&ReportFinding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.rule.name == "to-do") {
        let of_config = finding.location.path == CONFIG_FILE;
        let order = finding.clauses.first().filter(|_| !of_config).map_or(0, |c| catalog.clause_order(c));
        files.entry((order, &finding.location.path)).or_default().push(finding);
    }
    let total: usize = files.values().map(Vec::len).sum();
    if total == 0 {
        return;
    }
    let _ = writeln!(out, "To fill in ({total}), in working order:\n");
    for (number, items) in files.values().enumerate() {
        let Some(first) = items.first() else { continue };
        let path = printable_line(&report.shown_path(&first.location));
        let _ = writeln!(out, "{:>3}. {}", number + 1, painted(&path, BOLD, options.colour));
        for item in items {
            let what = item.message.strip_prefix("to fill in: ").unwrap_or(&item.message);
            let _ = writeln!(out, "     line {:>3}  {}", item.location.start.line, printable(what));
        }
        out.push('\n');
    }
}

fn waived(out: &mut String, report: &RunReport) {
    if report.waived.is_empty() {
        return;
    }
    let _ = writeln!(out, "Accepted, not counted ({}):", report.waived.len());
    for (finding, by) in &report.waived {
        let path = printable_line(&report.shown_path(&finding.location));
        let message = indented(&sentence(&finding.message));
        let _ = writeln!(out, "  {path}:{} [{}] {message}", finding.location.start.line, finding.rule.name);
        let place = match by.by {
            "inline" => "in the document",
            "config" => "in smsctl.toml",
            _ => "in the baseline",
        };
        let until = by.expires.map_or_else(String::new, |d| format!(" until {d}"));
        let owner = by.owner.as_ref().map_or_else(String::new, |role| format!(" by {}", printable_line(role)));
        let _ = writeln!(out, "    accepted {place}{owner}{until}: {}", indented(&by.reason));
    }
    out.push('\n');
}

/// More rules of one reason than this are counted, not named.
const NAMED_RULES: usize = 3;

fn not_evaluated(out: &mut String, report: &RunReport, options: HumanOptions) {
    // That there is no history is said once, at the end.
    let shown = |reason: &str| !report.sms.history_none || reason != NotJudged::HistoryNone.reason();
    let groups: Vec<_> = grouped(&report.not_evaluated).into_iter().filter(|(reason, _)| shown(reason)).collect();
    if groups.is_empty() {
        return;
    }
    let all: usize = groups.iter().map(|(_, rules)| rules.len()).sum();
    let _ = writeln!(out, "Not evaluated ({all}):");
    for (reason, rules) in groups {
        let names = match rules.split_at_checked(NAMED_RULES) {
            Some((named, more)) if !more.is_empty() && !options.verbose => {
                format!("{} and {} (`-v` names them)", named.join(", "), count(more.len(), "other rule"))
            }
            _ => rules.join(", "),
        };
        let _ = writeln!(out, "  {names}: {}", indented(reason));
    }
    out.push('\n');
}

/// What smsctl.toml keeps from being checked is said, so that a clean run cannot hide it.
fn left_out(out: &mut String, report: &RunReport, options: HumanOptions) {
    if report.sms.history_none {
        let _ = writeln!(out, "{HISTORY_NONE}.");
    }
    if !report.off.is_empty() {
        let _ = writeln!(out, "Switched off in smsctl.toml: {}.", report.off.join(", "));
    }
    if !report.excluded.is_empty() {
        let hint = if options.verbose { ":" } else { "; `-v` names them." };
        let _ = writeln!(out, "Left out by `exclude` in smsctl.toml: {}{hint}", count(report.excluded.len(), "file"));
        for path in report.excluded.iter().filter(|_| options.verbose) {
            let _ = writeln!(out, "  {}", printable_line(path));
        }
    }
}

fn closing(out: &mut String, report: &RunReport, options: HumanOptions) {
    left_out(out, report, options);
    let s = report.summary();
    let pinned = if report.sms.today_configured { ", the day set in smsctl.toml" } else { "" };
    let _ = writeln!(
        out,
        "Checked {} with {} of {} as of {}{pinned}.",
        count(s.artifacts, "artifact"),
        count(s.entities, "entity"),
        printable_line(&report.sms.organization),
        report.sms.today
    );
    let worst = report.findings.iter().map(|f| f.severity).max();
    let _ = writeln!(out, "{}", painted(&verdict(report, s), worst.map_or(GREEN, colour_of), options.colour));
    let explained = report.findings.iter().find(|f| f.rule.name != "to-do").filter(|_| !options.quiet);
    if let Some(rule) = explained.map(|f| f.rule.name) {
        let _ = writeln!(out, "`smsctl explain {rule}` tells more about a rule and how to meet it.");
    }
}

fn colour_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Note => CYAN,
    }
}

fn painted(text: &str, style: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn verdict(report: &RunReport, s: Summary) -> String {
    let mut parts = Vec::new();
    for (n, word) in [(s.error, "error"), (s.warning, "warning"), (s.note, "note")] {
        if n > 0 {
            parts.push(count(n, word));
        }
    }
    let mut line = if parts.is_empty() { "No findings".to_owned() } else { parts.join(", ") };
    if s.waived > 0 {
        let _ = write!(line, "; {} waived", s.waived);
    }
    if s.baselined > 0 {
        let _ = write!(line, "; {} accepted by the baseline", s.baselined);
    }
    line.push('.');
    if !report.findings.is_empty() {
        line.push_str(if report.exit_status() == ExitStatus::Clean {
            " The check passes."
        } else {
            " The check fails."
        });
    }
    line
}
