//! `sample-not-representative`: a sample that does not stand for all users, without a reason.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sample-not-representative",
    summary: "a measurement of satisfaction does not stand for all customers and nobody says why",
    docs: include_str!("sample_not_representative.md"),
    level: WARNING,
    clauses: &["8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for run in current(ctx.ws, "satisfaction") {
        let Some(sample) = run.node().get("sample") else { continue };
        let (field, message) = match (sample.bool("representative"), sample.number("answered")) {
            (Some(true), Some(answered)) if answered < 1.0 => {
                ("answered", "nobody answered, yet the sample counts as representative")
            }
            (Some(false), _) if !filled(sample, "reason") => {
                ("representative", "the sample is not representative, and no reason is given")
            }
            _ => continue,
        };
        let problem = RULE.problem(sample.span_of(field), format!("{}: {message}", named(run))).subject(run.id());
        out.report(problem.help(
            "Say in `reason` why the answers do not stand for all and what is done about it in the next run, or draw \
             the sample anew.",
        ));
    }
}
