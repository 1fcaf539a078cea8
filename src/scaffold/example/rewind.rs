//! Earlier texts of a document, worked out backwards from the text it has in the end.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use regex::{Captures, Regex};

use super::story::{Document, Step, Version};
use crate::error::Error;

/// The text of a version of a document. `index` counts in `versions`, oldest first.
pub(super) fn text_of(document: &Document, versions: &[Version], index: usize, last: &str) -> Result<String, Error> {
    let Some(version) = versions.get(index) else { return Ok(last.to_owned()) };
    if index + 1 == versions.len() {
        return Ok(last.to_owned());
    }
    let mut text = last.to_owned();
    for later in versions.iter().skip(index + 1).rev() {
        for step in document.step.iter().filter(|s| s.version == later.brings) {
            text = undo(&text, step, &document.path)?;
        }
    }
    let text = as_of(&text, &version.on, document);
    Ok(control(&text, versions, index))
}

fn undo(text: &str, step: &Step, path: &str) -> Result<String, Error> {
    let mut out = text.to_owned();
    let cuts = step.cut.iter().map(|now| (now.as_str(), ""));
    for (now, was) in cuts.chain(step.swap.iter().map(|(now, was)| (now.as_str(), was.as_str()))) {
        let found = phrase(now).and_then(|p| p.find(&out).map(|m| m.range()));
        let Some(range) = found else {
            return Err(Error::Defect(format!("{path} does not hold what version {} brought: {now}", step.version)));
        };
        let range = if was.is_empty() { with_space(&out, range) } else { range };
        out.replace_range(range, was);
    }
    Ok(out)
}

/// A stretch to be cut, with one of the blanks around it.
fn with_space(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let (before, after) = (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let blank_after = after.starts_with([' ', '\n']);
    if before.ends_with("\n\n") {
        range.start..range.end + usize::from(after.starts_with([' ', '\n']) && !after.starts_with("\n\n"))
    } else if blank_after && before.ends_with([' ', '\n']) {
        range.start - 1..range.end
    } else {
        range
    }
}

/// The words of a phrase, whatever the line breaks between them. A phrase that begins with a line break takes it along.
fn phrase(words: &str) -> Option<Regex> {
    let mut pattern = String::new();
    if words.starts_with('\n') {
        pattern += r"\n\s*";
    }
    pattern += &words.split_whitespace().map(regex::escape).collect::<Vec<_>>().join(r"\s+");
    if words.ends_with(' ') {
        pattern += r"\s";
    }
    Regex::new(&pattern).ok()
}

/// The control block of a version: number, day, status and as many entries of `changes` as the document keeps.
fn control(text: &str, versions: &[Version], index: usize) -> String {
    let Some(version) = versions.get(index) else { return text.to_owned() };
    let mut out = String::new();
    let mut in_changes = false;
    let kept = text.lines().skip_while(|l| *l != "changes:").skip(1);
    let keep = kept.take_while(|l| l.starts_with(' ')).filter(|l| l.starts_with("  - version:")).count().max(1);
    let effective = versions.iter().take(index + 1).rev().find(|v| !v.is_patch()).unwrap_or(version);
    let mut fences = 0;
    for line in text.split_inclusive('\n') {
        fences += usize::from(line == "---\n");
        let front = fences == 1;
        if in_changes && line.starts_with(' ') {
            continue;
        }
        in_changes = false;
        if front && line.starts_with("version: ") {
            out += &format!("version: {}\n", version.number);
        } else if front && line.starts_with("status: ") {
            out += &format!("status: {}\n", version.status);
        } else if front && line.starts_with("effective_on: ") {
            out += &format!("effective_on: {}\n", effective.on);
        } else if front && line == "changes:\n" {
            in_changes = true;
            out += line;
            out += &entries(versions, index, keep);
        } else {
            out += line;
        }
    }
    out
}

/// Entries of `changes`, newest first. Editorial versions are named until the next one.
fn entries(versions: &[Version], index: usize, keep: usize) -> String {
    let shown: Vec<&Version> = versions.iter().take(index + 1).rev().filter(|v| !v.entry.is_empty()).collect();
    let patches = shown.iter().take_while(|v| v.is_patch());
    let others = shown.iter().filter(|v| !v.is_patch()).take(keep);
    patches.chain(others).map(|v| v.entry.as_str()).collect()
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static DONE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?:, )?done_on: (\d{4}-\d\d-\d\d), status: done"));
static LAST: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"((?:last_\w+|reviewed|accepted)_on): (\d{4}-\d\d-\d\d)"));
static NEXT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"((?:next_\w+|due)_on): (\d{4}-\d\d-\d\d)"));
static GONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^ *(?:effectiveness: \{checked_on|measured_on|closed_on|- \{id: [^,]*, opened_on): (\d{4}-\d\d-\d\d)")
});
static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"^ *- \{period: "?(\d{4})(?:-([QH])(\d))?"#));
static RESULT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?m)^    result: \{.*on: (\d{4}-\d\d-\d\d)"));
static SINCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?m)^    (?:identified_on|decided_on|held_on|onboarded_on|live_since|on): (\d{4}-\d\d-\d\d)")
});

