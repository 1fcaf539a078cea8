//! `sod-author-unknown`: it is not known who wrote a document that its author may not approve.

use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sod-author-unknown",
    summary: "it is not known who wrote a document that its author may not approve",
    docs: include_str!("sod_author_unknown.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let Verdict::Approved(version) = &standing.verdict else { continue };
        if version.authors.unknown.is_empty() || !judged.rule(&standing.control).is_some_and(|r| r.not_author) {
            continue;
        }
        let id = &standing.control.id;
        let unknown: Vec<&String> = version.authors.unknown.iter().collect();
        let message = format!("{} changed {id}, and the trust policy does not know who that is", listed(&unknown));
        let help = "Enter the address under `emails` of the person in trust/policy.toml with `smsctl trust`; then it can be told \
                    whether the author approved.";
        out.report(RULE.problem(standing.view(ctx.ws).span_of("version"), message).subject(id).help(help));
    }
}
