//! `requirements-promise-missing`: the policy does not promise to meet the requirements that apply.

use super::text::{Promise, is_policy, promise};
use crate::finding::Severity;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "requirements-promise-missing",
    summary: "no sentence of the policy promises to meet the requirements that apply",
    docs: include_str!("requirements_promise_missing.md"),
    level: ERROR,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[17],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    match promise(ctx, policy, "applicable-requirements", "requirements-promise-patterns") {
        Promise::Missing(span) => {
            let problem = RULE
                .problem(span, "no sentence here promises to meet the requirements that apply")
                .subject(policy.id());
            out.report(problem.help("Add one in plain words, such as: we will meet all applicable requirements."));
        }
        Promise::Unreadable(span) => {
            let message = "smsctl cannot read in the language of this policy whether it promises to meet requirements";
            let problem = RULE.problem(span, message).subject(policy.id()).severity(Severity::Note);
            out.report(problem.help(
                "Read it yourself, or give patterns for the language: `requirements-promise-patterns` in smsctl.toml.",
            ));
        }
        Promise::Open | Promise::Given(_) => {}
    }
}
