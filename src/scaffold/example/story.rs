//! The story of each document, as data.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::files::FILES;
use crate::error::Error;

/// What a version brought.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) version: String,
    /// Words that came in with it.
    #[serde(default)]
    pub(super) cut: Vec<String>,
    /// Words that came in with it, and those that stood there before.
    #[serde(default)]
    pub(super) swap: Vec<(String, String)>,
}

/// A document with its past.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) path: String,
    /// Version and day it came into the repository with, not yet approved there.
    #[serde(default)]
    pub(super) import: Option<(String, String)>,
    /// Number, day and reason of versions its own list of changes no longer names.
    #[serde(default)]
    pub(super) earlier: Vec<(String, String, String)>,
    /// Editorial versions: number, day, reason.
    #[serde(default)]
    pub(super) patches: Vec<(String, String, String)>,
    /// Day of the last text, when it is younger than the last version by its list of changes: days of reviews were
    /// entered. The version before has a zero at its end.
    #[serde(default)]
    pub(super) again: Option<(String, String)>,
    /// Day entries came in, where they do not say it themselves.
    #[serde(default)]
    pub(super) since: BTreeMap<String, String>,
    /// Day entries were closed.
    #[serde(default)]
    pub(super) closed: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) step: Vec<Step>,
    /// Person who wrote the last word of it with somebody else.
    #[serde(default)]
    pub(super) with: Option<String>,
}

/// A version of a document.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) number: String,
    pub(super) on: String,
    pub(super) status: &'static str,
    pub(super) why: String,
    pub(super) summary: String,
    /// Its entry in `changes`.
    pub(super) entry: String,
    /// The version whose step of the story it took; empty when it only noted a review.
    pub(super) brings: String,
}

impl Version {
    /// A version with three parts is an editorial one, except for those ending in zero.
    pub(super) fn is_patch(&self) -> bool {
        self.number.split('.').count() == 3 && !self.number.ends_with(".0")
    }

    fn new(number: &str, on: &str, why: &str) -> Self {
        let entry = format!("  - version: {number}\n    on: {on}\n    why: {}\n", crate::scaffold::yaml_text(why));
        let (brings, on, why) = (number.to_owned(), on.to_owned(), why.to_owned());
        Self { number: brings.clone(), on, status: "approved", why, summary: String::new(), entry, brings }
    }
}

/// A commit that belongs to no document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub(super) doc: Vec<Document>,
}

/// Reads the story; documents nobody wrote one for have the versions of their list of changes.
pub(super) fn story() -> Result<Vec<Document>, Error> {
    let story: Story =
        toml::from_str(include_str!("story.toml")).map_err(|e| Error::Defect(format!("story.toml: {e}")))?;
    let unknown = story.doc.iter().find(|d| FILES.iter().all(|(path, _)| *path != d.path));
    match unknown {
        Some(document) => Err(Error::Defect(format!("story.toml: there is no {}", document.path))),
        None => Ok(story.doc),
    }
}

/// All versions of a document, oldest first.
pub(super) fn versions(document: &Document, text: &str) -> Vec<Version> {
    let mut out: Vec<Version> = Vec::new();
    if let Some((number, on)) = &document.import {
        let mut version = Version::new(number, on, "Brought over from the file share as it stood.");
        version.status = "in-review";
        out.push(version);
    }
    let named = |(number, on, why): &(String, String, String)| Version::new(number, on, why);
    out.extend(document.earlier.iter().map(named));
    out.extend(listed(text));
    if let Some((day, why)) = &document.again
        && let Some(last) = out.last_mut()
    {
        let mut again = Version::new(&last.number, day, why);
        again.entry.clear();
        again.brings.clear();
        last.entry =
            last.entry.replacen(&format!("version: {}\n", last.number), &format!("version: {}.0\n", last.number), 1);
        last.number += ".0";
        out.push(again);
    }
    for patch in document.patches.iter().map(named) {
        let at = out.iter().position(|v| v.on > patch.on).unwrap_or(out.len());
        out.insert(at, patch);
    }
    out
}

/// The versions a document lists itself, oldest first.
fn listed(text: &str) -> Vec<Version> {
    let mut out: Vec<Version> = Vec::new();
    let lines = text.split_inclusive('\n').skip_while(|l| *l != "changes:\n").skip(1);
    for line in lines.take_while(|l| l.starts_with(' ')) {
        let (name, value) = line.trim().trim_start_matches("- ").split_once(": ").unwrap_or_default();
        if line.starts_with("  - version:") {
            out.push(Version::new(value, "", ""));
            out.last_mut().into_iter().for_each(|v| v.entry.clear());
        }
        let Some(version) = out.last_mut() else { continue };
        version.entry += line;
        match name {
            "on" => value.clone_into(&mut version.on),
            "why" => value.clone_into(&mut version.why),
            "summary" => value.clone_into(&mut version.summary),
            _ => {}
        }
    }
    out.reverse();
    out
}

impl Document {
    /// A document nobody wrote a story for.
    pub(super) fn plain(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            import: None,
            earlier: Vec::new(),
            patches: Vec::new(),
            again: None,
            since: BTreeMap::new(),
            closed: BTreeMap::new(),
            step: Vec::new(),
            with: None,
        }
    }
}
