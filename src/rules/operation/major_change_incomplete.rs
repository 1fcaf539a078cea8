//! `major-change-incomplete`: a major change without plan, design or acceptance.

use super::facts::{entries, has, is_approved, name, problem};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "major-change-incomplete",
    summary: "a major change lacks the plan, the design or the acceptance that its state asks for",
    docs: include_str!("major_change_incomplete.md"),
    level: ERROR,
    clauses: &["8.5.2.1", "8.5.2.2", "8.5.2.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| is_major(*c) && is_approved(*c)) {
        let lacking: Vec<&str> = wanted(change).into_iter().filter(|field| !has(change, field)).collect();
        if !lacking.is_empty() {
            let quoted: Vec<String> = lacking.iter().map(|f| format!("`{f}`")).collect();
            let message = format!("{} is a major change and lacks {}", name(change), listed(&quoted));
            out.report(problem(&RULE, change, "category", message).help(
                "Name the documents with the plan, the design and the acceptance; one change file may hold all three.",
            ));
        }
    }
}

/// An emergency has no time for plan and design; its review asks the questions.
fn is_major(change: EntityView<'_>) -> bool {
    match change.str("category") {
        Some("major") => true,
        Some("emergency") => false,
        _ => change.node().bool("major_impact") == Some(true),
    }
}

fn wanted(change: EntityView<'_>) -> Vec<&'static str> {
    let mut wanted = vec!["plan_ref"];
    if has(change, "implemented_on") {
        let leaves = matches!(change.str("kind"), Some("service-removal" | "service-transfer"));
        wanted.extend((!leaves).then_some("design_ref"));
        wanted.push("acceptance_ref");
    }
    wanted
}
