//! The report for people: graphical on a terminal, plain in a pipe. miette lives here only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, SourceSpan};

use super::{ReportFinding, RunReport, Summary, printable, sentence};
use crate::catalog::Catalog;
use crate::finding::Severity;
use crate::source::{CONFIG_FILE, SourceMap, Span};

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
        not_evaluated(&mut out, report);
    }
    closing(&mut out, report, options);
    out
}

fn findings(out: &mut String, report: &RunReport, sources: &SourceMap, options: HumanOptions) {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.rule.name != "to-do") {
        let count = shown.entry(finding.rule.name).or_default();
        *count += 1;
        if *count <= SHOWN_PER_RULE {
            if options.graphical {
                graphical(out, report, sources, finding, options);
            } else {
                plain(out, report, sources, finding);
            }
        }
    }
    for (rule, count) in shown.into_iter().filter(|(_, n)| *n > SHOWN_PER_RULE) {
        let more = count - SHOWN_PER_RULE;
        let _ = writeln!(
            out,
            "… and {more} more of {rule}; `--format concise` lists every one, `smsctl explain {rule}` says how to mend them.\n"
        );
    }
}

fn graphical(
    out: &mut String,
    report: &RunReport,
    sources: &SourceMap,
    finding: &ReportFinding,
    options: HumanOptions,
) {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    };
    let mut labels = vec![LabeledSpan::new_primary_with_span(None, source_span(finding.span))];
    for ((_, message), span) in finding.related.iter().zip(&finding.related_spans) {
        if span.file == finding.span.file {
            labels.push(LabeledSpan::new_with_span(Some(printable(message)), source_span(*span)));
        }
    }
    let elsewhere = finding.related.iter().filter(|(place, _)| place.path != finding.location.path);
    let also: String = elsewhere
        .map(|(place, message)| format!("\n{}:{}: {message}", report.shown_path(place), place.start.line))
        .collect();
    let mut diagnostic = MietteDiagnostic::new(printable(&sentence(&finding.message)))
        .with_code(finding.rule.name)
        .with_severity(severity)
        .with_labels(labels);
    let help = format!("{}{}{also}", finding.help, why(finding));
    diagnostic = diagnostic.with_help(printable(help.trim()));
    let theme = if options.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(options.width.max(40)).with_links(false);
    // The file may hold control characters; they keep their width so that the columns stay right.
    let text = harmless(&sources.file(finding.span.file).text);
    let source = NamedSource::new(report.shown_path(&finding.location), text);
    let rendered = miette::Report::new(diagnostic).with_source_code(source);
    if handler.render_report(out, rendered.as_ref()).is_err() {
        plain(out, report, sources, finding);
    }
    out.push('\n');
}

fn harmless(text: &str) -> String {
    if !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t') { '?' } else { c }).collect()
}

fn source_span(span: Span) -> SourceSpan {
    (span.start as usize, (span.end - span.start) as usize).into()
}

fn plain(out: &mut String, report: &RunReport, sources: &SourceMap, finding: &ReportFinding) {
    let place = finding.location.start;
    let path = printable(&report.shown_path(&finding.location));
    let _ =
        writeln!(out, "{}[{}] {path}:{}:{}", finding.severity.as_str(), finding.rule.name, place.line, place.column);
    let _ = writeln!(out, "  {}", printable(&sentence(&finding.message)));
    if let Some((_, line)) = sources.file(finding.span.file).line(place.line).filter(|(_, l)| !l.trim().is_empty()) {
        snippet(out, finding, line);
    }
    for (related, message) in &finding.related {
        let _ = writeln!(
            out,
            "  also: {}:{}: {}",
            printable(&report.shown_path(related)),
            related.start.line,
            printable(message)
        );
    }
    if !finding.help.is_empty() {
        let _ = writeln!(out, "  help: {}", printable(&finding.help));
    }
    let why = why(finding);
    if !why.is_empty() {
        let _ = writeln!(out, "  {}", why.trim());
    }
    out.push('\n');
}

