//! `approver-authority-narrow`: the approvers may not speak for everything in scope.

use super::leadership::approvers;
use super::text::is_policy;
use crate::rules::words::{a_few, listed};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approver-authority-narrow",
    summary: "the approvers have no authority for some services in scope",
    docs: include_str!("approver_authority_narrow.md"),
    level: WARNING,
    clauses: &["5.1", "5.3"],
    since: "0.1.0",
    requirements: &[27],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let approvers = approvers(policy);
    let scope: Vec<&str> = approvers.iter().flat_map(|r| r.node().texts("scope")).map(|(s, _)| s).collect();
    if scope.is_empty() || scope.contains(&"sms") {
        return;
    }
    let in_scope = policy.ws.of_type("service").filter(|s| s.node().bool("in_scope") == Some(true) && !s.is_retired());
    let beyond: Vec<&str> = in_scope.filter(|s| !scope.contains(&s.id())).map(EntityView::label).collect();
    if beyond.is_empty() {
        return;
    }
    let who: Vec<&str> = approvers.iter().map(|r| r.label()).collect();
    let message = format!("{} may not speak for {}, which the scope holds too", listed(&who), a_few(&beyond));
    let mut problem = RULE.problem(policy.span_of("approvers"), message).subject(policy.id());
    for role in &approvers {
        problem = problem.related(role.span_of("scope"), format!("authority of {}", role.label()));
    }
    out.report(problem.help(
        "Add an approver whose `scope` in the roles register is `sms`, or those who answer for the other services.",
    ));
}
