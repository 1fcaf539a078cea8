//! `purpose-copies-mission`: the purpose of the services is the mission of the company, pasted in.

use super::text::{below, heading_about, is_policy, joined, limit, located, unfinished};
use crate::rules::similarity::similarity;
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "purpose-copies-mission",
    summary: "the service purpose repeats the corporate mission",
    docs: include_str!("purpose_copies_mission.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[14],
    options: &[RuleOption { name: "percent", default: 80, about: "the share of the text that may be the same" }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let passages = located(policy, "purpose-fit");
    let Some(first) = passages.first().map(|p| p.span) else { return };
    let Some((context, heading)) = mission(ctx, policy, out) else { return };
    let mission = below(context, heading);
    if mission.is_empty() || unfinished(&mission) || unfinished(&passages) {
        return;
    }
    let mission = joined(&mission);
    let texts = passages.iter().map(|p| p.text().to_owned()).chain([joined(&passages)]);
    let most = texts.map(|text| similarity(&text, &mission)).fold(0.0, f64::max);
    if most * 100.0 > f64::from(u32::try_from(limit(ctx, &RULE, "percent")).unwrap_or(u32::MAX)) {
        let problem = RULE.problem(first, "the service purpose repeats the corporate mission").subject(policy.id());
        let place = context.document().body.headings.get(heading).map_or(context.span(), |h| h.span);
        out.report(
            problem.related(place, "the mission").help(
                "Translate the mission into what the services do: which work of which customers they keep going.",
            ),
        );
    }
}

/// The section of the scope statement that holds the mission.
fn mission<'a>(ctx: &Ctx<'_>, policy: ArtifactView<'a>, out: &mut Sink) -> Option<(ArtifactView<'a>, usize)> {
    let mut contexts = policy.ws.of_kind("context").filter(|c| c.is_current()).peekable();
    contexts.peek()?;
    let words = lexicon(ctx, policy, "section-mission", out)?;
    contexts.find_map(|c| heading_about(c, words, "section-mission").map(|heading| (c, heading)))
}
