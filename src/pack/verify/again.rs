//! The whole pack made again in memory, where its evidence holds all that it was made of, and compared byte for byte.

use std::collections::BTreeSet;

use super::history::History;
use super::{Outcome, Step, evidence, plural};
use crate::catalog::Stages;
use crate::error::Error;
use crate::history::Oid;
use crate::pack::build::{self, Made, Order, Origin};
use crate::pack::container::Opened;
use crate::pack::facts::{CommitFacts, Since};
use crate::pack::index::Index;
use crate::pack::manifest;
use crate::pack::reads::Reads;
use crate::source::CommitTree;
use crate::workspace;

const TITLE: &str = "Pages";

/// The parts that are made from all the texts of an SMS.
pub(super) fn made_pages(pack: &Opened) -> Vec<String> {
    let parts =
        ["index.html", "html/", "tables/", "populations/", "registers.xlsx", "oscal/", "audit-pack", "report.json"];
    let there = |part: &&str| pack.files.keys().any(|path| path.starts_with(part));
    let named =
        |part: &str| if part == "audit-pack" { "audit-pack.pdf or audit-pack.typ".to_owned() } else { part.to_owned() };
    parts.into_iter().filter(there).map(named).collect()
}

/// Makes it again; gives what rests on the signature alone. Nothing is made where something `sound`er failed before.
pub(super) fn step(pack: &Opened, index: &Index, history: &History, sound: bool) -> Result<(Step, Vec<String>), Error> {
    let not = |why: String| Ok((Step::new(TITLE, Outcome::Note, why), made_pages(pack)));
    if !sound {
        return not("not made again to compare, since something above failed".into());
    }
    if index.tool != env!("CARGO_PKG_VERSION") {
        let own = env!("CARGO_PKG_VERSION");
        return not(format!("not made again to compare: smsctl {} made the pack, and this is {own}", index.tool));
    }
    if !index.withheld.is_empty() {
        return not("made from texts of which parts are withheld, so they rest on the signature alone".into());
    }
    match made(pack, index, history)? {
        Ok(made) => Ok(compared(pack, &made)),
        Err(why) => not(format!("not made again to compare: {why}")),
    }
}

/// The pack, made from its own evidence; a reason when that does not hold everything.
fn made(pack: &Opened, index: &Index, history: &History) -> Result<Result<Made, String>, Error> {
    let tree = CommitTree::open(&history.folder, &format!("{}:{}", history.tip, history.repository.prefix()))?;
    let reads = Reads::of(&tree);
    let ws = workspace::load(&reads, &|_, _| {})?;
    let missing = reads.missing();
    if let Some(first) = missing.first() {
        let n = missing.len();
        return Ok(Err(format!("the history leaves out {n} text{} of the commit, such as {first}", plural(n))));
    }
    let Ok(code_owners) = build::code_owners(&history.repository, history.tip) else {
        return Ok(Err("the history leaves out CODEOWNERS".into()));
    };
    let Some(order) = order(pack, index, history) else {
        return Ok(Err("what it was made for cannot be read".into()));
    };
    let origin = Origin {
        ws: &ws,
        source: &tree,
        repository: &history.repository,
        record: &history.then,
        code_owners,
        commit: CommitFacts { oid: history.tip, at: history.at },
    };
    build::judged(&origin, &order, &|_, _, _| {}).map(Ok)
}

fn order(pack: &Opened, index: &Index, history: &History) -> Option<Order<'static>> {
    let since = match (&index.since, &index.since_label) {
        (Some(on), Some(label)) => {
            let commit = index.since_commit.as_deref().map(Oid::from_str).transpose().ok()?;
            Some(Since { label: label.clone(), commit, on: on.parse().ok()? })
        }
        _ => None,
    };
    Some(Order {
        stage: Stages::built_in().stages.iter().find(|s| s.id == index.stage)?,
        today: index.today.parse().ok()?,
        since,
        sealed: evidence::sealed(pack, index, history).ok()?,
        signed_with: index.signed_with.clone(),
        exporter: evidence::exporter(pack),
    })
}

fn compared(pack: &Opened, made: &Made) -> (Step, Vec<String>) {
    let apart = apart(pack, made);
    let skipped = |path: &str| apart.iter().any(|part| path.starts_with(part));
    let all: BTreeSet<&String> = pack.files.keys().chain(made.files.keys()).collect();
    let differs = all.into_iter().filter(|p| !manifest::is_own(p) && !skipped(p));
    let details: Vec<String> = differs
        .filter(|path| pack.files.get(*path) != made.files.get(*path))
        .map(|path| format!("{path} is not what smsctl makes of this commit."))
        .collect();
    if !details.is_empty() {
        let summary = format!("{} files differ from the pack as it is made again from its own history", details.len());
        return (Step::failed(TITLE, summary).with(details), Vec::new());
    }
    let mut step = Step::new(TITLE, Outcome::Good, "made again from the history, and the same byte for byte");
    if !apart.is_empty() {
        step.summary += &format!(", except {}, which this build of smsctl cannot make", apart.join(" and "));
        step.outcome = Outcome::Note;
    }
    (step, apart.into_iter().map(str::to_owned).collect())
}

/// What another build of the same version made: with a press, or with a workbook.
fn apart(pack: &Opened, made: &Made) -> Vec<&'static str> {
    let has = |files: &crate::pack::Files, start: &str, end: &str| {
        files.keys().any(|p| p.starts_with(start) && p.ends_with(end))
    };
    let parts = [("audit-pack", ".pdf"), ("registers.xlsx", "")];
    let other = |(start, end): &(&str, &str)| has(&pack.files, start, end) != has(&made.files, start, end);
    parts.into_iter().filter(other).map(|(start, _)| start).collect()
}
