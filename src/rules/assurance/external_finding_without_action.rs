//! `external-finding-without-action`: an external finding without nonconformity, improvement or decision.

use super::cycle::all_findings;
use super::facts::filled;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "external-finding-without-action",
    summary: "a finding of the certification body leads to nothing",
    docs: include_str!("external_finding_without_action.md"),
    level: WARNING,
    clauses: &["10.1.2", "10.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for (_, finding) in all_findings(ctx.ws) {
        let has = |field: &str| filled(finding.node(), field);
        let message = match finding.str("grade") {
            Some(grade @ ("major" | "minor")) if !has("nc_ref") => {
                format!("{grade} finding {} has no nonconformity", finding.id())
            }
            Some(grade @ ("observation" | "opportunity"))
                if !has("decision") && !has("improvement_ref") && !has("nc_ref") =>
            {
                format!("nothing was decided on {grade} {}", finding.id())
            }
            _ => continue,
        };
        let problem = RULE.problem(finding.span_of("grade"), message).subject(finding.id());
        out.report(problem.help(
            "A major or minor finding gets a nonconformity (`nc_ref`) with correction, cause and corrective action. An \
             observation or opportunity gets a `decision`, also when it is not taken up, or an improvement.",
        ));
    }
}