fn snippet(out: &mut String, finding: &ReportFinding, line: &str) {
    let number = finding.location.start.line;
    let column = finding.location.start.column;
    let same_line = finding.location.end.line == number;
    let length = if same_line {
        finding.location.end.column.saturating_sub(column)
    } else {
        line.chars().count() + 1 - column.min(line.chars().count())
    };
    // A window around the place keeps long lines readable.
    let from = (column - 1).saturating_sub(60);
    let clean: String =
        line.trim_start_matches('\u{feff}').chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let window: String = clean.chars().skip(from).take(120).collect();
    let marks = "^".repeat(length.clamp(1, 120usize.saturating_sub(column - 1 - from).max(1)));
    let _ = writeln!(out, "  {number:>5} | {}", printable(&window));
    let _ = writeln!(out, "        | {}{marks}", " ".repeat(column - 1 - from));
}

fn why(finding: &ReportFinding) -> String {
    let catalog = Catalog::get();
    let named = finding.clauses.iter().take(2).filter_map(|id| catalog.clause(id)).map(|clause| {
        if clause.title.starts_with('(') { clause.id.clone() } else { format!("{} {}", clause.id, clause.title) }
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { String::new() } else { format!("\nwhy: ISO/IEC 20000-1 clause {}", named.join("; ")) }
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
    let (bold, reset) = if options.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    for (number, items) in files.values().enumerate() {
        let Some(first) = items.first() else { continue };
        let _ = writeln!(out, "{:>3}. {bold}{}{reset}", number + 1, printable(&report.shown_path(&first.location)));
        for item in items {
            let what = item.message.strip_prefix("to fill in: ").unwrap_or(&item.message);
            let _ = writeln!(out, "     line {:>3}  {}", item.location.start.line, printable(what));
        }
        out.push('\n');
    }
}

fn waived(out: &mut String, report: &RunReport) {
    for (finding, by) in &report.waived {
        let path = printable(&report.shown_path(&finding.location));
        let until = by.expires.map_or_else(String::new, |d| format!(" until {d}"));
        let _ = writeln!(
            out,
            "waived[{}] {path}:{}: {} ({}{until}: {})",
            finding.rule.name,
            finding.location.start.line,
            printable(&finding.message),
            by.by,
            printable(&by.reason)
        );
    }
    if !report.waived.is_empty() {
        out.push('\n');
    }
}

fn not_evaluated(out: &mut String, report: &RunReport) {
    if report.not_evaluated.is_empty() {
        return;
    }
    let _ = writeln!(out, "Not evaluated ({}):", report.not_evaluated.len());
    for entry in &report.not_evaluated {
        let _ = writeln!(out, "  {}: {}", entry.rule, entry.reason);
    }
    out.push('\n');
}

fn closing(out: &mut String, report: &RunReport, options: HumanOptions) {
    let s = report.summary();
    let pinned = if report.sms.today_configured { ", the day set in smsctl.toml" } else { "" };
    let _ = writeln!(
        out,
        "Checked {} with {} of {} as of {}{pinned}.",
        count(s.artifacts, "artifact"),
        count(s.entities, "entity"),
        printable(&report.sms.organization),
        report.sms.today
    );
    let verdict = verdict(s);
    let line = match (report.findings.is_empty(), options.colour) {
        (_, false) => verdict,
        (true, true) => format!("\u{1b}[32m{verdict}\u{1b}[0m"),
        (false, true) if s.error > 0 => format!("\u{1b}[31m{verdict}\u{1b}[0m"),
        (false, true) => format!("\u{1b}[33m{verdict}\u{1b}[0m"),
    };
    let _ = writeln!(out, "{line}");
    if !report.findings.is_empty() && !options.quiet {
        if let Some(rule) = report.findings.iter().find(|f| f.rule.name != "to-do").map(|f| f.rule.name) {
            let _ = writeln!(out, "`smsctl explain {rule}` tells more about a rule and how to meet it.");
        }
    }
}

fn verdict(s: Summary) -> String {
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
    line + "."
}

fn count(n: usize, word: &str) -> String {
    let plural = word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"));
    if n == 1 { format!("1 {word}") } else { format!("{n} {plural}") }
}
