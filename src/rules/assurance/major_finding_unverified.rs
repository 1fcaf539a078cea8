//! `major-finding-unverified`: a major finding that endangers the certification.

use super::cycle::{cycles, findings, major_by};
use super::facts::{filled, months_after};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "major-finding-unverified",
    summary: "a major finding of stage 2 is not verified and the time for it runs out",
    docs: include_str!("major_finding_unverified.md"),
    level: ERROR,
    clauses: &["10.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for audit in
        cycles(ctx.ws).flat_map(|c| c.audits().collect::<Vec<_>>()).filter(|a| a.str("stage") == Some("stage-2"))
    {
        let Some(limit) = major_by(audit) else { continue };
        let open =
            |f: &crate::workspace::EntityView<'_>| f.str("grade") == Some("major") && !filled(f.node(), "verified_on");
        for finding in findings(audit).filter(open).filter(|_| months_after(limit, -1) <= ctx.today) {
            let message = format!("major finding {} must be verified by {limit} and is not", finding.id());
            let problem = RULE.problem(finding.span_of("grade"), message).subject(finding.id());
            out.report(problem.help(
                "Send correction, cause and proof of the corrective action to the certification body now. Six months \
                 after the last day of stage 2 the audit has to be held again.",
            ));
        }
    }
}
