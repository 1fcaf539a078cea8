//! `incident-closed-without-resolution`: an incident was closed and nobody wrote what helped.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "incident-closed-without-resolution",
    summary: "an incident is resolved or closed and its resolution is empty",
    docs: include_str!("incident_closed_without_resolution.md"),
    level: WARNING,
    clauses: &["8.6.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for incident in entries(ctx, "incident").filter(|i| matches!(i.str("status"), Some("resolved" | "closed"))) {
        if !has(incident, "resolution") {
            let message = format!("{} is closed, and nothing says what brought the service back", name(incident));
            let problem = problem(&RULE, incident, "status", message);
            out.report(problem.help("Write what was done into `resolution`."));
        }
    }
}
