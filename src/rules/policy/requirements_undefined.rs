//! `requirements-undefined`: the policy promises to meet requirements and does not say of which kinds.

use super::text::{around, is_policy, joined, kinds, limit, located, unfinished};
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, RuleOption, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "requirements-undefined",
    summary: "the policy does not say what kinds of requirement apply",
    docs: include_str!("requirements_undefined.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[18],
    options: &[RuleOption { name: "kinds", default: 2, about: "how many kinds of source must be named" }],
    check: Check::Artifact(check),
};

const PATTERNS: &str = "requirement-kind-patterns";

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Some(first) = located(policy, "applicable-requirements").first().map(|p| p.span) else { return };
    let Some(words) = lexicon(ctx, policy, PATTERNS, out) else { return };
    let section = around(policy, first);
    let wanted = limit(ctx, &RULE, "kinds");
    let found = kinds(words, PATTERNS, &joined(&section));
    if unfinished(&section) || found >= wanted {
        return;
    }
    let message = match found {
        0 => "the policy does not say which requirements apply".to_owned(),
        _ => format!("the policy names only {found} of the kinds that requirements come from, {wanted} are wanted"),
    };
    let problem = RULE.problem(first, message).subject(policy.id());
    out.report(problem.help(
        "Name the kinds of source in this section: contracts and SLAs, customer requirements, laws and regulations, internal \
         policies; and link the obligations register.",
    ));
}
