//! `owner-not-executive`: somebody without the power to direct owns the policy.

use super::leadership::{is_top, only_grc, owner};
use super::text::is_policy;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "owner-not-executive",
    summary: "the owner of the service management policy is no executive",
    docs: include_str!("owner_not_executive.md"),
    level: WARNING,
    clauses: &["5.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[24],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) || only_grc(policy) {
        return;
    }
    let Some(owner) = owner(policy) else { return };
    let Some(function) = owner.str("function").filter(|f| *f != "executive" && !is_top(owner)) else { return };
    let message = format!("the policy is owned by {} (function {function}), who is no executive", owner.label());
    let problem = RULE.problem(policy.span_of("owner"), message).subject(policy.id());
    let problem = problem.related(owner.span_of("function"), "the role in the register");
    out.report(problem.help("Make an executive accountable; others may write the text and keep it."));
}
