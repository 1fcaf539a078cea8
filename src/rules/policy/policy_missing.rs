//! `policy-missing`: nobody has written the service management policy, or it does not say that it is one.

use crate::artifact::{Role, role};
use crate::document::{Document, FrontMatter};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::Workspace;

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-missing",
    summary: "no policy claims clause 5.2.1",
    docs: include_str!("policy_missing.md"),
    level: ERROR,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[1],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let ws = ctx.ws;
    if ws.artifacts.is_empty() || ws.service_management_policies().next().is_some() {
        return;
    }
    if may_be_unread(ws) {
        out.not_evaluated("a file that cannot be read may be the service management policy");
        return;
    }
    let mut problem =
        RULE.problem(ws.root_span(), "no policy in use claims clause 5.2.1: there is no service management policy");
    if let Some(old) = ws.of_kind("policy").find(|p| p.claims("5.2.1")) {
        problem = problem.related(old.span_of("status"), format!("{} claims it and is {}", old.id(), old.status()));
    }
    out.report(problem.help(
        "Write one with `smsctl new policy`, or add 5.2.1 to `clauses` of the policy by which top management directs \
         the services.",
    ));
}

fn may_be_unread(ws: &Workspace) -> bool {
    let broken = |d: &Document| match &d.front {
        FrontMatter::Broken { kind, .. } => kind.as_deref().is_none_or(|k| k == "policy") && role(d) == Role::Broken,
        _ => false,
    };
    ws.documents.iter().any(broken) || ws.problems.iter().any(|p| matches!(p.rule, "unreadable-file" | "not-utf8"))
}
