//! `role-bullets-missing`: people cannot read in the policy what it asks of them.

use super::text::{bullets, heading_about, is_policy, title};
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-bullets-missing",
    summary: "the policy does not tell the main roles what it means for them",
    docs: include_str!("role_bullets_missing.md"),
    level: WARNING,
    clauses: &["5.2.2", "7.3"],
    since: "0.1.0",
    requirements: &[98],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Some(words) = lexicon(ctx, policy, "section-roles", out) else { return };
    let Some(heading) = heading_about(policy, words, "section-roles") else {
        report(policy, title(policy), "the policy does not say what it means for each role", out);
        return;
    };
    let bullets: Vec<String> = bullets(policy, heading).iter().map(|b| b.text().to_lowercase()).collect();
    let groups = words.words("role-bullet-groups").iter().map(String::as_str);
    let missing: Vec<&str> = groups.filter(|g| !bullets.iter().any(|b| b.contains(&g.to_lowercase()))).collect();
    if !missing.is_empty() {
        let span = policy.document().body.headings.get(heading).map_or(title(policy), |h| h.span);
        report(policy, span, &format!("no entry of this list speaks to: {}", missing.join(", ")), out);
    }
}

fn report(policy: ArtifactView<'_>, span: Span, message: &str, out: &mut Sink) {
    let problem = RULE.problem(span, message).subject(policy.id());
    out.report(problem.help(
        "Write a section \"What this means for your role\" with one entry for each: If you are a service owner, you must …. \
         The roles that are looked for are the word list `role-bullet-groups`.",
    ));
}
