//! `raid-entry-overdue`: an open entry of a RAID log past its day.

use super::facts::{current, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "raid-entry-overdue",
    summary: "an open risk, assumption, issue or dependency of a project is past its day",
    docs: include_str!("raid_entry_overdue.md"),
    level: WARNING,
    clauses: &["8.5.2.1", "6.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let open = |status: &str| matches!(status, "open" | "in-progress");
    for entry in current(ctx.ws, "raid").filter(|e| e.str("status").is_some_and(open)) {
        let Some(due) = entry.date("due_on").filter(|due| *due < ctx.today) else { continue };
        let message = format!("the {} {} was due on {due}", entry.str("type").unwrap_or("entry"), named(entry));
        let problem = RULE.problem(entry.span_of("due_on"), message).subject(entry.id());
        out.report(
            problem.help("Close it, agree on a new day, or take it to the board and note that in `escalated_to`."),
        );
    }
}
