//! `finding-response-overdue`: a finding the certification body waits for an answer to.

use super::cycle::{all_findings, reply_by};
use super::facts::{days_after, filled};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "finding-response-overdue",
    summary: "the answer to a finding of the certification body is due or overdue",
    docs: include_str!("finding_response_overdue.md"),
    level: WARNING,
    clauses: &["10.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[
        RuleOption { name: "response-days", default: 90, about: "days for the answer when the finding names no day" },
        RuleOption { name: "warn-days", default: 14, about: "days before the day from which this reports" },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let grave = |grade: &str| matches!(grade, "major" | "minor");
    for (audit, finding) in all_findings(ctx.ws).filter(|(_, f)| f.str("grade").is_some_and(grave)) {
        if filled(finding.node(), "responded_on") || filled(finding.node(), "verified_on") {
            continue;
        }
        let Some(due) = reply_by(audit, finding) else { continue };
        if ctx.today < days_after(due, -ctx.number(&RULE, "warn-days")) {
            continue;
        }
        let verb = if due < ctx.today { "was" } else { "is" };
        let message = format!(
            "the answer to {} finding {} {verb} due on {due}",
            finding.str("grade").unwrap_or_default(),
            finding.id()
        );
        let problem = RULE.problem(finding.span_of("response_due_on"), message).subject(finding.id());
        out.report(
            problem.help(
                "Send correction, cause and plan to the certification body and write the day into `responded_on`.",
            ),
        );
    }
}
