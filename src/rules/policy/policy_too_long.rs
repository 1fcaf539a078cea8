//! `policy-too-long`: a policy so long that nobody reads it.

use super::text::{body, is_policy, limit, title};
use crate::finding::Severity;
use crate::rules::words::count_words;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-too-long",
    summary: "the service management policy is too long to give direction",
    docs: include_str!("policy_too_long.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[7],
    options: &[
        RuleOption { name: "warn-words", default: 1200, about: "more words than this give a warning" },
        RuleOption {
            name: "error-words",
            default: 2000,
            about: "more words than this give an error once the policy is approved",
        },
    ],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let words: usize = body(policy).iter().map(|p| count_words(p.text())).sum();
    let (warn, error) = (limit(ctx, &RULE, "warn-words"), limit(ctx, &RULE, "error-words"));
    let bound = if words > error { error } else { warn };
    if words <= bound {
        return;
    }
    let message = format!("the policy has {words} words, more than {bound}");
    let mut problem = RULE.problem(title(policy), message).subject(policy.id());
    if words > error && policy.is_approved() {
        problem = problem.severity(Severity::Error);
    }
    out.report(problem.help(
        "Keep the direction here, and move what tells people how to work to processes and procedures that it links.",
    ));
}
