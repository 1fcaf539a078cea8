//! `organization-placeholder`: the name of a template's imaginary organization.

use super::leftovers::{holds_blanks, leftovers};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "organization-placeholder",
    summary: "the organization still has the name a template gave it",
    docs: include_str!("organization_placeholder.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[90],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if holds_blanks(artifact) {
        return;
    }
    let own = ctx.ws.config.organization.to_lowercase();
    for left in leftovers(ctx, artifact, "organization-placeholder") {
        if is_part(&left.text.to_lowercase(), &own) {
            continue;
        }
        let problem = RULE.problem(left.span, format!("\"{}\" stands for the name of an organization", left.text));
        let help = format!("Put the real name in its place; yours is {} by smsctl.toml.", ctx.ws.config.organization);
        out.report(problem.subject(artifact.id()).help(help));
    }
}

/// Whether a placeholder, or its first word, is a word of the organization's own name.
fn is_part(placeholder: &str, own: &str) -> bool {
    let first = placeholder.split_whitespace().next().unwrap_or_default();
    own.contains(placeholder) || own.split(|c: char| !c.is_alphanumeric()).any(|w| w == first)
}
