//! `roles-disagree`: trust policy, roles register and documents disagree on roles.

use std::collections::BTreeSet;

use super::moment;
use super::trust::file;
use crate::rules::policy::role_without_holder::is_held;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::trust::Judged;
use crate::trust::policy::POLICY_FILE;

/// The rule.
pub static RULE: Rule = Rule {
    name: "roles-disagree",
    summary: "trust policy, roles register and documents disagree on roles",
    docs: include_str!("roles_disagree.md"),
    level: WARNING,
    clauses: &["5.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    let here = file(ctx.ws, POLICY_FILE).map_or_else(|| ctx.ws.root_span(), Span::start_of);
    if ctx.ws.of_type("role").next().is_none() {
        return;
    }
    let top = &judged.policy().top_management;
    for role in named(ctx, judged) {
        let Some(entity) = ctx.ws.entity(role).filter(|e| e.is("role")) else {
            let message = format!("trust/policy.toml speaks of the role {role}, which is not in the roles register");
            let help =
                "Enter the role in the register with its responsibilities, or name another one in the trust policy.";
            out.report(RULE.problem(here, message).subject(role).help(help));
            continue;
        };
        let has_holder = judged.policy().holders(role, moment(ctx)).next().is_some();
        let problem = match (has_holder, is_held(entity, ctx.today)) {
            (true, false) => {
                Some(("holders", format!("{role} has a holder in trust/policy.toml and none in the roles register")))
            }
            (false, true) => {
                Some(("holders", format!("{role} has a holder in the roles register and none in trust/policy.toml")))
            }
            _ => None,
        };
        let (is_top, says_top) = (top.iter().any(|t| t == role), entity.node().bool("top_management") == Some(true));
        let rank = (is_top != says_top).then(|| {
            let (yes, no) = if is_top {
                ("trust/policy.toml", "the roles register")
            } else {
                ("the roles register", "trust/policy.toml")
            };
            ("top_management", format!("{role} is top management in {yes} and not in {no}"))
        });
        for (field, message) in problem.into_iter().chain(rank) {
            let help = "Bring the two in line: the trust policy decides who may approve, the register tells people.";
            out.report(RULE.problem(entity.span_of(field), message).subject(role).help(help));
        }
    }
}

/// Roles that approve: those the rules of the policy name, or the documents they leave it to, and top management.
fn named<'a>(ctx: &'a Ctx<'_>, judged: &'a Judged) -> BTreeSet<&'a str> {
    let rules = judged.policy().rules.iter().flat_map(|r| &r.require).map(|r| r.role.as_str());
    let rules = rules.filter(|role| !role.starts_with('@'));
    let of_documents = ctx.claims_of_approval().flat_map(|standing| {
        let required = judged.rule(&standing.control).map_or(&[][..], |r| r.require.as_slice());
        let (owner, approvers) = (standing.control.owner.as_str(), standing.control.approvers.as_slice());
        required.iter().flat_map(move |r| crate::trust::policy::roles_for(&r.role, owner, approvers))
    });
    let top = judged.policy().top_management.iter().map(String::as_str);
    rules.chain(top).chain(of_documents).filter(|role| !role.is_empty()).collect()
}
