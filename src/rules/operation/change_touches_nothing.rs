//! `change-touches-nothing`: a change that says neither which service nor which item it touches.

use super::facts::{entries, has, is_cancelled, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-touches-nothing",
    summary: "a change names no service and no configuration item",
    docs: include_str!("change_touches_nothing.md"),
    level: WARNING,
    clauses: &["8.5.1.2", "8.2.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let of_papers = |c: &EntityView<'_>| matches!(c.str("kind"), Some("sms-change" | "document-change"));
    for change in entries(ctx, "change").filter(|c| !of_papers(c) && !is_cancelled(*c)) {
        if !has(change, "service_refs") && !has(change, "ci_refs") {
            let message = format!("{} names no service and no configuration item", name(change));
            let problem = problem(&RULE, change, "id", message);
            out.report(problem.help("Name what it touches in `service_refs` and `ci_refs`."));
        }
    }
}
