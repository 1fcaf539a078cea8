//! `minor-finding-open`: a minor finding that outlived the next audit.

use super::cycle::{all_findings, cycles, last_day};
use super::facts::filled;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "minor-finding-open",
    summary: "a minor finding of the certification body was not verified in the next audit",
    docs: include_str!("minor_finding_open.md"),
    level: ERROR,
    clauses: &["10.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let held: Vec<_> = cycles(ctx.ws).flat_map(|c| c.audits().collect::<Vec<_>>()).filter_map(last_day).collect();
    for (audit, finding) in all_findings(ctx.ws).filter(|(_, f)| f.str("grade") == Some("minor")) {
        if filled(finding.node(), "verified_on") {
            continue;
        }
        let Some(raised) = last_day(audit) else { continue };
        let Some(next) = held.iter().filter(|on| **on > raised && **on <= ctx.today).min() else { continue };
        let message =
            format!("minor finding {} of {raised} was not verified in the audit that ended on {next}", finding.id());
        let problem = RULE.problem(finding.span_of("grade"), message).subject(finding.id());
        out.report(problem.help(
            "Write the day into `verified_on` when the body verified it. Otherwise ask the body what it expects: an open \
             minor finding may become a major one.",
        ));
    }
}
