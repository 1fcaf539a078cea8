//! `vague-commitment`: a commitment uses a word that nobody can measure.

use super::promise::{Promise, promises};
use crate::finding::Severity;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "vague-commitment",
    summary: "a commitment uses a word that cannot be turned into an objective",
    docs: include_str!("vague_commitment.md"),
    level: WARNING,
    clauses: &["5.2.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[36],
    options: &[],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    for promise in promises(ctx, policy, &["vague-terms"], out) {
        for range in promise.blemishes_of(ctx, "vague-terms") {
            let word = promise.text(&range);
            let message = format!("\"{word}\" in {} cannot be turned into an objective", promise.id());
            let praise = ctx.words.words("praise-terms").iter().any(|w| w.eq_ignore_ascii_case(word));
            let problem = promise.problem(&RULE, &range, message).help(help(&promise, praise));
            // No target will ever give praise a meaning: in an approved policy it is a promise nobody can be held to.
            let grave = praise && policy.is_approved();
            out.report(if grave { problem.severity(Severity::Error) } else { problem });
        }
    }
}

fn help(promise: &Promise<'_>, praise: bool) -> String {
    let say = "Say instead what will be defined, controlled, restored, measured or kept, with a number, a date or a link \
               to where the target stands.";
    if praise {
        return say.to_owned();
    }
    format!("{say} Or let an objective with a target name the commitment (`commitment_refs: [{}]`).", promise.id())
}
