//! `availability-undecided`: nobody decided whether customers and others get the policy.

use super::text::is_policy;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "availability-undecided",
    summary: "the policy does not say whether interested parties get it",
    docs: include_str!("availability_undecided.md"),
    level: WARNING,
    clauses: &["5.2.2"],
    since: "0.1.0",
    requirements: &[81],
    options: &[],
    check: Check::Artifact(check),
};

fn check(_: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) || policy.front().get("availability").is_some() {
        return;
    }
    let message = "the policy does not say whether interested parties get it";
    let problem = RULE.problem(policy.span_of("availability"), message).subject(policy.id());
    out.report(problem.help(
        "Add `availability: public`, `on-request` or `internal` to the front matter, as top management decides.",
    ));
}
