//! `unread-file`: a file that looks like a part of the SMS and is not read as one.

use std::collections::BTreeMap;

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::Unread;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unread-file",
    summary: "a Markdown file is not read as an artifact",
    docs: include_str!("unread_file.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

/// More than this many files for one reason become one finding.
const SINGLY: usize = 5;

const HELP: &str = "Give it front matter (`smsctl new --list` shows the kinds), or say in smsctl.toml that it is no artifact: \
                    `pages = […]` for a page people read, `exclude = […]` for what does not belong to the SMS.";

const HELP_LINK: &str =
    "Put the file itself in the place of the link, or leave the link out with `exclude = […]` in smsctl.toml.";

const HELP_NESTED: &str = "Check it with `smsctl -C FOLDER check`. To say that it stands here on purpose, name its folder under \
                           `exclude = […]` in smsctl.toml.";

fn help(why: &str) -> &'static str {
    if why.contains("SMS of its own") {
        HELP_NESTED
    } else if why.contains("link") {
        HELP_LINK
    } else {
        HELP
    }
}

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut by_reason: BTreeMap<&str, Vec<&Unread>> = BTreeMap::new();
    for unread in &ctx.ws.unread {
        by_reason.entry(unread.why).or_default().push(unread);
    }
    for (why, files) in by_reason {
        if files.len() > SINGLY {
            let first: Vec<&str> = files.iter().take(3).map(|u| u.path.as_str()).collect();
            let message = format!(
                "{} files are not read as artifacts, each because {why} ({}, …)",
                files.len(),
                first.join(", ")
            );
            let help = help(why)
                .replace("Give it", "Give those you want to control")
                .replace("that it is no artifact", "which are no artifacts");
            out.report(RULE.problem(ctx.ws.root_span(), message).help(help));
            continue;
        }
        for file in files {
            let span = file.span.unwrap_or(ctx.ws.root_span());
            let message = format!("`{}` is not read as an artifact: {why}", file.path);
            out.report(RULE.problem(span, message).help(help(why)));
        }
    }
}
