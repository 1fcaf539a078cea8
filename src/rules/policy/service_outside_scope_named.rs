//! `service-outside-scope-named`: policy and scope disagree about a service.

use std::collections::BTreeSet;
use std::ops::Range;

use super::text::{body, is_policy, names_in, sentences};
use crate::catalog::Lexicon;
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-outside-scope-named",
    summary: "the policy names a service out of scope, or leaves out one in scope",
    docs: include_str!("service_outside_scope_named.md"),
    level: WARNING,
    clauses: &["4.3", "5.2.1"],
    since: "0.1.0",
    requirements: &[73],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let services = services(policy);
    let Some(words) = lexicon(ctx, policy, "exclusion-words", out) else { return };
    let names: Vec<&str> = services.iter().map(|s| s.label()).collect();
    for passage in body(policy) {
        for sentence in sentences(passage.text()) {
            let text = passage.text().get(sentence.clone()).unwrap_or_default();
            for (index, range) in names_in(text, &names) {
                let found = services.get(index).and_then(|s| Some((s, judge(words, *s, text, &range)?)));
                let Some((service, (message, help))) = found else { continue };
                let place = passage.prose.span(sentence.start + range.start..sentence.start + range.end);
                let problem = RULE.problem(place, message).subject(policy.id()).help(help);
                out.report(problem.related(service.span_of("in_scope"), "the service register"));
            }
        }
    }
}

/// Services of which the register says whether they are in scope; of two with one name the one in scope.
fn services(policy: ArtifactView<'_>) -> Vec<EntityView<'_>> {
    let mut known: Vec<_> = policy.ws.of_type("service").filter(|s| s.node().bool("in_scope").is_some()).collect();
    known.sort_by_key(|s| !in_scope(*s));
    let mut seen = BTreeSet::new();
    known.retain(|s| seen.insert(s.label()));
    known
}

fn in_scope(service: EntityView<'_>) -> bool {
    service.node().bool("in_scope") == Some(true)
}

fn judge(words: &Lexicon, service: EntityView<'_>, text: &str, name: &Range<usize>) -> Option<(String, &'static str)> {
    if !in_scope(service) {
        let spoken_out = words.has("exclusion-words", text) || words.has("absence-words", text);
        let message = format!("{} is named here, but the service register says it is not in scope", service.label());
        let help = "Leave the service out of the policy, say that it is not covered, or bring it into scope.";
        return (!spoken_out).then_some((message, help));
    }
    let excluded = words.hits("exclusion-words", text).into_iter().find(|hit| belongs(text, &hit.range, name))?;
    let word = text.get(excluded.range).unwrap_or(excluded.word);
    let message = format!("{} is in scope, but \"{word}\" leaves it out here", service.label());
    Some((
        message,
        "Let policy and scope say the same: take the exception out, or the service out of scope with its reasons.",
    ))
}

/// The exclusion stands in the same part of the sentence as the name.
fn belongs(text: &str, exclusion: &Range<usize>, name: &Range<usize>) -> bool {
    let (from, to) =
        if exclusion.end <= name.start { (exclusion.end, name.start) } else { (name.end, exclusion.start) };
    text.get(from..to).is_some_and(|between| !between.contains([',', ';', ':', '(', ')']))
}
