//! `major-incident-unrecorded`: a major incident without the record that its procedure asks for.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "major-incident-unrecorded",
    summary: "an incident is marked as major and no entry of the major incidents register names it",
    docs: include_str!("major_incident_unrecorded.md"),
    level: WARNING,
    clauses: &["8.6.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for incident in entries(ctx, "incident").filter(|i| i.node().bool("major") == Some(true)) {
        let named = has(incident, "major_incident_ref");
        if !named && incident.referrers_by("major-incident", "incident_refs").next().is_none() {
            let message = format!("{} was a major incident, and no record of it is named", name(incident));
            out.report(problem(&RULE, incident, "major", message).help(
                "Open an entry in the major incidents register (`smsctl new register major-incidents`) and name it in \
                 `major_incident_ref`.",
            ));
        }
    }
}
