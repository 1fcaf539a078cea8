//! The examples on the pages of the rules, each judged once by all rules.
//!
//! A fenced block whose info string names a path (```` ```markdown registers/roles.md ````) is that file. The files of a
//! section are laid over the small SMS in `tests/it/base`; with the line `<!-- alone -->` in the section they stand alone (beside a
//! plain smsctl.toml, unless they bring one). `delete` as language takes a file away, `unreadable` behind the path makes
//! it unreadable, and `␀` stands for a NUL byte.

use std::fmt::Write as _;

use smsctl::finding::Severity;
use smsctl::rules::{Finding, Rule};
use smsctl::source::{MemoryTree, Position, Span};
use smsctl::workspace::Workspace;

use crate::common::{bare, base, check};

pub struct Section {
    title: String,
    alone: bool,
    files: Vec<(String, String, String)>,
}

impl Section {
    pub fn title(&self) -> &str {
        &self.title
    }
}

pub fn sections(page: &str) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut fence: Option<(String, Vec<String>)> = None;
    let mut text = String::new();
    for line in page.lines() {
        match &fence {
            Some((marks, info)) if line.trim_end() == marks => {
                if let (Some(section), [language, path, rest @ ..]) = (out.last_mut(), info.as_slice()) {
                    let flag = rest.first().cloned().unwrap_or_default();
                    let flag = if language == "delete" { "delete".to_owned() } else { flag };
                    section.files.push((path.clone(), flag, std::mem::take(&mut text)));
                }
                fence = None;
            }
            Some(_) => writeln!(text, "{line}").unwrap(),
            None if line.starts_with("```") => {
                let marks: String = line.chars().take_while(|c| *c == '`').collect();
                let info = line[marks.len()..].split_whitespace().map(str::to_owned).collect();
                text.clear();
                fence = Some((marks, info));
            }
            None => {
                if let Some(title) = line.strip_prefix("## ") {
                    out.push(Section { title: title.trim().to_owned(), alone: false, files: Vec::new() });
                } else if line.trim() == "<!-- alone -->" {
                    out.last_mut().unwrap().alone = true;
                }
            }
        }
    }
    assert!(fence.is_none(), "a fence is not closed");
    out
}

pub fn tree(section: &Section) -> MemoryTree {
    let mut tree = if section.alone { bare() } else { base() };
    for (path, flag, text) in &section.files {
        match flag.as_str() {
            "delete" => tree.remove(path),
            "unreadable" => tree.put(path, None),
            _ => tree.put(path, Some(text.replace('␀', "\0").into_bytes())),
        }
    }
    tree
}

/// A place as people read it.
pub struct Place {
    pub path: String,
    pub start: Position,
    pub end: Position,
}

impl Place {
    fn of(workspace: &Workspace, span: Span) -> Self {
        let at = |offset: u32| workspace.sources.file(span.file).position(offset as usize);
        Self { path: workspace.sources.path(span).to_owned(), start: at(span.start), end: at(span.end) }
    }

    /// `path:line`.
    pub fn line(&self) -> String {
        format!("{}:{}", self.path, self.start.line)
    }
}

/// What a rule says of an example.
pub struct Hit {
    pub rule: &'static str,
    pub severity: Severity,
    pub place: Place,
    pub message: String,
    pub help: String,
    /// Other places, each with what is there.
    pub related: Vec<(Place, String)>,
}

impl Hit {
    fn of(workspace: &Workspace, finding: &Finding) -> Self {
        let problem = &finding.problem;
        Self {
            rule: finding.rule.name,
            severity: finding.severity,
            place: Place::of(workspace, problem.span),
            message: problem.message.clone(),
            help: problem.help.clone(),
            related: problem.related.iter().map(|r| (Place::of(workspace, r.span), r.message.clone())).collect(),
        }
    }
}

/// An example of a page with what all rules say of it.
pub struct Case {
    pub title: String,
    /// Counts the examples of one title of one page from 1.
    pub number: usize,
    /// Paths of the example's own files; others are those of the sample.
    pub files: Vec<String>,
    pub hits: Vec<Hit>,
}

impl Case {
    fn look(section: Section, number: usize) -> Self {
        let (workspace, verdict) = check(&tree(&section));
        let hits = verdict.findings.iter().map(|f| Hit::of(&workspace, f)).collect();
        let files = section.files.into_iter().map(|(path, ..)| path).collect();
        Self { title: section.title, number, files, hits }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.title, self.number)
    }

    pub fn owns(&self, place: &Place) -> bool {
        self.files.contains(&place.path)
    }
}

/// The examples of the page of a rule, in their order.
pub fn cases_of(rule: &Rule) -> Vec<Case> {
    let (mut fails, mut passes) = (0, 0);
    let mut out = Vec::new();
    for section in sections(rule.docs).into_iter().filter(|s| !s.files.is_empty()) {
        let number = match section.title.as_str() {
            "Fails" => &mut fails,
            "Passes" => &mut passes,
            _ => continue,
        };
        *number += 1;
        out.push(Case::look(section, *number));
    }
    out
}
