//! `policy-duplicated`: several policies in use say that they are the service management policy.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-duplicated",
    summary: "several policies claim clause 5.2.1",
    docs: include_str!("policy_duplicated.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[1],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut policies = ctx.ws.service_management_policies();
    let Some(first) = policies.next() else { return };
    for other in policies {
        let message = format!("{} claims clause 5.2.1, and so does {}", other.id(), first.id());
        let problem = RULE.problem(other.span_of("clauses"), message).subject(other.id());
        let problem = problem.related(first.span_of("clauses"), "the other claim");
        out.report(problem.help(
            "Keep one service management policy. Set the other to `superseded` or `retired`, or take 5.2.1 from its `clauses` \
             when it is a policy on one topic.",
        ));
    }
}
