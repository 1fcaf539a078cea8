//! `change-self-approved`: somebody decided on a change of their own.

use super::facts::{entries, follows_model, is_approved, name, part};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::schema::is_to_do;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-self-approved",
    summary: "a change was approved by a role that asked for it or carries it out",
    docs: include_str!("change_self_approved.md"),
    level: WARNING,
    clauses: &["8.5.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| is_approved(*c) && !follows_model(*c)) {
        let parts = ["requested_by", "implemented_by"];
        let own = |role: &str| parts.into_iter().find(|f| change.node().texts(f).any(|(other, _)| other == role));
        let approvers = part(change, "approval").into_iter().flat_map(|a| a.texts("by"));
        let found =
            approvers.filter(|(role, _)| !is_to_do(role)).find_map(|(role, span)| Some((role, span, own(role)?)));
        if let Some((role, span, field)) = found {
            let did = if field == "requested_by" { "asked for it" } else { "carries it out" };
            let message = format!("{} was approved by `{role}`, who {did}", name(change));
            let problem = RULE.problem(span, message).subject(change.id());
            out.report(problem.help("Let somebody decide who neither asked for the change nor carries it out."));
        }
    }
}
