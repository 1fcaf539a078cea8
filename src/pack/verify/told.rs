//! What the pack says of itself in `pack.json` and `report.json`, against what the history shows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::history::History;
use super::seen::Seen;
use super::{Outcome, Step, are, plural};
use crate::history::Oid;
use crate::pack::container::Opened;
use crate::pack::index::{INDEX, Index, Shown};
use crate::pack::period::end_of;
use crate::trust::as_of;
use crate::workspace::ArtifactView;

/// Compares both.
pub(super) fn step(pack: &Opened, index: &Index, history: &History, seen: &Seen) -> Step {
    let title = "Contents";
    let mut wrong = documents(index, seen);
    wrong.extend(withheld(index, history, seen));
    wrong.extend(gaps(index, seen));
    wrong.extend(facts(pack, index, history, seen));
    wrong.extend(period(index, history));
    wrong.extend(report(pack, index));
    if !wrong.is_empty() {
        return Step::failed(title, "the pack says of itself what its history does not show").with(wrong);
    }
    let n = index.gaps.len();
    let all = index.documents.len();
    if n == 0 {
        let summary =
            format!("all {all} documents of the commit are listed, and nothing that the stage asks for is missing");
        return Step::new(title, Outcome::Good, summary);
    }
    let summary = format!(
        "all {all} documents of the commit are listed, and {n} thing{} of this stage {} missing, as the pack says",
        plural(n),
        are(n)
    );
    Step::new(title, Outcome::Note, summary).with(index.gaps.clone())
}

fn documents(index: &Index, seen: &Seen) -> Vec<String> {
    let expected = seen.documents_listed();
    let listed: BTreeMap<&str, &Shown> = index.documents.iter().map(|d| (d.path.as_str(), d)).collect();
    let mut wrong = Vec::new();
    if listed.len() != index.documents.len() {
        wrong.push(format!("{INDEX} lists a document twice."));
    }
    for document in &expected {
        match listed.get(document.path.as_str()) {
            None => wrong.push(format!("{} {} is in the commit and not listed.", document.id, document.title)),
            Some(said) => wrong.extend(difference(said, document)),
        }
    }
    let known: BTreeSet<&str> = expected.iter().map(|d| d.path.as_str()).collect();
    let extra = index.documents.iter().filter(|d| !known.contains(d.path.as_str()));
    wrong.extend(extra.map(|d| format!("{} is listed and no document of the commit.", d.id)));
    wrong
}

fn difference(said: &Shown, shown: &Shown) -> Option<String> {
    let fields = [
        ("id", &said.id, &shown.id),
        ("title", &said.title, &shown.title),
        ("kind", &said.kind, &shown.kind),
        ("file in the pack", &said.file, &shown.file),
        ("version", &said.version, &shown.version),
        ("status", &said.status, &shown.status),
        ("share in this stage", &said.share, &shown.share),
    ];
    let (field, said, found) = fields.into_iter().find(|(_, said, found)| said != found)?;
    let word = |text: &str| if text.is_empty() { "none".to_owned() } else { format!("`{text}`") };
    Some(format!("{}: the pack says {field} {}, the commit says {}.", shown.id, word(said), word(found)))
}

/// Places are withheld only of texts that the history leaves out.
fn withheld(index: &Index, history: &History, seen: &Seen) -> Vec<String> {
    let hidden = |path: &str| seen.files.get(path).is_some_and(|f| !history.has(f.oid));
    let may = |path: &str| {
        let csv = seen.ws.artifact_at(path).and_then(ArtifactView::entries_path);
        hidden(path) || csv.is_some_and(|csv| hidden(&csv))
    };
    let listed = index.withheld.iter().filter(|w| w.places > 0).map(|w| w.path.as_str());
    let counted = index.documents.iter().filter(|d| d.withheld > 0).map(|d| d.path.as_str());
    let wrong: BTreeSet<&str> = listed.chain(counted).filter(|path| !may(path)).collect();
    wrong
        .iter()
        .map(|path| format!("{path}: the pack says that places are withheld, and the history holds all of it."))
        .collect()
}

/// Whether a register has entries cannot be seen where its text is left out; all else can.
fn gaps(index: &Index, seen: &Seen) -> Vec<String> {
    let blind = |gap: &str| {
        let unseen = seen.ws.artifacts().filter(|a| seen.unseen.contains(a.path()));
        unseen.map(|a| format!("{} {} has no entries (", a.id(), a.title())).any(|start| gap.starts_with(&start))
    };
    let found: BTreeSet<&str> = seen.contents.gaps().map(|(_, gap)| gap).filter(|gap| !blind(gap)).collect();
    let said: BTreeSet<&str> = index.gaps.iter().map(String::as_str).filter(|gap| !blind(gap)).collect();
    let hidden = found.difference(&said).map(|gap| format!("The pack does not say what is missing: {gap}"));
    let made_up = said.difference(&found).map(|gap| format!("The pack says, and the commit does not: {gap}"));
    hidden.chain(made_up).collect()
}

fn facts(pack: &Opened, index: &Index, history: &History, seen: &Seen) -> Vec<String> {
    let config = &seen.ws.config;
    let (names, at) = (config.pack.names.to_string(), history.at.to_string());
    let facts = [
        ("organization", index.organization.as_str(), config.organization.as_str()),
        ("standard", &index.standard, &config.standard),
        ("time of the commit", &index.committed_at, &at),
        ("names of people", &index.names.to_string(), &names),
    ];
    let differs = facts.iter().filter(|(_, said, found)| said != found);
    let mut wrong: Vec<String> = differs
        .map(|(what, said, found)| format!("{what}: the pack says `{said}`, the commit says `{found}`."))
        .collect();
    let own = index.tool == env!("CARGO_PKG_VERSION");
    if own && pack.files.get(INDEX).is_none_or(|bytes| *bytes != index.render().into_bytes()) {
        wrong.push(format!("{INDEX} holds more than this version of smsctl writes."));
    }
    wrong
}

fn period(index: &Index, history: &History) -> Vec<String> {
    let day = |text: &str| text.parse::<Date>().ok();
    if day(&index.today).is_none() {
        return vec![format!("`{}` is no day to judge by.", index.today)];
    }
    let commit = index.since_commit.as_deref().and_then(|c| Oid::from_str(c).ok());
    let fits = match index.since.as_deref().map(day) {
        None => commit.is_none() && index.since_label.is_none(),
        Some(None) => false,
        Some(Some(since)) => {
            let of_day = as_of::tip(&history.repository, history.tip, end_of(since)).ok().flatten();
            let own = commit.and_then(|c| history.time(c)).map(|t| t.to_zoned(TimeZone::UTC).date());
            commit == of_day || own == Some(since)
        }
    };
    if fits { Vec::new() } else { vec!["The start of the period is not the commit of that day.".into()] }
}

/// What the report says of the whole.
fn report(pack: &Opened, index: &Index) -> Option<String> {
    let file = "report.json";
    let Some(value) = pack.files.get(file).and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok()) else {
        return Some(format!("{file} is missing or cannot be read."));
    };
    let said = |field: &str| value.pointer(&format!("/sms/{field}")).and_then(Value::as_str).unwrap_or_default();
    let same = [
        (said("organization"), index.organization.as_str()),
        (said("standard"), &index.standard),
        (said("revision"), &index.commit),
        (said("today"), &index.today),
    ];
    same.iter().any(|(a, b)| a != b).then(|| format!("{file} is of another SMS, commit or day than the pack."))
}
