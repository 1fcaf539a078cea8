//! `version-not-raised`: a draft has the version number of an approved text.

use super::words;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "version-not-raised",
    summary: "a draft has the version number of an approved text",
    docs: include_str!("version_not_raised.md"),
    level: WARNING,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[3],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    let open = |status: &str| matches!(status, "draft" | "in-review");
    for standing in ctx.standings().iter().filter(|s| open(&s.control.status)) {
        let Verdict::Changed(version) = &standing.verdict else { continue };
        let id = &standing.control.id;
        let message = format!(
            "{id} changed since {}, and its version is still {}",
            words::approved(judged, version),
            version.version
        );
        let help = "Raise `version` and add an entry to `changes`: the approved number belongs to the approved words for ever.";
        out.report(RULE.problem(standing.view(ctx.ws).span_of("version"), message).subject(id).help(help));
    }
}
