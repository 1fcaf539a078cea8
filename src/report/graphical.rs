//! One finding with its source in a frame, for terminals. miette lives here only.

use std::collections::BTreeMap;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use super::excerpt::{self, Excerpt};
use super::human::HumanOptions;
use super::{Location, ReportFinding, RunReport, printable, printable_line, sentence, why};
use crate::finding::Severity;
use crate::source::{SourceFile, SourceMap};

/// The finding in a frame; none when there is nothing to show of its file.
pub(super) fn render(
    report: &RunReport,
    sources: &SourceMap,
    finding: &ReportFinding,
    options: HumanOptions,
) -> Option<String> {
    let file = excerpt::file(sources, &finding.location, finding.span)?;
    let page = Page::new(report, file, finding, options.width);
    let mut diagnostic = MietteDiagnostic::new(printable(&sentence(&finding.message)))
        .with_code(format!("{}[{}]", finding.severity.as_str(), finding.rule.name))
        .with_severity(severity(finding.severity))
        .with_labels(page.labels.clone());
    diagnostic.help = Some(help(report, finding)).filter(|help| !help.is_empty());
    let theme = if options.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(40))
        // `service-level-manager` stays in one piece.
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_links(false);
    let mut out = String::new();
    let rendered = miette::Report::new(diagnostic).with_source_code(page);
    handler.render_report(&mut out, rendered.as_ref()).is_ok().then_some(out)
}

fn severity(severity: Severity) -> miette::Severity {
    match severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    }
}

fn help(report: &RunReport, finding: &ReportFinding) -> String {
    let mut lines = vec![printable(&finding.help), why(finding)];
    for (place, message) in finding.related.iter().filter(|(place, _)| place.path != finding.location.path) {
        let path = printable_line(&report.shown_path(place));
        lines.push(format!("also: {path}:{}: {}", place.start.line, printable(message)));
    }
    lines.retain(|l| !l.is_empty());
    lines.join("\n")
}

/// The file as miette gets it: lines that are shown are made fit for it, the others are empty.
#[derive(Debug)]
struct Page {
    name: String,
    text: String,
    labels: Vec<LabeledSpan>,
    primary: SourceSpan,
    column: usize,
}

impl Page {
    fn new(report: &RunReport, file: &SourceFile, finding: &ReportFinding, width: usize) -> Self {
        let here = finding.related.iter().filter(|(place, _)| place.path == finding.location.path);
        let places: Vec<(&Location, Option<String>)> = std::iter::once((&finding.location, goes_on(&finding.location)))
            .chain(here.map(|(place, message)| (place, Some(printable(message)))))
            .collect();
        let room = width.max(40).saturating_sub(12).max(30);
        let (text, spans) = lay_out(file, &places, room);
        let primary = spans.first().copied().unwrap_or_else(|| (0, 0).into());
        let labels = places.into_iter().zip(spans).enumerate().map(|(nth, ((_, label), span))| {
            if nth == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            }
        });
        Self {
            name: printable_line(&report.shown_path(&finding.location)),
            text,
            labels: labels.collect(),
            primary,
            column: finding.location.start.column - 1,
        }
    }
}

fn goes_on(place: &Location) -> Option<String> {
    (place.end.line > place.start.line).then(|| format!("goes on to line {}", place.end.line))
}

/// Text with the lines around the places, and the span of each place in it.
fn lay_out(file: &SourceFile, places: &[(&Location, Option<String>)], room: usize) -> (String, Vec<SourceSpan>) {
    let mut shown: BTreeMap<usize, Excerpt> = BTreeMap::new();
    for (place, _) in places {
        let number = place.start.line;
        let line = file.line(number).map_or("", |(_, line)| line);
        shown.entry(number).or_insert_with(|| Excerpt::new(line, excerpt::marks(place, line), room));
    }
    for number in places.iter().flat_map(|(place, _)| [place.start.line - 1, place.start.line + 1]) {
        // What follows the last line break is no line.
        let is_rest = || file.line(number + 1).is_none();
        if let Some((_, line)) = file.line(number).filter(|(_, line)| !line.is_empty() || !is_rest()) {
            shown.entry(number).or_insert_with(|| Excerpt::new(line, 0..0, room));
        }
    }
    let mut text = String::new();
    let mut starts = BTreeMap::new();
    let mut at = 1;
    for (number, excerpt) in &shown {
        text.extend(std::iter::repeat_n('\n', number - at));
        starts.insert(*number, text.len());
        text.push_str(&excerpt.text);
        at = *number;
    }
    text.push('\n');
    let spans = places.iter().filter_map(|(place, _)| {
        let (excerpt, start) = (shown.get(&place.start.line)?, starts.get(&place.start.line)?);
        let line = file.line(place.start.line).map_or("", |(_, line)| line);
        let marks = excerpt::marks(place, line);
        let (from, to) = (excerpt.place(marks.start).0, excerpt.place(marks.end).0);
        Some((start + from, to.saturating_sub(from)).into())
    });
    (text, spans.collect())
}

impl SourceCode for Page {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self.text.read_span(span, before, after)?;
        // The head of the frame names the place in the file, not in the part of the line that is shown.
        let is_head = *span == self.primary && before == 0 && after == 0;
        let column = if is_head { self.column } else { found.column() };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            found.data(),
            *found.span(),
            found.line(),
            column,
            found.line_count(),
        )))
    }
}
