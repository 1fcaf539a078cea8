//! What the reader asks besides: commits that must be in the history, a checkpoint that was kept, a pack that was received before.

use std::collections::{BTreeMap, BTreeSet};

use super::history::History;
use super::{Ground, Outcome, Step, are, plural};
use crate::error::Error;
use crate::history::Oid;
use crate::pack::container::Opened;
use crate::pack::evidence::APPROVALS;
use crate::pack::index::{INDEX, Index, Shown};
use crate::pack::manifest::{self, MANIFEST};
use crate::trust::{Checkpoint, Judged, approval_digests, approvals_digest, day, tree_digest};

pub(super) fn steps(pack: &Opened, index: &Index, history: &History, ground: &Ground) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    if !ground.contains.is_empty() {
        out.push(contains(&ground.contains, history));
    }
    out.extend(ground.checkpoint.as_ref().map(|bytes| checkpoint(bytes, history)));
    out.extend(ground.older.as_ref().map(|older| since(older, pack, index, history)));
    out
}

fn contains(wanted: &[Oid], history: &History) -> Step {
    let missing: Vec<String> =
        wanted.iter().filter(|c| !history.on_chain(**c)).map(|c| format!("{c} is not on the main line.")).collect();
    let title = "Contains";
    if missing.is_empty() {
        let n = wanted.len();
        return Step::new(
            title,
            Outcome::Good,
            format!("the main line of the history holds the commit{} you named", plural(n)),
        );
    }
    Step::failed(title, "the history lacks a commit you named: it is older, or another one").with(missing)
}

/// The history against a checkpoint: its commit, the trust policy, the approvals; its files where none is left out.
fn checkpoint(bytes: &[u8], history: &History) -> Step {
    let title = "Checkpoint";
    let kept = match Checkpoint::parse(bytes) {
        Ok(kept) => kept,
        Err(why) => return Step::failed(title, format!("the file is no checkpoint: {why}")),
    };
    let Some(judged) = history.record.judged() else {
        return Step::new(title, Outcome::NotDone, "nothing was judged");
    };
    match against(&kept, judged, history) {
        Ok(wrong) if wrong.is_empty() => Step::new(
            title,
            Outcome::Good,
            format!("the history holds what your checkpoint of {} names", day(kept.signed_at)),
        ),
        Ok(wrong) => Step::failed(title, "the history does not hold what your checkpoint names").with(wrong),
        Err(error) => Step::failed(title, error.to_string()),
    }
}

fn against(kept: &Checkpoint, judged: &Judged, history: &History) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    let policies = judged.chain.states();
    if policies.first().is_none_or(|s| s.policy.repo_id != kept.repository) {
        wrong.push("It is of another repository.".into());
    }
    if !history.on_chain(kept.head) {
        wrong.push(format!("Commit {} is not on the main line.", kept.head));
        return Ok(wrong);
    }
    if policies.last().is_none_or(|s| s.policy.reference.serial < kept.policy.serial) {
        wrong.push(format!("The trust policy went back from serial {}.", kept.policy.serial));
    }
    let then = approval_digests(&history.repository, kept.head)?;
    if then.len() as u64 != kept.approvals || approvals_digest(&then) != kept.approvals_digest {
        wrong.push("The approvals of its commit are not those it counts.".into());
    }
    let gone = then.difference(&approval_digests(&history.repository, history.tip)?).count();
    if gone > 0 {
        wrong.push(format!("{gone} of the approvals that it counts {} gone.", are(gone)));
    }
    let files = history.repository.files(kept.head, "")?;
    let whole = files.values().all(|f| f.is_regular() && history.has(f.oid));
    if whole && tree_digest(&history.repository, kept.head)? != kept.tree {
        wrong.push("The files of its commit are not those it was made from.".into());
    }
    Ok(wrong)
}

/// What is missing or changed since a pack that was received before.
fn since(older: &Opened, pack: &Opened, index: &Index, history: &History) -> Step {
    let title = "Since pack";
    let sound = older.files.get(MANIFEST).and_then(|b| manifest::parse(b).ok());
    let sound = sound.is_some_and(|listed| manifest::differences(&older.files, &listed).is_empty());
    let old = older.files.get(INDEX).and_then(|b| Index::read(b)).filter(|_| sound);
    let Some(old) = old else {
        return Step::failed(title, "the older pack does not hold itself: verify it first");
    };
    let follows = Oid::from_str(&old.commit).is_ok_and(|c| history.on_chain(c));
    if !follows {
        let summary = format!("the history does not go on from {}, of which the older pack was made", old.commit);
        return Step::failed(title, summary);
    }
    let gone: Vec<String> =
        approvals(older).difference(&approvals(pack)).map(|a| format!("Approval gone: {a}.")).collect();
    if !gone.is_empty() {
        return Step::failed(title, "approvals that the older pack shows are gone").with(gone);
    }
    let details = documents(&old, index);
    let summary =
        format!("the history goes on from the older pack of {}; {} documents differ", old.today, details.len());
    let outcome = if details.is_empty() { Outcome::Good } else { Outcome::Note };
    Step::new(title, outcome, summary).with(details)
}

/// Document, version, role and signer of each approval.
fn approvals(pack: &Opened) -> BTreeSet<String> {
    let text = pack.files.get(APPROVALS).map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        cells.get(3..8).map(|cells| cells.join(" "))
    };
    text.lines().filter(|l| !l.starts_with('#')).filter_map(line).collect()
}

fn documents(old: &Index, new: &Index) -> Vec<String> {
    let by_id = |index: &Index| -> BTreeMap<String, Shown> {
        index.documents.iter().map(|d| (d.id.clone(), d.clone())).collect()
    };
    let (before, now) = (by_id(old), by_id(new));
    let mut out = Vec::new();
    for (id, was) in &before {
        match now.get(id) {
            None => out.push(format!("{id} {} is gone.", was.title)),
            Some(is) if is.digest != was.digest => {
                out.push(format!("{id} changed: {} to {}.", was.version, is.version));
            }
            Some(is) if !was.file.is_empty() && is.file.is_empty() => {
                out.push(format!("{id} is no longer in the pack in full."));
            }
            Some(_) => {}
        }
    }
    out.extend(
        now.iter().filter(|(id, _)| !before.contains_key(*id)).map(|(id, d)| format!("{id} {} is new.", d.title)),
    );
    out
}
