//! `file-names-alike`: two files have names that some systems take for one.

use std::collections::BTreeMap;

use crate::rules::words::{folded, listed};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::{FileId, Span};

/// The rule.
pub static RULE: Rule = Rule {
    name: "file-names-alike",
    summary: "two files have names that some systems take for one",
    docs: include_str!("file_names_alike.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut alike: BTreeMap<String, Vec<(u32, &str)>> = BTreeMap::new();
    for (index, file) in (0..).zip(ctx.ws.sources.files()) {
        alike.entry(folded(&file.path)).or_default().push((index, &file.path));
    }
    for files in alike.values().filter(|files| files.len() > 1) {
        let [(_, _), (index, _), ..] = files.as_slice() else { continue };
        let paths: Vec<String> = files.iter().map(|(_, path)| format!("`{path}`")).collect();
        let message =
            format!("the files {} differ only in capital letters or in the form of their characters", listed(&paths));
        let help = "On Windows and macOS only one of them can be there, so what was approved may be replaced by the other. \
                    Rename one: `git mv`.";
        out.report(RULE.problem(Span::start_of(FileId(*index)), message).help(help));
    }
}
