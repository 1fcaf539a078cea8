//! `improvement-one-sided`: improvement is promised for the system or for the services, not for both.

use super::text::{Promise, is_policy, joined, promise, unfinished};
use crate::catalog::Lexicon;
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-one-sided",
    summary: "continual improvement is not promised for both the system and the services",
    docs: include_str!("improvement_one_sided.md"),
    level: WARNING,
    clauses: &["5.2.1", "10.2"],
    since: "0.1.0",
    requirements: &[20],
    options: &[],
    check: Check::Artifact(check),
};

const SYSTEM: &str = "improvement-sms-words";
const SERVICES: &str = "improvement-service-words";

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let Promise::Given(passages) = promise(ctx, policy, "continual-improvement", "improvement-promise-patterns") else {
        return;
    };
    let text = joined(&passages);
    let Some(first) = passages.first().filter(|_| !unfinished(&passages)) else { return };
    let Some(words) = lexicon(ctx, policy, SYSTEM, out) else { return };
    let (system, services) = (words.has(SYSTEM, &text), words.has(SERVICES, &without_system(words, &text)));
    let message = match (system, services) {
        (true, true) => return,
        (true, false) => "improvement is promised for the service management system only, not for the services",
        (false, true) => "improvement is promised for the services only, not for the service management system",
        (false, false) => "improvement is promised, but of what is not said",
    };
    let problem = RULE.problem(first.span, message).subject(policy.id());
    out.report(
        problem.help(
            "Name both in the sentence that promises improvement: the service management system and the services.",
        ),
    );
}

/// The text without the words for the system, which may hold the word for a service.
fn without_system(words: &Lexicon, text: &str) -> String {
    let mut rest = String::new();
    let mut from = 0;
    for hit in words.hits(SYSTEM, text) {
        rest.push_str(text.get(from..hit.range.start).unwrap_or_default());
        from = hit.range.end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest
}
