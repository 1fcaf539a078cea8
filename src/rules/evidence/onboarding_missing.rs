//! `onboarding-missing`: newcomers are not led to the policy.

use super::facts::{mentions, policy_in_force};
use crate::rules::words::{lexicon, listed};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "onboarding-missing",
    summary: "no onboarding or training material leads to the policy and says what it means for a role",
    docs: include_str!("onboarding_missing.md"),
    level: WARNING,
    clauses: &["7.3", "5.2.2"],
    since: "0.1.0",
    requirements: &[78],
    options: &[],
    check: Check::Workspace(check),
};

/// Kinds of document people are taught with; `training` is a common kind of one's own.
const KINDS: [&str; 3] = ["presentation", "guideline", "training"];

/// The two notes material must hold: the pattern list that finds each, and its name.
const NOTES: [(&str, &str); 2] =
    [("where-to-find-patterns", "where to find the policy"), ("role-note-patterns", "what it means for a role")];

const HELP: &str = "Give newcomers a short text that links the policy, and says where to find it and what it means for \
                    their role.";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = policy_in_force(ctx) else { return };
    let material = material(ctx, policy);
    if material.is_empty() {
        let message = format!("no onboarding or training material refers to the policy {}", policy.id());
        out.report(RULE.problem(policy.span(), message).subject(policy.id()).help(HELP));
        return;
    }
    let mut unread = Sink::default();
    let readable = |a: &ArtifactView<'_>| NOTES.iter().all(|(list, _)| lexicon(ctx, *a, list, &mut unread).is_some());
    let read: Vec<_> = material.into_iter().filter(readable).collect();
    let best = read.into_iter().map(|a| (a, lacking(ctx, a))).min_by_key(|(_, lacking)| lacking.len());
    match best {
        Some((_, lacking)) if lacking.is_empty() => {}
        // What is written in another language may say it.
        _ if !unread.not_evaluated.is_empty() => out.not_evaluated.append(&mut unread.not_evaluated),
        Some((artifact, lacking)) => {
            let message = format!("the material on the policy does not say {}", listed(&lacking));
            out.report(RULE.problem(artifact.span(), message).subject(artifact.id()).help(HELP));
        }
        None => {}
    }
}

/// Whether some material leads to the policy and holds both notes.
pub(super) fn is_in_place(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    material(ctx, policy).into_iter().any(|a| lacking(ctx, a).is_empty())
}

/// Documents people are taught with that lead to the policy, and documents an onboarding or training was about.
fn material<'a>(ctx: &Ctx<'a>, policy: ArtifactView<'a>) -> Vec<ArtifactView<'a>> {
    let teaches = |a: &ArtifactView<'_>| KINDS.contains(&a.kind()) && a.is_current() && mentions(*a, policy);
    let mut out: Vec<_> = ctx.ws.artifacts().filter(teaches).collect();
    let taught = ctx.ws.of_type("communication-evidence");
    let taught = taught.filter(|e| matches!(e.str("type"), Some("onboarding" | "training")));
    let subjects = taught.flat_map(|e| e.refs("subject_ref")).map(EntityView::artifact);
    out.extend(subjects.filter(|a| a.is_current() && (a.ix == policy.ix || mentions(*a, policy))));
    out
}

fn lacking(ctx: &Ctx<'_>, artifact: ArtifactView<'_>) -> Vec<&'static str> {
    let body = artifact.text().get(artifact.document().front.body_start()..).unwrap_or_default();
    let says = |list: &str| ctx.words.patterns(list).iter().any(|pattern| pattern.is_match(body));
    NOTES.into_iter().filter(|(list, _)| !says(list)).map(|(_, note)| note).collect()
}
