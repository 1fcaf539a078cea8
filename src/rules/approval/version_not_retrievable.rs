//! `version-not-retrievable`: a version that the change history names is nowhere in Git.

use std::collections::BTreeSet;

use crate::history::Change;
use crate::rules::words::same_version;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::trust::Record;

/// The rule.
pub static RULE: Rule = Rule {
    name: "version-not-retrievable",
    summary: "a version that the change history names is nowhere in Git",
    docs: include_str!("version_not_retrievable.md"),
    level: NOTE,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[6],
    options: &[],
    check: Check::History(check),
};

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    for artifact in ctx.ws.artifacts().filter(|a| a.is_approved() && !a.id().is_empty()) {
        let states = record.history.lineages.0.get(artifact.id()).map_or(&[][..], |l| l.states.as_slice());
        let known: BTreeSet<&str> =
            states.iter().filter(|s| s.change != Change::Removed).map(|s| s.head.version.as_str()).collect();
        let entries = artifact.front().list("changes");
        let gone: Vec<_> = entries
            .iter()
            .filter_map(|e| Some((e, e.str("version")?)))
            .filter(|(_, v)| !same_version(v, artifact.version()) && !known.iter().any(|k| same_version(k, v)))
            .collect();
        let Some((first, version)) = gone.first() else { continue };
        let more = match gone.len() - 1 {
            0 => String::new(),
            n => format!(", nor can {n} more"),
        };
        let message = format!("version {version} of {} cannot be found in the history{more}", artifact.id());
        let help = "Earlier versions from before Git can be kept as records. Nothing else has to be done.";
        out.report(RULE.problem(first.span_of("version"), message).subject(artifact.id()).help(help));
    }
}
