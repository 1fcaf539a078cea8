//! `scope-note-missing`: the policy does not show how it fits the scope.

use super::text::{below, heading_about, is_policy, joined, limit, unfinished};
use crate::rules::words::{lexicon, listed};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "scope-note-missing",
    summary: "the policy does not show how it matches the scope of the system",
    docs: include_str!("scope_note_missing.md"),
    level: WARNING,
    clauses: &["5.2.1", "4.3"],
    since: "0.1.0",
    requirements: &[72],
    options: &[RuleOption {
        name: "aspects",
        default: 3,
        about: "how many of services, locations, teams, interfaces and customers must be spoken of",
    }],
    check: Check::Artifact(check),
};

const ASPECTS: [(&str, &str); 5] = [
    ("services", "scope-services"),
    ("locations", "scope-locations"),
    ("teams", "scope-teams"),
    ("interfaces", "scope-interfaces"),
    ("customers", "scope-customers"),
];

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) || policy.front().get("scope_alignment").is_some() {
        return;
    }
    let Some(words) = lexicon(ctx, policy, "section-applicability", out) else { return };
    // A policy without such a section is told elsewhere.
    let Some(index) = heading_about(policy, words, "section-applicability") else { return };
    let Some(heading) = policy.document().body.headings.get(index) else { return };
    let section = below(policy, index);
    let text = joined(&section);
    let missing: Vec<&str> =
        ASPECTS.iter().filter(|(_, list)| !words.has(list, &text)).map(|(name, _)| *name).collect();
    if unfinished(&section) || ASPECTS.len() - missing.len() >= limit(ctx, &RULE, "aspects") {
        return;
    }
    let message =
        format!("\"{}\" does not show how the policy matches the scope: nothing on {}", heading.text, listed(&missing));
    let problem = RULE.problem(heading.span, message).subject(policy.id());
    out.report(problem.help(
        "Say in a few lines which services, locations, teams, interfaces and customers the policy covers, or write it into `scope_alignment`.",
    ));
}
