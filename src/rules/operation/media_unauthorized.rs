//! `media-unauthorized`: a master in live use that nobody checked or allowed.

use super::facts::{entries, has, name, problem};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "media-unauthorized",
    summary: "an approved item of the media library lacks its checksum, its authorization or the release or change behind it",
    docs: include_str!("media_unauthorized.md"),
    level: WARNING,
    clauses: &["8.5.3", "8.2.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for item in entries(ctx, "media-item").filter(|i| i.str("status") == Some("approved")) {
        let mut lacking: Vec<&str> = Vec::new();
        lacking.extend((!has(item, "checksum")).then_some("`checksum`"));
        lacking.extend((!has(item, "authorized_by")).then_some("`authorized_by`"));
        let behind = has(item, "release_ref") || has(item, "change_ref");
        lacking.extend((!behind).then_some("`release_ref` or `change_ref`"));
        if !lacking.is_empty() {
            let message = format!("{} is approved and lacks {}", name(item), listed(&lacking));
            out.report(problem(&RULE, item, "status", message).help(
                "Compare the checksum with that of the maker, have the item authorized, and name the release or change \
                 behind it; until then its status is `in-test`.",
            ));
        }
    }
}