/// The text without what only later days knew: entries, results, days.
fn as_of(text: &str, day: &str, document: &Document) -> String {
    let Some((front, body)) = text.split_once("\n---\n") else { return text.to_owned() };
    let mut out = String::new();
    let mut blocks: Vec<String> = Vec::new();
    for line in front.split_inclusive('\n') {
        if line.starts_with("  - id: ") {
            blocks.push(line.to_owned());
        } else if let Some(block) = blocks.last_mut().filter(|_| line.starts_with("    ")) {
            block.push_str(line);
        } else {
            flush(&mut blocks, &mut out, day, document);
            out += &line_as_of(line, day);
        }
    }
    flush(&mut blocks, &mut out, day, document);
    let out = out.trim_end_matches('\n');
    format!("{out}\n---\n{body}")
}

fn flush(blocks: &mut Vec<String>, out: &mut String, day: &str, document: &Document) {
    for block in blocks.drain(..) {
        let id = block.lines().next().unwrap_or_default().trim_start_matches("  - id: ");
        let found = || SINCE.as_ref().and_then(|s| s.captures(&block)).and_then(|c| c.get(1)).map(|m| m.as_str());
        let since = document.since.get(id).map(String::as_str).or_else(found).unwrap_or_default();
        if since > day {
            continue;
        }
        let result = RESULT.as_ref().and_then(|r| r.captures(&block)).and_then(|c| c.get(1)).map(|m| m.as_str());
        let closed = document.closed.get(id).map(String::as_str).or(result).is_some_and(|closed| closed > day);
        for line in block.split_inclusive('\n') {
            out.push_str(&if closed { reopened(line, day) } else { line_as_of(line, day) });
        }
    }
}

/// A line of an entry that was not closed yet.
fn reopened(line: &str, day: &str) -> String {
    let name = line.trim_start().split(':').next().unwrap_or_default();
    match name {
        "status" => "    status: in-progress\n".to_owned(),
        "result" | "reported_in" => String::new(),
        _ => line_as_of(line, day),
    }
}

fn line_as_of(line: &str, day: &str) -> String {
    let later = |m: Option<regex::Match<'_>>| m.is_some_and(|m| m.as_str() > day);
    if GONE.as_ref().and_then(|g| g.captures(line)).is_some_and(|c| later(c.get(1))) {
        return String::new();
    }
    if PERIOD.as_ref().and_then(|p| p.captures(line)).is_some_and(|c| end_of(&c).as_str() > day) {
        return String::new();
    }
    // The review of a document that had not been held yet.
    if line.strip_prefix("reviewed_on: ").is_some_and(|on| on.trim() > day) {
        return String::new();
    }
    let mut out = line.to_owned();
    if let Some(done) = DONE.as_ref() {
        let open = |c: &Captures<'_>| {
            if later(c.get(1)) { ", status: open".to_owned() } else { c.get(0).map_or("", |m| m.as_str()).to_owned() }
        };
        out = done.replace_all(&out, open).into_owned();
    }
    let shifted = |pattern: &Option<Regex>, out: &str, limit: &str, step: Span| {
        let shift = |c: &Captures<'_>| {
            let (name, date) = (c.get(1).map_or("", |m| m.as_str()), c.get(2).map_or("", |m| m.as_str()));
            format!("{name}: {}", back(date, limit, step))
        };
        pattern.as_ref().map_or(out.to_owned(), |p| p.replace_all(out, shift).into_owned())
    };
    out = shifted(&LAST, &out, day, 3.months());
    let ahead = day.parse::<Date>().ok().and_then(|d| d.checked_add(15.months()).ok()).map(|d| d.to_string());
    shifted(&NEXT, &out, &ahead.unwrap_or_default(), 12.months())
}

/// A day, taken back in steps until it is not after the limit.
fn back(date: &str, limit: &str, step: Span) -> String {
    let Ok(mut day) = date.parse::<Date>() else { return date.to_owned() };
    while day.to_string().as_str() > limit {
        match day.checked_sub(step) {
            Ok(earlier) => day = earlier,
            Err(_) => break,
        }
    }
    day.to_string()
}

/// Last day of a period such as 2026-Q3, 2026-H1, 2025.
fn end_of(period: &Captures<'_>) -> String {
    let part = |n: usize| period.get(n).map_or("", |m| m.as_str());
    let month = match (part(2), part(3).parse::<u8>().unwrap_or(1)) {
        ("Q", n) => n * 3,
        ("H", n) => n * 6,
        _ => 12,
    };
    format!("{}-{month:02}-28", part(1))
}
