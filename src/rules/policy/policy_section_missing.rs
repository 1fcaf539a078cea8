//! `policy-section-missing`: a usual section of the service management policy is not there.

use super::text::{heading_about, is_policy, title};
use crate::rules::words::{lexicon, listed};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-section-missing",
    summary: "the service management policy lacks a section that readers look for",
    docs: include_str!("policy_section_missing.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[9],
    options: &[],
    check: Check::Artifact(check),
};

/// What the section is about, the words of its heading, and the element of 5.2.1 that stands for it.
const TOPICS: [(&str, &str, &str); 7] = [
    ("intent", "section-intent", "purpose-fit"),
    ("applicability", "section-applicability", ""),
    ("objectives", "section-objectives", "objectives-framework"),
    ("applicable requirements", "section-requirements", "applicable-requirements"),
    ("continual improvement", "section-improvement", "continual-improvement"),
    ("ownership and approval", "section-ownership", ""),
    ("review", "section-review", ""),
];

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Some(words) = lexicon(ctx, policy, "section-review", out) else { return };
    let placed = |element: &str| policy.front().get("elements").is_some_and(|e| e.get(element).is_some());
    let missing = |t: &&(_, &str, &str)| !placed(t.2) && heading_about(policy, words, t.1).is_none();
    let missing: Vec<&str> = TOPICS.iter().filter(missing).map(|t| t.0).collect();
    if missing.is_empty() {
        return;
    }
    let noun = if missing.len() == 1 { "section" } else { "sections" };
    let message = format!("the policy has no {noun} on {}", listed(&missing));
    let problem = RULE.problem(title(policy), message).subject(policy.id());
    out.report(problem.help(
        "Give each topic a heading that names it, or say under `elements` in the front matter where an element stands.",
    ));
}
