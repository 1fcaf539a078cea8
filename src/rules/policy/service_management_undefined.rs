//! `service-management-undefined`: readers cannot tell what service management means here.

use super::text::{below, heading_about, is_policy, joined, unfinished};
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-management-undefined",
    summary: "the policy does not say what service management means here",
    docs: include_str!("service_management_undefined.md"),
    level: NOTE,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[15],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Some(words) = lexicon(ctx, policy, "service-management-words", out) else { return };
    let Some(index) = heading_about(policy, words, "section-applicability") else { return };
    let Some(heading) = policy.document().body.headings.get(index) else { return };
    let section = below(policy, index);
    if unfinished(&section) || words.has("service-management-words", &joined(&section)) {
        return;
    }
    let message = format!("\"{}\" does not say what service management means here", heading.text);
    let problem = RULE.problem(heading.span, message).subject(policy.id());
    out.report(
        problem.help(
            "Say what it covers, for example the whole service life cycle, for customers and for internal users.",
        ),
    );
}
