//! `improvement-promise-missing`: the policy does not promise continual improvement.

use super::text::{Promise, is_policy, promise};
use crate::finding::Severity;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-promise-missing",
    summary: "no sentence of the policy promises continual improvement",
    docs: include_str!("improvement_promise_missing.md"),
    level: ERROR,
    clauses: &["5.2.1", "10.2"],
    since: "0.1.0",
    requirements: &[19],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    match promise(ctx, policy, "continual-improvement", "improvement-promise-patterns") {
        Promise::Missing(span) => {
            let problem = RULE.problem(span, "no sentence here promises continual improvement").subject(policy.id());
            out.report(problem.help("Add one in plain words, such as: we will continually improve the service management system and the services."));
        }
        Promise::Unreadable(span) => {
            let message = "smsctl cannot read in the language of this policy whether it promises continual improvement";
            let problem = RULE.problem(span, message).subject(policy.id()).severity(Severity::Note);
            out.report(problem.help(
                "Read it yourself, or give patterns for the language: `improvement-promise-patterns` in smsctl.toml.",
            ));
        }
        Promise::Open | Promise::Given(_) => {}
    }
}
