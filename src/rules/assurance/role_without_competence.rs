//! `role-without-competence`: the owner of a process whose competence nobody judged.

use super::facts::{current, in_use, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-without-competence",
    summary: "a role that owns a process has no line in the competence register",
    docs: include_str!("role_without_competence.md"),
    level: WARNING,
    clauses: &["7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "competence") {
        return;
    }
    let judged: Vec<_> = current(ctx.ws, "competence").flat_map(|row| row.refs("role_ref")).collect();
    let mut owners: Vec<_> = Vec::new();
    for process in current(ctx.ws, "process") {
        for role in process.refs("owner").filter(|r| !r.is_retired() && !judged.contains(r)) {
            if !owners.contains(&role) {
                owners.push(role);
            }
        }
    }
    for role in owners {
        let message = format!("{} owns a process and has no line in the competence register", named(role));
        let problem = RULE.problem(role.span(), message).subject(role.id());
        out.report(problem.help(
            "Decide which skills the role needs and at which level, judge its holders, and enter a line for each.",
        ));
    }
}
