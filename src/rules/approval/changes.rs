//! When commitments and entries last changed in meaning, by the history.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::document::{self, Data, FrontMatter, Node};
use crate::history::{MainLine, Since, since};
use crate::rules::Ctx;
use crate::source::{FileId, decode};
use crate::trust::Record;
use crate::workspace::ArtifactView;

/// Fields that say how a thing is kept, not what it is.
const HOUSEKEEPING: &[&str] = &[
    "approvers",
    "changes",
    "classification",
    "effective_on",
    "evidence_refs",
    "holders",
    "last_reviewed_on",
    "next_review_on",
    "related",
    "review_interval",
    "reviewed_on",
    "since_version",
    "status",
    "template",
    "version",
];

/// What a content is taken apart into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Parts {
    /// What each thing with an id says.
    Meaning,
    /// Which things with an id there are.
    Presence,
    /// The field `reviewed_on`.
    Reviewed,
}

/// Reads the history of artifacts, each at most once for each kind of part.
pub(super) struct Changes<'c> {
    ctx: &'c Ctx<'c>,
    line: MainLine<'c>,
    known: BTreeMap<(usize, Parts), BTreeMap<String, Since>>,
}

impl<'c> Changes<'c> {
    pub(super) fn of(ctx: &'c Ctx<'c>, record: &'c Record) -> Self {
        let line = MainLine::of(&record.history.walk, &record.history.lineages);
        Self { ctx, line, known: BTreeMap::new() }
    }

    /// Since when the parts of an artifact are as they are; empty without a repository.
    pub(super) fn since(&mut self, artifact: ArtifactView<'_>, kind: Parts) -> &BTreeMap<String, Since> {
        let key = (artifact.ix, kind);
        if !self.known.contains_key(&key) {
            let found = self.read(artifact, kind).unwrap_or_default();
            self.known.insert(key, found);
        }
        self.known.entry(key).or_default()
    }

    /// The day the artifact last changed at all; today when it is not committed.
    pub(super) fn newest(&self, artifact: ArtifactView<'_>) -> Date {
        self.line.stages(artifact.id()).first().map_or(self.ctx.today, |s| day(s.time))
    }

    /// The day a change was made; none for what came with its document.
    pub(super) fn changed_on(&self, since: Since) -> Option<Date> {
        match since {
            Since::NotCommitted => Some(self.ctx.today),
            Since::Changed(stage) | Since::Added(stage) => Some(day(stage.time)),
            Since::FromTheStart(_) => None,
        }
    }

    fn read(&self, artifact: ArtifactView<'_>, kind: Parts) -> Option<BTreeMap<String, Since>> {
        let stages = self.line.stages(artifact.id());
        let now = parts(artifact.text().as_bytes(), kind);
        since(self.ctx.repository?, &stages, &now, &|bytes| parts(bytes, kind)).ok()
    }
}

/// The day of a commit, in UTC.
fn day(time: i64) -> Date {
    let at = Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn parts(bytes: &[u8], kind: Parts) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let Ok(text) = decode(bytes.to_vec()) else { return out };
    let (document, _) = document::parse(FileId(0), &text);
    let FrontMatter::Present { node, .. } = &document.front else { return out };
    if kind == Parts::Reviewed {
        out.extend(node.str("reviewed_on").map(|on| ("reviewed_on".to_owned(), on.to_owned())));
        return out;
    }
    things(node, &mut out);
    // Of a whole document only its edition counts: mending a comma must not make anyone look again.
    if let Some(id) = node.str("id") {
        let edition: Vec<&str> = node.str("version").unwrap_or_default().splitn(3, '.').take(2).collect();
        out.insert(id.to_owned(), edition.join("."));
    }
    for block in &document.body.blocks {
        let Some(lead) = block.lead.and_then(|l| text.get(l.range())) else { continue };
        if let Some(said) = out.get_mut(lead) {
            let words = text.get(block.span.range()).unwrap_or_default().split_whitespace();
            for word in words {
                said.push(' ');
                said.push_str(word);
            }
        }
    }
    if kind == Parts::Presence {
        out.values_mut().for_each(String::clear);
    }
    out
}

/// Everything below the top that has an id, with its fields.
fn things(node: &Node, out: &mut BTreeMap<String, String>) {
    for part in node.fields().iter().map(|f| &f.value).chain(node.items()) {
        if let Some(id) = part.str("id") {
            let mut said = String::new();
            part.fields().iter().filter(|f| !HOUSEKEEPING.contains(&&*f.key)).for_each(|f| {
                said.push_str(&f.key);
                render(&f.value, &mut said);
            });
            out.insert(id.to_owned(), said);
        }
        things(part, out);
    }
}

fn render(node: &Node, out: &mut String) {
    match &node.data {
        Data::Null => out.push(';'),
        Data::Scalar { text, .. } => {
            out.push('=');
            text.split_whitespace().for_each(|word| {
                out.push_str(word);
                out.push(' ');
            });
        }
        Data::List(items) => {
            out.push('[');
            for item in items {
                render(item, out);
            }
            out.push(']');
        }
        Data::Map(fields) => {
            out.push('{');
            for field in fields {
                out.push_str(&field.key);
                render(&field.value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "---\nid: P\nversion: 2.1.3\nstatus: draft\ncommitments:\n  - {id: PC-01, element: a, since_version: 1.0}\n---\n\n# P\n\n- **PC-01** We keep\n  our word.\n";

    #[test]
    fn meaning_is_what_is_said_and_not_how_it_is_kept() {
        let said = |text: &str| parts(text.as_bytes(), Parts::Meaning);
        let before = said(POLICY);
        assert_eq!(before["P"], "2.1");
        let kept = POLICY.replace("since_version: 1.0", "since_version: 1.1").replace("keep\n  our", "keep our");
        assert_eq!(said(&kept.replace("2.1.3", "2.1.4")), before);
        assert_ne!(said(&POLICY.replace("our word", "their word"))["PC-01"], before["PC-01"]);
        assert_ne!(said(&POLICY.replace("element: a", "element: b"))["PC-01"], before["PC-01"]);
    }

    #[test]
    fn presence_knows_no_words() {
        let there = |text: &str| parts(text.as_bytes(), Parts::Presence);
        assert_eq!(there(POLICY), there(&POLICY.replace("our word", "x")));
        assert!(there("no front matter").is_empty());
    }
}
